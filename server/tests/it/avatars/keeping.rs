use super::files::{kept, path_of, png, send, shaded};
use crate::support::World;
use crate::support::database::Value as Bound;
use crate::support::world::config;
use serde_json::json;
use std::time::Duration;
use tokio::runtime::Handle;

const OURS: &str = "/organizations/acme/avatar";
const MINE: &str = "/users/@me/avatar";
const HOUR: Duration = Duration::from_secs(60 * 60);

on_each_database!(
    async fn a_picture_stays_as_long_as_somebody_has_it(world: World) {
        for shade in 0..10 {
            send(&world.ben, OURS, &shaded(shade)).await.expect(200);
            assert_eq!(kept(&world).len(), 1);
        }
        let same = path_of(&world, &send(&world.cy, MINE, &shaded(9)).await);
        assert_eq!((kept(&world).len(), world.count("pictures").await), (1, 1));

        world.ben.delete(OURS).await.expect(204);
        world.anon.get(&same).await.expect(200);
        send(&world.cy, MINE, &shaded(50)).await.expect(200);
        assert_eq!(world.anon.get(&same).await.refusal(), (404, "not_found"));
        assert_eq!((kept(&world).len(), world.count("pictures").await), (1, 1));
    }
);

on_each_database!(
    async fn many_who_change_their_pictures_at_once_keep_the_last(world: World) {
        let people = [&world.ada, &world.ben, &world.cy, &world.bil];
        for round in 0..3 {
            let uploads = people.iter().enumerate().map(|(at, person)| {
                let (person, shade) = ((*person).clone(), u8::try_from((at + round) % 2).expect("small"));
                tokio::spawn(async move { send(&person, MINE, &shaded(shade)).await })
            });
            for upload in uploads.collect::<Vec<_>>() {
                let reply = upload.await.expect("an answer");
                // In the moment in which the same picture is being removed one has to come again.
                assert!([200, 503].contains(&reply.status), "{}", reply.text);
            }
        }
        for person in people {
            send(person, MINE, &shaded(99)).await.expect(200);
            assert_eq!(person.get(MINE).await.header("content-type"), "image/png");
        }
        world.advance(HOUR + HOUR);
        world.app.tidy().await.expect("housekeeping");
        assert_eq!((kept(&world).len(), world.count("pictures").await), (1, 1));
    }
);

on_each_database!(
    async fn a_picture_goes_with_its_organization_and_its_person(world: World) {
        send(&world.ada, OURS, &png(16, 16)).await.expect(200);
        send(&world.cy, MINE, &shaded(3)).await.expect(200);
        world.pat.delete("/admin/organizations/acme?confirm=acme&purge=true").await.expect(204);
        world.cy.delete("/users/@me").await.expect(202);
        assert_eq!(world.database.number("select count(*) from pictures where uses > 0").await, 0);
        world.app.tidy().await.expect("housekeeping");
        assert!(kept(&world).is_empty());
    }
);

on_each_database!(
    async fn a_picture_from_elsewhere_takes_its_place(world: World) {
        let path = path_of(&world, &send(&world.ada, OURS, &png(16, 16)).await);
        let org = world.ada.get("/organizations/acme").await;
        // What was read and is sent back changes nothing, though the address is none that could be given.
        let same = json!({ "name": "Acme Wheels", "avatar_url": org.body["avatar_url"] });
        world.ada.patch("/organizations/acme", same).await.expect(200);
        world.anon.get(&path).await.expect(200);

        let elsewhere = json!({ "avatar_url": "https://e.test/a.png" });
        let changed = world.ada.patch("/organizations/acme", elsewhere).await;
        assert_eq!(changed.expect(200)["icon_url"], "https://e.test/a.png");
        assert_eq!(world.anon.get(&path).await.refusal(), (404, "not_found"));
        assert_eq!(world.ada.get(OURS).await.header("content-type"), "image/svg+xml");
        let again = path_of(&world, &send(&world.ada, OURS, &png(16, 16)).await);
        assert_eq!(again, path);
        world.anon.get(&path).await.expect(200);
    }
);

on_each_database!(
    async fn what_a_crash_leaves_behind_is_found(world: World) {
        // Announced and put into the store, and then nobody got it.
        let path = path_of(&world, &send(&world.cy, MINE, &shaded(1)).await);
        let digest = path.rsplit('/').next().expect("a digest").to_owned();
        world.database.execute("update users set avatar_digest = null, avatar_url = null", &[]).await;
        let due = format!("update pictures set uses = 0, due_at = {}", i64::MAX >> 11);
        world.database.execute(&due, &[]).await;
        world.app.tidy().await.expect("housekeeping");
        assert_eq!(kept(&world).len(), 1);
        world.database.execute("update pictures set due_at = 0", &[]).await;
        world.app.tidy().await.expect("housekeeping");
        assert!(kept(&world).is_empty());

        // While one is being removed it is given to nobody.
        let now = "insert into pictures (digest, due_at, removed_since) values ($1, 0, 9007199254740991)";
        world.database.execute(now, &[Bound::Text(digest)]).await;
        assert_eq!(send(&world.cy, MINE, &shaded(1)).await.refusal(), (503, "service_unavailable"));
        world.database.execute("update pictures set removed_since = 0", &[]).await;
        world.app.tidy().await.expect("housekeeping");
        send(&world.cy, MINE, &shaded(1)).await.expect(200);
        // A file that is damaged is no picture.
        std::fs::write(&kept(&world)[0], b"half").expect("the file is written");
        let initials = world.cy.get(&format!("{MINE}?size=32")).await;
        assert_eq!(initials.header("content-type"), "image/svg+xml");
    }
);

on_each_database!(
    async fn pictures_move_with_the_instance(world: World) {
        send(&world.cy, MINE, &shaded(1)).await.expect(200);
        send(&world.ada, OURS, &shaded(2)).await.expect(200);
        let settings = [("public_url", "https://guild.example")];
        let config = config(&world.database, "127.0.0.1:9", &settings);
        let moved = server::App::open(config).await.expect("the database opens");
        // What migrates stays on one thread.
        tokio::task::block_in_place(|| Handle::current().block_on(moved.migrate())).expect("the addresses are changed");
        moved.close().await;
        let member = world.ada.get(&format!("/organizations/acme/members/{}", world.cy.id)).await;
        for url in [&member.body["avatar_url"], &world.ada.get("/organizations/acme").await.body["icon_url"]] {
            assert!(url.as_str().is_some_and(|url| url.starts_with("https://guild.example/api/v1/")), "{url}");
        }
    }
);
