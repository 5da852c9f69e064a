//! Making and showing roles (api.md 4.5.7).

use crate::support::World;
use serde_json::{Value, json};

const ROLES: &str = "/organizations/acme/roles";

on_each_database!(
    async fn the_system_s_roles_come_first(world: World) {
        world.role("auditor", &["audit:read"]).await;
        world.role("inviter", &["invite:write"]).await;

        let whole = world.cy.get(ROLES).await;

        assert_eq!(whole.column("key"), ["owner", "admin", "member", "billing", "viewer", "auditor", "inviter"]);
        let (admin, inviter) = (&whole.body["data"][1], &whole.body["data"][6]);
        assert_eq!((&admin["id"], &admin["system"], &admin["member_count"]), (&json!(2), &json!(true), &json!(1)));
        assert_eq!((&inviter["system"], &inviter["member_count"]), (&json!(false), &json!(0)));
        assert_eq!(inviter["permissions"], json!(["invite:read", "invite:write"]));
        assert!(inviter["id"].as_i64().is_some_and(|id| (1000..1 << 48).contains(&id)));
        let one = world.cy.get(&format!("{ROLES}/owner")).await;
        assert_eq!(one.expect(200), &whole.body["data"][0]);
        for reference in ["inviter".to_owned(), inviter["id"].to_string()] {
            assert_eq!(world.cy.get(&format!("{ROLES}/{reference}")).await.expect(200), inviter);
        }
        for (query, keys) in [
            ("system=true", &["owner", "admin", "member", "billing", "viewer"][..]),
            ("system=false", &["auditor", "inviter"]),
            ("per_page=3&page=2", &["billing", "viewer", "auditor"]),
        ] {
            assert_eq!(world.cy.get(&format!("{ROLES}?{query}")).await.column("key"), keys, "{query}");
        }
        assert_eq!(walk(&world).await, whole.column("key"));
        assert_eq!(world.cy.get(&format!("{ROLES}?page=1")).await.expect(200)["total"], 7);
    }
);

/// Every page of two, there and back.
async fn walk(world: &World) -> Vec<String> {
    let mut pages = vec![world.cy.get(&format!("{ROLES}?limit=2")).await];
    while let Some(cursor) = pages.last().and_then(|page| page.body["next_cursor"].as_str()) {
        let next = world.cy.get(&format!("{ROLES}?limit=2&cursor={cursor}")).await;
        pages.push(next);
    }
    let last = pages.last().and_then(|page| page.body["prev_cursor"].as_str()).expect("a way back").to_owned();
    let back = world.cy.get(&format!("{ROLES}?limit=2&cursor={last}")).await;
    assert_eq!(back.column("key"), pages[pages.len() - 2].column("key"));
    pages.iter().flat_map(|page| page.column("key")).map(str::to_owned).collect()
}

on_each_database!(
    async fn those_who_see_no_roles_see_none(world: World) {
        world.role("auditor", &["audit:read"]).await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);

        for path in [ROLES, &format!("{ROLES}/auditor"), &format!("{ROLES}/2")] {
            for person in [&world.bil, &world.vi] {
                assert_eq!(person.get(path).await.refusal(), (403, "permission_denied"));
            }
            assert_eq!(world.dot.get(path).await.refusal(), (404, "organization_not_found"));
        }
        assert_eq!(world.dot.get("/organizations/bolts/roles").await.column("key").len(), 5);
    }
);

on_each_database!(
    async fn a_role_is_made_as_it_is_described(world: World) {
        let new = json!({
            "key": "audit_reader", "name": "  Audit   reader ", "description": "Reads what was done.",
            "permissions": ["audit:read", "audit:read", "team:write"],
        });

        let reply = world.ben.post(ROLES, new).await;

        let role = reply.expect(201);
        assert!(reply.header("location").ends_with("/organizations/acme/roles/audit_reader"));
        assert_eq!((role["name"].as_str(), role["version"].as_i64()), (Some("Audit reader"), Some(1)));
        assert_eq!(role["permissions"], json!(["team:read", "team:write", "audit:read"]));
        let log = world.database.texts("select changes from audit_events where action = 'role.created'").await;
        assert!(log[0].contains("audit:read"), "{log:?}");
        let made = world.ben.get("/organizations/acme/roles/audit_reader").await;
        assert_eq!(made.expect(200), role);
    }
);

