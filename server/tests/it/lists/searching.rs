//! Searching by substring among many.

use super::seeding::planted;
use crate::support::World;
use serde_json::json;
use std::collections::BTreeSet;

const CROWD: &str = "/organizations/crowd/members";

/// An invitation and an event for each membership of the crowd, by its address.
async fn copied_into_records(world: &World) {
    let crowd = "from memberships where organization_id = (select id from organizations where slug = 'crowd')";
    let invitations = "insert into invitations (id, organization_id, email, name_folded, role, expires_at,
            delivery_state, created_at, updated_at)
         select user_id, organization_id, 'invited.' || email, '', 'member', 9007199254740991, 'skipped', joined_at,
                joined_at ";
    let events = "insert into audit_events (id, organization_id, action, actor_kind, actor_name, actor_folded,
            target_kind, target_id, target_name, target_folded, changes, created_at)
         select user_id, organization_id, 'member.joined', 'system', 'system', 'system', 'user', '', email, email, '[]',
                joined_at ";
    for insert in [invitations, events] {
        world.database.execute(&format!("{insert}{crowd}"), &[]).await;
    }
}

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

        records_and_teams_are_searched_likewise(&world).await;

        // What is common elsewhere hides nobody here.
        world.database.execute("update memberships set email = 'crowd.exam' where email = 'cy@acme.test'", &[]).await;
        let here = world.ada.get("/organizations/acme/members?search=crowd.exam").await;
        assert_eq!(here.column("email"), ["cy@acme.test"]);
        assert!(here.body.get("search_is_capped").is_none());
        let back = "update memberships set email = 'cy@acme.test' where email = 'crowd.exam'";
        world.database.execute(back, &[]).await;
    }
);

/// An organization of which an address is in more than ten thousand invitations, events and members.
async fn records_and_teams_are_searched_likewise(world: &World) {
    copied_into_records(world).await;
    for (reader, list) in [
        (&world.ada, "/organizations/crowd/invitations"),
        (&world.ada, "/organizations/crowd/audit-log"),
        (&world.pat, "/admin/audit-log"),
    ] {
        let many = reader.get(&format!("{list}?search=crowd.exam&page=100&per_page=100")).await;
        assert_eq!((&many.expect(200)["total"], &many.body["search_is_capped"]), (&json!(10_000), &json!(true)));
        assert_eq!(many.body["data"].as_array().map(Vec::len), Some(100), "{list}");
        let few = reader.get(&format!("{list}?search=.10000%40CROWD")).await;
        assert_eq!((few.column("id").len(), few.body.get("search_is_capped")), (1, None), "{list}");
    }
    let team = "/organizations/crowd/teams/team-1/members";
    let found = world.ada.get(&format!("{team}?search=crowd.exam")).await;
    assert!(found.column("email").is_empty(), "a team is searched by name");
    assert_eq!(found.body["search_is_capped"], true);
    let whole = world.ada.get(&format!("{team}?limit=1")).await;
    let name = whole.column("full_name")[0].to_owned();
    let query: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let one = world.ada.get(&format!("{team}?search={query}")).await;
    assert!(one.column("email").contains(&whole.column("email")[0]), "{name}");
}

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

