//! The list of one's organizations.

use crate::support::World;
use serde_json::json;
use std::time::Duration;

/// Dot's: five of them, founded a minute apart.
async fn found_five(world: &World) {
    for name in ["Delta", "alpha", "Charlie", "Bravo 100%", "Echo_1"] {
        let visibility = if name == "Charlie" { "public" } else { "private" };
        world.dot.post("/organizations", json!({ "name": name, "visibility": visibility })).await.expect(201);
        world.advance(Duration::from_secs(60));
    }
}

on_each_database!(
    async fn people_see_theirs_and_no_others(world: World) {
        found_five(&world).await;

        assert_eq!(world.cy.get("/organizations").await.column("slug"), ["acme"]);
        let dots = world.dot.get("/organizations").await;
        assert_eq!(dots.column("name"), ["alpha", "Bravo 100%", "Charlie", "Delta", "Echo_1"]);
        assert_eq!(dots.body["has_more"], false);
        assert!(dots.body["next_cursor"].is_null() && dots.body["prev_cursor"].is_null());
        assert_eq!(dots.body["data"][0]["current_user_role"], "owner");
        assert!(world.pat.get("/organizations").await.column("slug").is_empty());
    }
);

on_each_database!(
    async fn they_come_in_the_order_that_is_asked_for(world: World) {
        found_five(&world).await;
        for (sort, names) in [
            ("name", ["alpha", "Bravo 100%", "Charlie", "Delta", "Echo_1"]),
            ("-name", ["Echo_1", "Delta", "Charlie", "Bravo 100%", "alpha"]),
            ("created_at", ["Delta", "alpha", "Charlie", "Bravo 100%", "Echo_1"]),
            ("-created_at", ["Echo_1", "Bravo 100%", "Charlie", "alpha", "Delta"]),
        ] {
            assert_eq!(world.dot.get(&format!("/organizations?sort={sort}")).await.column("name"), names, "{sort}");
        }
        let many = world.dot.get("/organizations?sort=-member_count").await;
        assert_eq!(many.column("name").len(), 5);
    }
);

on_each_database!(
    async fn they_are_found_by_name_and_slug(world: World) {
        found_five(&world).await;
        for (search, found) in [
            ("ALPHA", vec!["alpha"]),
            ("harl", vec!["Charlie"]),
            ("ch", vec!["Charlie"]),
            ("ha", vec![]),
            ("%25", vec![]),
            ("100%25", vec!["Bravo 100%"]),
            ("%25%25", vec![]),
            ("o_1", vec!["Echo_1"]),
            ("___", vec![]),
            ("echo-1", vec!["Echo_1"]),
            ("%5C%5C%5C", vec![]),
        ] {
            assert_eq!(
                world.dot.get(&format!("/organizations?search={search}")).await.column("name"),
                found,
                "{search}"
            );
        }
    }
);

on_each_database!(
    async fn filters_narrow_the_list(world: World) {
        found_five(&world).await;
        for (query, count) in [
            ("visibility=public", 1),
            ("visibility=private", 4),
            ("role=owner", 5),
            ("role=admin", 0),
            ("status=active", 5),
            ("status=banned", 0),
            ("industry=media", 0),
            ("scope=member&visibility=public", 1),
        ] {
            assert_eq!(world.dot.get(&format!("/organizations?{query}")).await.column("name").len(), count, "{query}");
        }
    }
);

on_each_database!(
    async fn a_cursor_leads_through_the_list_and_back(world: World) {
        found_five(&world).await;
        for sort in ["name", "-name", "created_at", "-created_at", "member_count", "-member_count"] {
            let all = world.dot.get(&format!("/organizations?sort={sort}")).await;
            let mut there = Vec::new();
            let mut query = format!("/organizations?sort={sort}&limit=2");
            let last = loop {
                let page = world.dot.get(&query).await;
                there.push(page.column("name").into_iter().map(str::to_owned).collect::<Vec<_>>());
                match page.body["next_cursor"].as_str() {
                    Some(next) => query = format!("/organizations?sort={sort}&limit=2&cursor={next}"),
                    None => break page,
                }
            };
            assert_eq!(there.concat(), all.column("name"), "{sort}");
            assert_eq!(last.body["has_more"], false);

            let mut back = vec![last.column("name").into_iter().map(str::to_owned).collect::<Vec<_>>()];
            let mut page = last;
            while let Some(previous) = page.body["prev_cursor"].as_str() {
                page = world.dot.get(&format!("/organizations?sort={sort}&limit=2&cursor={previous}")).await;
                back.push(page.column("name").into_iter().map(str::to_owned).collect());
            }
            back.reverse();
            assert_eq!(back, there, "{sort}");
        }
    }
);

