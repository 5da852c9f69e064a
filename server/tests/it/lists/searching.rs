//! Searching by substring among many.

use super::seeding::planted;
use crate::support::World;
use serde_json::json;
use std::collections::BTreeSet;

const CROWD: &str = "/organizations/crowd/members";

on_each_database!(
    async fn a_search_takes_ten_thousand_and_says_that_there_are_more(world: World) {
        planted(&world, 10_010).await;

        let first = world.ada.get(&format!("{CROWD}?search=crowd.exam&limit=100")).await;
        assert_eq!(first.expect(200)["search_is_capped"], true);
        let page = world.ada.get(&format!("{CROWD}?search=crowd.exam&page=100&per_page=100")).await;
        assert_eq!((page.expect(200)["total"].as_u64(), &page.body["search_is_capped"]), (Some(10_000), &true.into()));
        assert_eq!(page.column("email").len(), 100);

        let mut seen = BTreeSet::new();
        let mut cursor = String::new();
        for _ in 0..3 {
            let part = world.ada.get(&format!("{CROWD}?search=crowd.exam&sort=-email&limit=100{cursor}")).await;
            let emails = part.column("email");
            assert!(emails.is_sorted_by(|one, other| one > other), "{emails:?}");
            seen.extend(emails.into_iter().map(str::to_owned));
            cursor = format!("&cursor={}", part.body["next_cursor"].as_str().expect("more"));
        }
        assert_eq!(seen.len(), 300, "somebody came twice");

        let few = world.ada.get(&format!("{CROWD}?search=.10000%40CROWD")).await;
        assert_eq!(few.column("email").len(), 1);
        assert!(few.body.get("search_is_capped").is_none());
        let beginning = world.ada.get(&format!("{CROWD}?search=z&limit=1")).await;
        assert!(beginning.column("full_name")[0].starts_with('Z'));
        assert!(beginning.body.get("search_is_capped").is_none());

        // What is common elsewhere hides nobody here.
        world.database.execute("update memberships set email = 'crowd.exam' where email = 'cy@acme.test'", &[]).await;
        let here = world.ada.get("/organizations/acme/members?search=crowd.exam").await;
        assert_eq!(here.column("email"), ["cy@acme.test"]);
        assert!(here.body.get("search_is_capped").is_none());
        let back = "update memberships set email = 'cy@acme.test' where email = 'crowd.exam'";
        world.database.execute(back, &[]).await;
    }
);

on_each_database!(
    async fn any_three_characters_are_found(world: World) {
        for (name, search) in [
            ("李 雪梅 王", "雪梅 王"),
            ("Renée O'Hara-Nuñez", "o'h"),
            ("a...b", "..."),
            ("Straße", "STRASSE"),
            ("50% \"off\" \\ _*", "% \"off\" \\ _*"),
            ("نور الهاشمي", "الهاش"),
            ("A\u{1F600}\u{1F601}\u{1F602}", "\u{1F600}\u{1F601}\u{1F602}"),
        ] {
            world.cy.patch("/users/@me", json!({ "full_name": name })).await.expect(200);
            let query: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
            for list in ["/organizations/acme/members", "/admin/users"] {
                let found = world.pat.get(&format!("{list}?search={query}")).await;
                assert_eq!(found.column("email"), ["cy@acme.test"], "{search} in {list}");
            }
        }
        for nobody in ["or%201=1", "%22%20OR%20%22", "a*b", "NEAR(", "words:cy", "%5E%5E%5E", "--%20-"] {
            let found = world.ada.get(&format!("/organizations/acme/members?search={nobody}")).await;
            assert!(found.column("email").is_empty(), "{nobody}");
        }
    }
);

on_each_database!(
    async fn what_is_found_follows_people_and_organizations(world: World) {
        let found = async |list: &str, search: &str| {
            let reply = world.pat.get(&format!("{list}?search={search}")).await;
            let member = if list.ends_with("organizations") { "slug" } else { "email" };
            reply.column(member).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let (members, users, orgs) = ("/organizations/acme/members", "/admin/users", "/admin/organizations");

        world
            .cy
            .patch("/users/@me", json!({ "full_name": "Quill Featherby", "username": "inkwell" }))
            .await
            .expect(200);
        for list in [members, users] {
            assert_eq!(found(list, "featherb").await, ["cy@acme.test"]);
            assert_eq!(found(list, "kwel").await, ["cy@acme.test"]);
            assert!(found(list, "cy%20mem").await.is_empty());
        }
        world.ada.patch("/organizations/acme", json!({ "name": "Sprockets", "slug": "cogs" })).await.expect(200);
        assert_eq!(found(orgs, "procket").await, ["cogs"]);
        assert_eq!(found(orgs, "ogs").await, ["cogs"]);
        assert_eq!(found(orgs, "ada@ac").await, ["cogs"]);
        assert!(found(orgs, "gears").await.is_empty());

        world.ada.delete(&format!("/organizations/cogs/members/{}", world.cy.id)).await.expect(204);
        assert!(found("/organizations/cogs/members", "featherb").await.is_empty());
        assert_eq!(found(users, "featherb").await, ["cy@acme.test"]);
        world.pat.delete("/admin/organizations/cogs?purge=true&confirm=cogs").await.expect(204);
        assert!(found(orgs, "procket").await.is_empty());
        // Nothing is left in the index but the accounts.
        assert_eq!(world.count("searched").await, world.count("users").await);
    }
);
