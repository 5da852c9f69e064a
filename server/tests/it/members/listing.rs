//! The list of members.

use crate::support::World;
use std::collections::BTreeSet;

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
    async fn people_of_other_organizations_are_not_found_here(world: World) {
        world.dot.post("/organizations", serde_json::json!({ "name": "Bolts" })).await.expect(201);
        let dot = world.dot.get("/organizations/bolts/members/@me").await.expect(200)["member_id"].to_string();
        let random = "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55";
        let unknown = world.ada.get(&format!("{MEMBERS}/{random}")).await;
        let before = world.rows().await;

        for reference in [&dot, &world.dot.id, "0", "-1", "undefined", "00000000-0000-0000-0000-000000000000", random] {
            let path = format!("{MEMBERS}/{reference}");
            let replies = [
                world.ada.get(&path).await,
                world.ada.patch(&path, serde_json::json!({ "role": "viewer" })).await,
                world.ada.delete(&path).await,
                world.ada.delete(&format!("{path}?dry_run=true")).await,
            ];
            for reply in replies {
                assert_eq!(reply.refusal(), (404, "member_not_found"), "{reference}");
                assert_eq!(reply.text.len(), unknown.text.len(), "{reference}");
            }
        }
        assert_eq!(world.rows().await, before);
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

/// Every page of a list, as addresses.
async fn walk(world: &World, query: &str, limit: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.cy.get(&format!("{MEMBERS}?{query}&limit={limit}{cursor}")).await;
        pages.push(page.column("email").into_iter().map(str::to_owned).collect());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
    }
}

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

/// Puts so many people into `acme`, behind the server's back.
pub(super) async fn crowd(world: &World, count: i64, prefix: &str) {
    use crate::support::database::Value::{Id, Number, Text};
    let insert_user = "insert into users (id, email, created_at, updated_at) values ($1, $2, 1, 1)";
    let insert_member =
        "insert into memberships (organization_id, user_id, member_id, role, name_folded, email, joined_at, updated_at)
         select id, $1, $2, 'member', $3, $3, 1, 1 from organizations where slug = 'acme'";
    for number in 0..count {
        let (id, email) = (uuid::Uuid::now_v7(), format!("{prefix}{number:03}@crowd.test"));
        let member = i64::try_from(id.as_u128() & 0xffff_ffff).expect("32 bits") + 1;
        world.database.execute(insert_user, &[Id(id), Text(email.clone())]).await;
        world.database.execute(insert_member, &[Id(id), Number(member), Text(email)]).await;
    }
    let counted = "update organizations set member_count = member_count + $1 where slug = 'acme'";
    world.database.execute(counted, &[Number(count)]).await;
    let held = "update role_counts set member_count = member_count + $1 where role_id = 3";
    world.database.execute(held, &[Number(count)]).await;
}

on_each_database!(
    async fn who_comes_or_goes_meanwhile_moves_nobody_else(world: World) {
        crowd(&world, 40, "m").await;
        let before: BTreeSet<String> = walk(&world, "sort=email", 100).await.concat().into_iter().collect();
        let writer = tokio::spawn({
            let world = world.clone();
            async move {
                crowd(&world, 10, "a").await;
                world.database.execute("delete from memberships where email like 'm00%'", &[]).await;
                world
                    .database
                    .execute("update organizations set member_count = member_count - 10 where slug = 'acme'", &[])
                    .await;
                world
                    .database
                    .execute("update role_counts set member_count = member_count - 10 where role_id = 3", &[])
                    .await;
                crowd(&world, 10, "z").await;
            }
        });

        let walked = walk(&world, "sort=email", 3).await.concat();
        writer.await.expect("the writer ends");

        let seen: BTreeSet<String> = walked.iter().cloned().collect();
        assert_eq!(seen.len(), walked.len(), "somebody came twice");
        let stayed = before.iter().filter(|email| !email.starts_with("m00"));
        assert!(stayed.clone().all(|email| seen.contains(email)), "somebody was skipped");
    }
);

on_each_database!(
    async fn pages_have_the_same_rows_as_the_walk(world: World) {
        crowd(&world, 12, "m").await;
        let walked = walk(&world, "sort=name", 7).await;

        for (number, emails) in walked.iter().enumerate() {
            let page = world.cy.get(&format!("{MEMBERS}?sort=name&per_page=7&page={}", number + 1)).await;
            assert_eq!(&page.column("email"), emails);
            assert_eq!((page.body["total"].as_u64(), page.body["total_pages"].as_u64()), (Some(17), Some(3)));
        }
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