on_each_database!(
    async fn invitations_and_events_are_found_by_any_part(world: World) {
        let (invitations, log) = ("/organizations/acme/invitations", "/organizations/acme/audit-log");
        for (email, name) in [("quill@feather.test", "Yves O'Hara"), ("zed@x.test", "Bo 100%_")] {
            world.ada.post(invitations, json!({ "email": email, "name": name })).await.expect(201);
        }
        let (quill, zed) = (vec!["quill@feather.test"], vec!["zed@x.test"]);
        for (query, emails) in [
            ("search=ATHER.T", &quill),
            ("search=es%20o'h", &quill),
            ("search=00%25_", &zed),
            ("search=ed%40", &zed),
            ("search=q", &quill),
            ("search=qu", &quill),
            ("search=y", &quill),
            ("search=BO", &zed),
            ("search=z&sort=email", &zed),
            ("search=%40x", &vec![]),
            ("search=u", &vec![]),
            ("search=%25", &vec![]),
            ("search=testyves", &vec![]),
        ] {
            let found = world.ada.get(&format!("{invitations}?{query}")).await;
            assert_eq!(found.column("email"), *emails, "{query}");
            let counted = world.ada.get(&format!("{invitations}?{query}&page=1")).await;
            assert_eq!(counted.expect(200)["total"], emails.len(), "{query}");
        }
        let id = world.ada.get(&format!("{invitations}?search=quill")).await.column("id")[0].to_owned();
        world.ada.patch(&format!("{invitations}/{id}"), json!({ "name": "Inkwell" })).await.expect(200);
        assert_eq!(world.ada.get(&format!("{invitations}?search=nkwe")).await.column("email"), quill);
        assert!(world.ada.get(&format!("{invitations}?search=yves")).await.column("email").is_empty());

        let both = ["invitation.updated", "invitation.created"];
        for (person, list) in [(&world.ada, log), (&world.pat, "/admin/audit-log")] {
            for query in ["search=l%40FEA", "search=q", "search=qu", "search=quill&from=2020-01-01T00:00:00Z"] {
                assert_eq!(person.get(&format!("{list}?{query}")).await.column("action"), both, "{list} {query}");
                let reversed = person.get(&format!("{list}?{query}&sort=created_at&limit=1")).await;
                assert_eq!(reversed.column("action"), both[1..], "{list} {query}");
                let next = reversed.body["next_cursor"].as_str().expect("more");
                let rest = person.get(&format!("{list}?{query}&sort=created_at&limit=1&cursor={next}")).await;
                assert_eq!(rest.column("action"), both[..1], "{list} {query}");
            }
            let narrowed = format!("{list}?search=quill&action=invitation.updated&actor={}", world.ada.id);
            assert_eq!(person.get(&narrowed).await.column("action"), both[..1], "{list}");
            for query in ["search=27.0.0.", "search=12", "search=da%20own"] {
                assert!(!person.get(&format!("{list}?{query}")).await.column("action").is_empty(), "{list} {query}");
            }
            assert!(person.get(&format!("{list}?search=27")).await.column("action").is_empty(), "{list}");
        }
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let elsewhere = world.dot.get("/organizations/bolts/audit-log?search=quill").await;
        assert!(elsewhere.column("action").is_empty());
    }
);

/// Lists that can be searched, each with what finds something in it.
const SEARCHED: [(&str, &str); 9] = [
    ("/organizations", "acm"),
    ("/organizations/acme/members", "ada"),
    ("/organizations/acme/invitations", "eve"),
    ("/organizations/acme/teams", "red"),
    ("/organizations/acme/teams/red/members", "cy"),
    ("/organizations/acme/workspaces", "nor"),
    ("/organizations/acme/audit-log", "ada"),
    ("/admin/organizations", "acm"),
    ("/admin/users", "ada"),
];

on_each_database!(
    async fn q_is_another_name_for_search(world: World) {
        world.ada.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);
        let red = world.team("Red").await;
        world.put_into(&red, &world.cy, "member").await;
        world.workspace("North").await;
        world.database.execute("update users set platform_admin = true where email = 'ada@acme.test'", &[]).await;

        for (list, text) in SEARCHED {
            let found = world.ada.get(&format!("{list}?search={text}")).await;
            assert!(found.expect(200)["data"][0].is_object(), "{list}");
            assert_eq!(world.ada.get(&format!("{list}?q={text}")).await.expect(200), &found.body, "{list}");
            let nothing = world.ada.get(&format!("{list}?q=zzzzz")).await;
            assert_eq!(nothing.expect(200)["data"], json!([]), "{list}");
            for query in ["q=a&search=b", "search=a&q=a", "q=a&q=b", "q=", "q=%00"] {
                let refused = world.ada.get(&format!("{list}?{query}")).await;
                assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{list}?{query}");
            }
        }
        for list in [
            "/organizations/acme/roles",
            "/organizations/acme/tokens",
            "/organizations/acme/wallet/transactions",
            "/organizations/acme/workspaces/north/members",
            "/users/@me/organizations",
            "/users/@me/invitations",
            "/users/@me/sessions",
            "/admin/outbox",
        ] {
            let refused = world.ada.get(&format!("{list}?q=a")).await;
            assert_eq!(
                (refused.refusal(), refused.errors()),
                ((400, "unknown_parameter"), vec![("q", "unknown_parameter")]),
                "{list}"
            );
        }
        let document = world.ada.get("/openapi.json").await;
        for (list, _) in SEARCHED {
            let path = list.replace("/acme", "/{org}").replace("/red", "/{team}");
            let parameters = document.body["paths"][&path]["get"]["parameters"].as_array().expect("parameters");
            let search = parameters.iter().find(|parameter| parameter["name"] == "search").expect("a search");
            assert!(search["description"].as_str().is_some_and(|about| about.contains("`q`")), "{path}");
        }
    }
);