on_each_database!(
    async fn what_is_wrong_with_a_role_is_named(world: World) {
        let before = world.count("roles").await;
        let good = json!({ "key": "auditor", "name": "Auditor", "permissions": ["audit:read"] });
        for (field, value, code) in [
            ("key", json!(""), "role_key_invalid"),
            ("key", json!("a"), "role_key_invalid"),
            ("key", json!("Auditor"), "role_key_invalid"),
            ("key", json!("1st"), "role_key_invalid"),
            ("key", json!("au\u{0}dit"), "role_key_invalid"),
            ("key", json!("a".repeat(51)), "role_key_invalid"),
            ("key", Value::Null, "wrong_type"),
            ("name", json!(" "), "name_empty"),
            ("name", json!("x".repeat(81)), "name_too_long"),
            ("name", json!("a\u{0}b"), "name_control_character"),
            ("description", json!("x".repeat(257)), "text_too_long"),
            ("description", json!("a\u{0}b"), "text_invalid_character"),
            ("permissions", json!([]), "missing_field"),
            ("permissions", json!(["audit:fly"]), "permission_unknown"),
            ("permissions", json!(["audit:read\u{0}"]), "permission_unknown"),
            ("permissions", json!(["org:delete"]), "permission_reserved"),
            ("permissions", json!(["org:transfer"]), "permission_reserved"),
            ("permissions", json!(["admin:write"]), "permission_reserved"),
            ("permissions", json!("audit:read"), "wrong_type"),
            ("system", json!(true), "unknown_field"),
            ("id", json!(2), "unknown_field"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            let reply = world.ada.post(ROLES, body.clone()).await;
            assert_eq!(reply.refusal(), (422, code), "{body}");
            let (place, _) = reply.errors()[0];
            assert!(place.starts_with(&format!("#/{field}")), "{place}");
        }
        for key in ["owner", "viewer"] {
            let body = json!({ "key": key, "name": "Boss", "permissions": ["org:read"] });
            assert_eq!(world.ada.post(ROLES, body).await.refusal(), (409, "role_key_taken"));
        }
        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.post(ROLES, good.clone()).await.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.count("roles").await, before);
        world.ada.post(ROLES, good.clone()).await.expect(201);
        assert_eq!(world.ada.post(ROLES, good).await.refusal(), (409, "role_key_taken"));
    }
);

on_each_database!(
    with[("limits", "roles=2")],
    async fn there_are_only_so_many_roles(world: World) {
        let new = |key: &str| json!({ "key": key, "name": key, "permissions": ["org:read"] });
        let (one, two, three) = tokio::join!(
            world.ada.post(ROLES, new("one")),
            world.ada.post(ROLES, new("two")),
            world.ada.post(ROLES, new("three")),
        );

        let mut statuses = [one.status, two.status, three.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 409]);
        assert_eq!(world.ada.post(ROLES, new("four")).await.refusal(), (409, "role_limit_reached"));
    }
);

on_each_database!(
    async fn everybody_who_is_known_may_read_the_permissions(world: World) {
        let reply = world.dot.get("/permissions").await;

        let entries = reply.expect(200)["data"].as_array().expect("a list");
        assert_eq!(entries.len(), 23);
        assert_eq!(entries[8], json!({ "key": "invite:write", "description": "Invite people" }));
        assert_eq!(world.anon.get("/permissions").await.refusal(), (401, "unauthenticated"));
    }
);
