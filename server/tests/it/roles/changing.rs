//! Changing roles.

use crate::support::World;
use serde_json::json;

const ROLE: &str = "/organizations/acme/roles/helper";
const CY: &str = "/organizations/acme/members/@me";

on_each_database!(
    async fn a_change_of_a_role_is_felt_by_its_holders_at_once(world: World) {
        world.role("helper", &["invite:write"]).await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);
        world.ada.patch(&cy, json!({ "roles": ["member", "helper"] })).await.expect(200);
        let program = world.bearer(&world.cy, &["org:read", "invite:write", "audit:read"]).await;
        program
            .post("/organizations/acme/invitations", json!({ "email": "eve@x.test", "role": "viewer" }))
            .await
            .expect(201);

        let patch = json!({ "name": "Reader", "description": "Only reads.", "permissions": ["invite:read"] });
        let reply = world.ben.patch(ROLE, patch).await;

        assert_eq!(reply.expect(200)["version"], 2);
        assert_eq!((&reply.body["name"], &reply.body["member_count"]), (&json!("Reader"), &json!(1)));
        world.cy.get("/organizations/acme/invitations").await.expect(200);
        for person in [&world.cy, &program] {
            let refused = person
                .post("/organizations/acme/invitations", json!({ "email": "eva@x.test", "role": "viewer" }))
                .await;
            assert_eq!(refused.refusal(), (403, "permission_denied"));
        }
        let withdrawn = world.ada.get("/organizations/acme/invitations?status=revoked").await;
        assert_eq!(withdrawn.column("email"), ["eve@x.test"]);
        let log = world.database.texts("select changes from audit_events where action = 'role.updated'").await;
        for field in ["name", "description", "permissions"] {
            assert!(log[0].contains(&format!("\"field\":\"{field}\"")), "{log:?}");
        }
        let names = world.cy.get(CY).await.expect(200)["roles"][1]["name"].clone();
        assert_eq!(names, "Reader");
    }
);

on_each_database!(
    async fn a_role_is_changed_in_the_version_that_is_meant(world: World) {
        world.role("helper", &["invite:write"]).await;
        let patch = |version: &str, name: &str| {
            let body = json!({ "name": name });
            world.ada.call(reqwest::Method::PATCH, ROLE).header("if-match", version).json(&body).send()
        };

        patch("\"1-x\"", "One").await.expect(200);
        let stale = patch("\"1-x\"", "Two").await;
        assert_eq!((stale.refusal(), &stale.body["current_version"]), ((412, "precondition_failed"), &json!(2)));
        let gone = world.ada.call(reqwest::Method::DELETE, ROLE).header("if-match", "\"1-x\"").send().await;
        assert_eq!(gone.refusal(), (412, "precondition_failed"));

        let same = world.ada.patch(ROLE, json!({ "name": "One" })).await;
        assert_eq!(same.expect(200)["version"], 2);
        world.ada.patch(ROLE, json!({ "description": "Some" })).await.expect(200);
        let cleared = world.ada.patch(ROLE, json!({ "description": null })).await;
        assert_eq!((cleared.expect(200)["description"].is_null(), &cleared.body["version"]), (true, &json!(4)));
    }
);

on_each_database!(
    async fn some_changes_of_roles_are_refused(world: World) {
        world.role("helper", &["role:write", "invite:write"]).await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);
        world.ada.patch(&cy, json!({ "roles": ["member", "helper"] })).await.expect(200);
        let before = world.rows().await;

        for system in ["owner", "admin", "3"] {
            let path = format!("/organizations/acme/roles/{system}");
            let patched = world.ada.patch(&path, json!({ "name": "Boss" })).await;
            assert_eq!(patched.refusal(), (403, "system_role_immutable"));
            assert_eq!(world.ada.delete(&path).await.refusal(), (403, "system_role_immutable"));
        }
        for (body, code) in [
            (json!({ "key": "other" }), "unknown_field"),
            (json!({ "name": null }), "wrong_type"),
            (json!({ "permissions": null }), "wrong_type"),
            (json!({ "permissions": [] }), "missing_field"),
            (json!({ "permissions": ["org:transfer"] }), "permission_reserved"),
        ] {
            assert_eq!(world.ada.patch(ROLE, body.clone()).await.refusal(), (422, code), "{body}");
        }
        let own = world.cy.patch(ROLE, json!({ "permissions": ["org:read"] })).await;
        assert_eq!(own.refusal(), (409, "cannot_change_own_role"));
        assert_eq!(world.cy.delete(ROLE).await.refusal(), (409, "cannot_change_own_role"));
        assert_eq!(world.vi.patch(ROLE, json!({ "name": "Boss" })).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.rows().await, before);
    }
);
