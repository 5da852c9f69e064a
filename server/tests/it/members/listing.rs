//! The list of members.

use super::crowd::{crowd, walk};
use crate::support::World;

const MEMBERS: &str = "/organizations/acme/members";
const ALL: [&str; 5] = ["ada@acme.test", "ben@acme.test", "bil@acme.test", "cy@acme.test", "vi@acme.test"];

on_each_database!(
    async fn a_member_sees_the_members(world: World) {
        let reply = world.cy.get(MEMBERS).await;

        assert_eq!(reply.column("email"), ALL);
        let ada = &reply.body["data"][0];
        assert_eq!((&ada["user_id"], &ada["uid"]), (&world.ada.id.clone().into(), &world.ada.id.clone().into()));
        assert_eq!(
            (ada["full_name"].as_str(), ada["role"].as_str(), ada["status"].as_str()),
            (Some("Ada Owner"), Some("owner"), Some("active"))
        );
        assert_eq!(ada["roles"], serde_json::json!([{ "id": 1, "key": "owner", "name": "Owner" }]));
        assert!(ada["member_id"].as_i64().is_some_and(|id| (1..1 << 48).contains(&id)));
        assert!(ada.get("two_factor_enabled").is_none() && ada.get("last_active_at").is_none());
        assert!(ada["joined_at"].as_str().is_some_and(|time| time.ends_with('Z')));
        assert_eq!(reply.body["data"][1]["invited_by"], world.ada.id.as_str());
    }
);

on_each_database!(
    async fn those_who_manage_members_see_more(world: World) {
        let reply = world.ben.get(MEMBERS).await;

        assert_eq!(reply.expect(200)["data"][0]["two_factor_enabled"], false);
        // Cy was never here.
        let active = |reply: &crate::support::Reply, place: usize| reply.body["data"][place]["last_active_at"].clone();
        assert!(active(&reply, 1).is_string() && active(&reply, 3).is_null(), "{}", reply.text);
        world.advance(std::time::Duration::from_secs(120));
        world.cy.get(MEMBERS).await.expect(200);
        let later = world.ben.get(MEMBERS).await;
        assert!(active(&later, 3).as_str() > active(&reply, 1).as_str(), "{}", later.text);
    }
);