on_each_database!(
    async fn pages_are_counted(world: World) {
        found_five(&world).await;

        let first = world.dot.get("/organizations?page=1&per_page=2").await;
        let last = world.dot.get("/organizations?page=3&per_page=2").await;
        let beyond = world.dot.get("/organizations?page=4&per_page=2").await;
        let usual = world.dot.get("/organizations?page=1").await;

        assert_eq!(first.column("name"), ["alpha", "Bravo 100%"]);
        assert_eq!(last.column("name"), ["Echo_1"]);
        assert!(beyond.column("name").is_empty());
        for (member, value) in [("page", 3), ("per_page", 2), ("total", 5), ("total_pages", 3)] {
            assert_eq!(last.body[member], value, "{member}");
        }
        assert_eq!((usual.body["per_page"].as_u64(), usual.body["total_pages"].as_u64()), (Some(15), Some(1)));
    }
);

on_each_database!(
    async fn a_restricted_token_neither_shows_nor_counts_the_others(world: World) {
        found_five(&world).await;
        let invitation = json!({ "email": world.dot.email });
        world.ada.post("/organizations/acme/invitations", invitation).await.expect(201);
        let program = world.dot.restricted_to(&["alpha", "echo-1"]).await;

        for list in ["/organizations", "/users/@me/organizations"] {
            let page = program.get(&format!("{list}?page=1&per_page=1")).await;
            assert_eq!((page.column("slug"), page.header("x-total-count")), (vec!["alpha"], "2"), "{list}");
            assert_eq!((&page.body["total"], &page.body["total_pages"]), (&json!(2), &json!(2)), "{list}");
            let last = program.get(&format!("{list}?page=2&per_page=1")).await;
            assert_eq!(last.column("slug"), ["echo-1"], "{list}");

            let first = program.get(&format!("{list}?limit=1")).await;
            assert_eq!(first.column("slug"), ["alpha"], "{list}");
            let next = first.body["next_cursor"].as_str().expect("more");
            let second = program.get(&format!("{list}?limit=1&cursor={next}")).await;
            assert_eq!((second.column("slug"), &second.body["has_more"]), (vec!["echo-1"], &json!(false)), "{list}");
            let whole = world.dot.get(&format!("{list}?limit=1&cursor={next}")).await;
            assert_eq!(whole.refusal(), (400, "invalid_cursor"), "{list}");
        }
        for sort in ["-name", "created_at", "-member_count"] {
            let sorted = program.get(&format!("/organizations?sort={sort}&limit=2")).await;
            assert_eq!((sorted.column("slug").len(), &sorted.body["has_more"]), (2, &json!(false)), "{sort}");
        }
        let public = program.get("/organizations?scope=public&page=1").await;
        assert_eq!((public.column("slug"), &public.body["total"]), (vec!["charlie"], &json!(1)));
    }
);

on_each_database!(
    async fn a_cursor_is_the_person_s_own(world: World) {
        found_five(&world).await;
        for _ in 0..2 {
            world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        }
        let cursor =
            world.dot.get("/organizations?limit=1").await.body["next_cursor"].as_str().expect("more").to_owned();

        let others = world.ada.get(&format!("/organizations?limit=1&cursor={cursor}")).await;

        assert_eq!(others.refusal(), (400, "invalid_cursor"));
        world.dot.get(&format!("/organizations?limit=100&cursor={cursor}")).await.expect(200);
    }
);

on_each_database!(
    async fn everybody_finds_public_ones_and_sees_what_is_public(world: World) {
        found_five(&world).await;
        let media = json!({ "name": "Zeta", "visibility": "public", "industry": "media", "email": "in@zeta.test" });
        world.ada.post("/organizations", media).await.expect(201);

        let public = world.cy.get("/organizations?scope=public").await;
        assert_eq!(public.column("name"), ["Charlie", "Zeta"]);
        let zeta = &public.body["data"][1];
        assert!(zeta.get("email").is_none() && zeta.get("status").is_none(), "{zeta}");
        let some = world.cy.get("/organizations?scope=public&industry=media&page=1").await;
        assert_eq!((some.column("name"), some.body["total"].as_u64()), (vec!["Zeta"], Some(1)));
        world.ada.patch("/organizations/zeta", json!({ "status": "inactive" })).await.expect(200);
        assert_eq!(world.cy.get("/organizations?scope=public").await.column("name"), ["Charlie"]);

        let cursor = world.pat.get("/organizations?scope=all&limit=1").await;
        let cursor = cursor.expect(200)["next_cursor"].as_str().expect("more").to_owned();
        let other = world.pat.get(&format!("/organizations?limit=1&cursor={cursor}")).await;
        assert_eq!(other.refusal(), (400, "invalid_cursor"));
        let all = world.pat.get("/organizations?scope=all&sort=-name").await;
        assert_eq!(all.column("name").len(), 7);
        assert_eq!(world.ada.get("/organizations?scope=all").await.refusal(), (403, "permission_denied"));
        for query in ["scope=mine", "scope=public&role=owner", "industry=magic", "scope="] {
            let reply = world.pat.get(&format!("/organizations?{query}")).await;
            assert_eq!(reply.refusal(), (400, "invalid_parameter"), "{query}");
        }
    }
);
