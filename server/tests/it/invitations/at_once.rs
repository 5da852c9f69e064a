//! Several who accept, decline or withdraw at the same moment (security.md I6, INV-6, INV-9).

use crate::support::World;
use crate::support::world::PASSWORD;
use serde_json::json;

on_each_database!(
    async fn the_same_person_may_accept_twice(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let first = world.dot.post(&accept, json!({})).await;
        assert!(first.expect(200).get("already_member").is_none());
        let before = world.rows().await;

        let second = world.dot.post(&accept, json!({})).await;

        assert_eq!(second.expect(200)["already_member"], true);
        assert_eq!(world.rows().await, before);
        for person in [&world.anon, &world.cy] {
            let reply = person.post(&accept, json!({ "password": PASSWORD })).await;
            assert!([(410, "invitation_accepted"), (403, "invitation_email_mismatch")].contains(&reply.refusal()));
        }
        assert_eq!(
            world.anon.post(&accept, json!({ "password": PASSWORD })).await.refusal(),
            (410, "invitation_accepted")
        );
    }
);

on_each_database!(
    async fn who_is_in_already_keeps_the_role(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test", "role": "admin" })).await;
        let values = [crate::support::database::Value::Id(world.dot.id.parse().expect("an id"))];
        let insert = "insert into memberships (organization_id, user_id, member_id, role, name_folded, email, joined_at, updated_at)
         select id, $1, 77, 'viewer', 'dot', 'dot@elsewhere.test', 1, 1 from organizations";
        world.database.execute(insert, &values).await;
        world.database.execute("update organizations set member_count = 6", &[]).await;
        world.database.execute("update role_counts set member_count = member_count + 1 where role_id = 5", &[]).await;

        let accepted = world.dot.post(&format!("/invitations/{}/accept", invited.mailed), json!({})).await;

        assert_eq!(
            (accepted.expect(200)["already_member"].as_bool(), accepted.body["membership"]["role"].as_str()),
            (Some(true), Some("viewer"))
        );
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 6);
    }
);

on_each_database!(
    async fn accepting_and_withdrawing_at_once_has_one_winner(world: World) {
        for round in 0..8 {
            let email = format!("e{round}@x.test");
            let invited = world.invited(&world.ben, json!({ "email": email })).await;
            let one = format!("/organizations/acme/invitations/{}", invited.id);
            let path = format!("/invitations/{}/accept", invited.mailed);
            let anon = world.anon.fresh();
            let (accepted, revoked) =
                tokio::join!(anon.post(&path, json!({ "password": PASSWORD })), world.ada.delete(&one));
            assert!(
                [(200, 409), (410, 204)].contains(&(accepted.status, revoked.status)),
                "{} {}",
                accepted.text,
                revoked.text
            );
            let members = world.database.count(&format!("memberships where email = '{email}'")).await;
            assert_eq!(members, i64::from(accepted.status == 200), "{round}");
        }
    }
);

on_each_database!(
    async fn accepting_and_declining_at_once_has_one_winner(world: World) {
        for round in 0..8 {
            let email = format!("e{round}@x.test");
            let invited = world.invited(&world.ben, json!({ "email": email })).await;
            let (accept, decline) =
                (format!("/invitations/{}/accept", invited.mailed), format!("/invitations/{}/decline", invited.mailed));
            let late = std::time::Duration::from_millis(30 + 2 * round);
            let anon = world.anon.fresh();
            let (accepted, declined) = tokio::join!(anon.post(&accept, json!({ "password": PASSWORD })), async {
                tokio::time::sleep(late).await;
                world.anon.post_nothing(&decline).await
            });
            let statuses = (accepted.status, declined.status);
            assert!([(200, 410), (410, 204)].contains(&statuses), "{statuses:?}");
            let members = world.database.count(&format!("memberships where email = '{email}'")).await;
            assert_eq!(members, i64::from(accepted.status == 200), "{round}");
        }
    }
);