on_each_database!(
    async fn a_viewer_sees_no_list_but_oneself(world: World) {
        assert_eq!(world.vi.get(MEMBERS).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.vi.get(&format!("{MEMBERS}/{}", world.cy.id)).await.refusal(), (403, "permission_denied"));
        for reference in ["@me", &world.vi.id] {
            assert_eq!(world.vi.get(&format!("{MEMBERS}/{reference}")).await.expect(200)["email"], "vi@acme.test");
        }
        world.bil.get(MEMBERS).await.expect(200);
        assert_eq!(world.dot.get(MEMBERS).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.get(MEMBERS).await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    async fn a_program_sees_a_member_by_one_scope(world: World) {
        let (own, other) = (format!("{MEMBERS}/@me"), format!("{MEMBERS}/{}", world.ben.id));
        let of_members = world.bearer(&world.cy, &["member:read"]).await;
        for path in [&own, &other] {
            of_members.get(path).await.expect(200);
        }
        assert_eq!(of_members.get(&format!("{MEMBERS}/1")).await.refusal(), (404, "member_not_found"));
        let of_the_org = world.bearer(&world.cy, &["org:read"]).await;
        of_the_org.get(&own).await.expect(200);
        for path in [&other, &format!("{MEMBERS}/1")] {
            let refused = of_the_org.get(path).await;
            assert_eq!(refused.refusal(), (403, "insufficient_scope"));
            assert_eq!(refused.body["scope"], "member:read");
        }
        let of_teams = world.bearer(&world.cy, &["team:read"]).await;
        assert_eq!(of_teams.get(&own).await.refusal(), (403, "insufficient_scope"));
    }
);

on_each_database!(
    async fn one_member_has_three_names(world: World) {
        let by_id = world.cy.get(&format!("{MEMBERS}/{}", world.ben.id)).await;
        let number = by_id.expect(200)["member_id"].to_string();

        let by_number = world.cy.get(&format!("{MEMBERS}/{number}")).await;
        let oneself = world.ben.get(&format!("{MEMBERS}/@me")).await;

        assert_eq!(by_number.expect(200), &by_id.body);
        assert_eq!(oneself.expect(200)["member_id"], by_id.body["member_id"]);
    }
);

on_each_database!(
    async fn members_are_found_by_name_address_and_username(world: World) {
        world.database.execute("update users set username = 'wheelie' where email = 'cy@acme.test'", &[]).await;
        world.database.execute("update memberships set username = 'wheelie' where email = 'cy@acme.test'", &[]).await;
        for (search, found) in [
            ("MEMBER", vec!["cy@acme.test"]),
            ("ill", vec!["bil@acme.test"]),
            ("bi", vec!["bil@acme.test"]),
            ("il", vec![]),
            ("heel", vec!["cy@acme.test"]),
            ("ben@acme", vec!["ben@acme.test"]),
            ("acme.test", ALL.to_vec()),
            ("%25%25%25", vec![]),
            ("_e_", vec![]),
            ("dot", vec![]),
        ] {
            assert_eq!(world.cy.get(&format!("{MEMBERS}?search={search}")).await.column("email"), found, "{search}");
        }
    }
);

on_each_database!(
    async fn members_are_filtered_by_role_and_status(world: World) {
        for (query, found) in [
            ("role=admin", vec!["ben@acme.test"]),
            ("role=2", vec!["ben@acme.test"]),
            ("role=admin&role=owner", vec!["ada@acme.test", "ben@acme.test"]),
            ("role=viewer&role=3", vec!["cy@acme.test", "vi@acme.test"]),
            ("status=active", ALL.to_vec()),
            ("status=suspended", vec![]),
            ("role=owner&search=ben", vec![]),
        ] {
            assert_eq!(world.cy.get(&format!("{MEMBERS}?{query}")).await.column("email"), found, "{query}");
        }
    }
);

on_each_database!(
    async fn members_come_in_the_order_that_is_asked_for(world: World) {
        let joined = ["ada@acme.test", "ben@acme.test", "cy@acme.test", "bil@acme.test", "vi@acme.test"];
        let reversed = |order: [&'static str; 5]| -> Vec<_> { order.into_iter().rev().collect() };
        for (sort, emails) in [
            ("name", ALL.to_vec()),
            ("-name", reversed(ALL)),
            ("email", ALL.to_vec()),
            ("-email", reversed(ALL)),
            ("joined_at", joined.to_vec()),
            ("-joined_at", reversed(joined)),
        ] {
            let whole = world.cy.get(&format!("{MEMBERS}?sort={sort}")).await;
            assert_eq!(whole.column("email"), emails, "{sort}");
            assert_eq!(walk(&world, &format!("sort={sort}"), 2).await.concat(), emails, "{sort}");
        }
        assert_eq!(world.cy.get(&format!("{MEMBERS}?sort=password")).await.refusal(), (400, "invalid_sort"));
    }
);

on_each_database!(
    async fn the_way_back_shows_the_same_pages(world: World) {
        crowd(&world, 23, "a").await;
        let there = walk(&world, "sort=-email", 5).await;

        let mut page = world.cy.get(&format!("{MEMBERS}?sort=-email&limit=5")).await;
        assert!(page.body["prev_cursor"].is_null());
        while let Some(next) = page.body["next_cursor"].as_str() {
            page = world.cy.get(&format!("{MEMBERS}?sort=-email&limit=5&cursor={next}")).await;
        }
        let mut back = vec![page.column("email").into_iter().map(str::to_owned).collect::<Vec<_>>()];
        while let Some(previous) = page.body["prev_cursor"].as_str() {
            page = world.cy.get(&format!("{MEMBERS}?sort=-email&limit=5&cursor={previous}")).await;
            back.push(page.column("email").into_iter().map(str::to_owned).collect());
        }

        back.reverse();
        assert_eq!(back, there);
        assert_eq!(there.concat().len(), 28);
    }
);

on_each_database!(
    async fn a_cursor_belongs_to_its_list(world: World) {
        let first = world.cy.get(&format!("{MEMBERS}?limit=1")).await;
        let cursor = first.expect(200)["next_cursor"].as_str().expect("more").to_owned();
        world.dot.post("/organizations", serde_json::json!({ "name": "Bolts" })).await.expect(201);

        for path in [
            format!("{MEMBERS}?cursor={cursor}&sort=-name"),
            format!("{MEMBERS}?cursor={cursor}&sort=email"),
            format!("{MEMBERS}?cursor={cursor}&search=acme"),
            format!("{MEMBERS}?cursor={cursor}&role=admin"),
            format!("/organizations/acme/invitations?cursor={cursor}"),
            format!("/organizations?cursor={cursor}"),
        ] {
            assert_eq!(world.ada.get(&path).await.refusal(), (400, "invalid_cursor"), "{path}");
        }
        let elsewhere = world.dot.get(&format!("/organizations/bolts/members?cursor={cursor}")).await;
        assert_eq!(elsewhere.refusal(), (400, "invalid_cursor"));
        let on = world.ben.get(&format!("{MEMBERS}?cursor={cursor}&limit=50")).await;
        assert_eq!(on.column("email"), ALL[1..]);
    }
);

on_each_database!(
    async fn a_cursor_outlives_the_row_it_stands_on(world: World) {
        let first = world.cy.get(&format!("{MEMBERS}?limit=2")).await;
        let cursor = first.expect(200)["next_cursor"].as_str().expect("more").to_owned();
        world.ada.delete(&format!("{MEMBERS}/{}", world.ben.id)).await.expect(204);

        let on = world.cy.get(&format!("{MEMBERS}?cursor={cursor}")).await;

        assert_eq!(on.column("email"), ALL[2..]);
    }
);
