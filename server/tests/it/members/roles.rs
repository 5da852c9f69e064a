//! Changing what a member may (api.md 4.9.6, security.md T6).

use crate::support::{Reply, World};
use serde_json::{Value, json};

fn path(person: &crate::support::person::Person) -> String {
    format!("/organizations/acme/members/{}", person.id)
}

async fn set(by: &crate::support::person::Person, whom: &crate::support::person::Person, role: Value) -> Reply {
    by.patch(&path(whom), json!({ "role": role })).await
}

on_each_database!(
    async fn an_admin_gives_roles_up_to_her_own(world: World) {
        for (role, key) in
            [(json!("viewer"), "viewer"), (json!(4), "billing"), (json!("member"), "member"), (json!("admin"), "admin")]
        {
            let reply = set(&world.ben, &world.cy, role).await;
            assert_eq!(reply.expect(200)["role"], key);
            assert_eq!(reply.body["roles"][0]["key"], key);
        }
        assert_eq!(world.cy.get("/organizations/acme").await.expect(200)["current_user_role"], "admin");
    }
);

on_each_database!(
    async fn a_role_can_be_given_in_each_of_its_forms(world: World) {
        let cy = path(&world.cy);
        let role = format!("{cy}/role");
        world.ben.patch(&cy, json!({ "roles": ["viewer"] })).await.expect(200);
        world.ben.patch(&cy, json!({ "roles": [3] })).await.expect(200);
        world.ben.patch(&role, json!({ "role": "billing" })).await.expect(200);
        world.ben.call(reqwest::Method::PUT, &role).json(&json!({ "role": 5 })).send().await.expect(200);
        assert_eq!(world.ben.get(&cy).await.expect(200)["role"], "viewer");
        for (body, code) in [
            (json!({ "role": "admin", "roles": ["admin"] }), "role_conflict"),
            (json!({ "roles": [] }), "role_conflict"),
            (json!({ "role": "boss" }), "role_unknown"),
            (json!({ "role": 6 }), "role_unknown"),
            (json!({ "role": -1 }), "role_unknown"),
            (json!({ "role": "Admin" }), "role_unknown"),
            (json!({ "roles": ["boss"] }), "role_unknown"),
            (json!({ "roles": vec![1; 101] }), "too_many_items"),
            (json!({ "roles": vec![3; 21] }), "too_many_items"),
            (json!({ "roles": { "0": 1 } }), "wrong_type"),
            (json!({ "role": null }), "wrong_type"),
            (json!({ "role": [1] }), "wrong_type"),
            (json!({ "role": 1.5 }), "wrong_type"),
            (json!({ "role": "member", "user_id": world.ada.id }), "unknown_field"),
        ] {
            assert_eq!(world.ben.patch(&cy, body.clone()).await.refusal(), (422, code), "{body}");
        }
        let twice = world
            .ben
            .call(reqwest::Method::PATCH, &cy)
            .body("application/json", br#"{"role":"member","role":"owner"}"#);
        assert_eq!(twice.send().await.refusal(), (422, "duplicate_field"));
        assert_eq!(world.ben.get(&cy).await.expect(200)["role"], "viewer");
    }
);

on_each_database!(
    async fn those_without_the_permission_change_nobody(world: World) {
        let before = world.rows().await;
        for by in [&world.cy, &world.bil, &world.vi] {
            for whom in [&world.ada, &world.ben, &world.vi, &world.cy] {
                assert_eq!(set(by, whom, json!("admin")).await.refusal(), (403, "permission_denied"));
            }
            assert_eq!(by.delete(&path(&world.ben)).await.refusal(), (403, "permission_denied"));
        }
        assert_eq!(set(&world.dot, &world.cy, json!("admin")).await.refusal(), (404, "organization_not_found"));
        assert_eq!(set(&world.anon, &world.cy, json!("admin")).await.refusal(), (401, "unauthenticated"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn the_same_role_again_changes_nothing(world: World) {
        let before = world.rows().await;

        let reply = set(&world.ben, &world.cy, json!("member")).await;

        assert_eq!(reply.expect(200)["version"], 1);
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_change_is_seen_by_the_next_request(world: World) {
        set(&world.ada, &world.ben, json!("viewer")).await.expect(200);

        assert_eq!(world.ben.get("/organizations/acme/members").await.refusal(), (403, "permission_denied"));
        assert_eq!(set(&world.ben, &world.cy, json!("viewer")).await.refusal(), (403, "permission_denied"));
    }
);

on_each_database!(
    async fn an_admin_who_falls_takes_the_own_invitations_along(world: World) {
        let invite = |email: &'static str| {
            let ben = world.ben.clone();
            async move { ben.post("/organizations/acme/invitations", json!({ "email": email })).await.expect(201).clone() }
        };
        invite("eve@x.test").await;
        world.ada.post("/organizations/acme/invitations", json!({ "email": "eva@x.test" })).await.expect(201);
        let token = world.last_token("eve@x.test").await;

        set(&world.ada, &world.ben, json!("member")).await.expect(200);

        assert_eq!(world.anon.get(&format!("/invitations/{token}")).await.refusal(), (410, "invitation_revoked"));
        let open = world.ada.get("/organizations/acme/invitations").await;
        assert_eq!(open.column("email"), ["eva@x.test"]);
    }
);

on_each_database!(
    async fn a_demotion_and_a_grant_at_once_never_leave_a_grant_behind(world: World) {
        for round in 0..10 {
            set(&world.ada, &world.ben, json!("admin")).await.expect(200);
            set(&world.ada, &world.cy, json!("viewer")).await.expect(200);
            let (demoted, granted) =
                tokio::join!(set(&world.ada, &world.ben, json!("viewer")), set(&world.ben, &world.cy, json!("admin")));
            demoted.expect(200);
            assert!([200, 403].contains(&granted.status), "{round}: {}", granted.text);
            let order = world.database.texts("select target_name from audit_events where action = 'member.role_changed' order by created_at desc, id desc limit 1").await;
            if granted.status == 200 {
                assert_eq!(order, ["Ben Admin"], "{round}: the grant came after the demotion");
            }
        }
    }
);
