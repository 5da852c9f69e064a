//! Tokens of organizations.

use crate::support::World;
use crate::support::person::Person;
use serde_json::{Value, json};

const ACME: &str = "/organizations/acme";
const TOKENS: &str = "/organizations/acme/tokens";

/// A program with a new token of acme that this person makes, and the token's path.
async fn program(person: &Person, scopes: &[&str]) -> (Person, String) {
    let reply = person.post(TOKENS, json!({ "name": "Deploys", "scopes": scopes })).await;
    let text = |member: &str| reply.expect(201)[member].as_str().expect(member).to_owned();
    (person.with_token(&text("token")), format!("{TOKENS}/{}", text("id")))
}

on_each_database!(
    async fn a_token_acts_for_its_organization_alone(world: World) {
        world.ben.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let made = world.ben.post(TOKENS, json!({ "name": "Deploys", "scopes": ["org:read", "invite:write"] })).await;
        let token = made.expect(201).clone();
        let secret = token["token"].as_str().expect("a secret");
        assert!(secret.starts_with("gdh_org_"));
        assert_eq!((&token["kind"], &token["created_by"]), (&json!("organization"), &json!(world.ben.id)));
        assert_eq!(made.header("cache-control"), "no-store");
        let program = world.anon.with_token(secret);

        let acme = program.get(ACME).await;
        assert_eq!(acme.expect(200)["current_user_role"], Value::Null);
        assert_eq!(acme.body["current_user_permissions"], json!(["org:read", "invite:read", "invite:write"]));
        let invited =
            program.post("/organizations/acme/invitations", json!({ "email": "eve@x.test", "role": "viewer" }));
        assert_eq!(invited.await.expect(201)["invited_by"], Value::Null);
        let sql = "select actor_kind || ' ' || actor_name from audit_events where action = 'invitation.created'
                   order by created_at desc, id desc limit 1";
        assert_eq!(world.database.texts(sql).await, ["token Deploys"]);

        assert_eq!(program.get("/organizations/bolts").await.refusal(), (404, "organization_not_found"));
        assert_eq!(program.patch(ACME, json!({ "bio": "x" })).await.refusal(), (403, "insufficient_scope"));
        assert_eq!(program.get("/organizations/acme/members/@me").await.refusal(), (403, "insufficient_scope"));
    }
);

on_each_database!(
    async fn a_token_is_nobody(world: World) {
        let scopes = ["org:update", "member:write", "invite:write", "token:write"];
        let (program, path) = program(&world.ada, &scopes).await;
        let before = world.rows().await;

        for (reply, code) in [
            (program.get("/users/@me").await, "insufficient_scope"),
            (program.get("/users/@me/invitations").await, "insufficient_scope"),
            (program.post("/organizations", json!({ "name": "More" })).await, "insufficient_scope"),
            (program.get("/users/@me/organizations").await, "session_required"),
            (program.get("/users/@me/tokens").await, "session_required"),
            (program.patch("/users/@me", json!({ "full_name": "Nobody" })).await, "session_required"),
            (program.delete("/users/@me").await, "session_required"),
            (program.delete(&path.replace(ACME, "/users/@me")).await, "session_required"),
        ] {
            assert_eq!(reply.refusal(), (403, code));
        }
        assert_eq!(program.get("/organizations/acme/members/@me").await.refusal(), (404, "member_not_found"));
        assert_eq!(program.post_nothing("/organizations/acme/leave").await.refusal(), (404, "member_not_found"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn nobody_puts_more_into_a_token_than_they_have(world: World) {
        let before = world.rows().await;
        for (person, scope, code) in [
            (&world.ben, "org:delete", "permission_escalation"),
            (&world.ada, "org:delete", "permission_escalation"),
            (&world.ada, "org:transfer", "permission_escalation"),
            (&world.ada, "org:create", "permission_escalation"),
            (&world.ada, "user:read", "permission_escalation"),
            (&world.ada, "admin:read", "admin_scope_denied"),
            (&world.pat, "admin:read", "admin_scope_denied"),
            (&world.pat, "user:write", "permission_escalation"),
            (&world.cy, "org:read", "permission_denied"),
            (&world.vi, "org:read", "permission_denied"),
        ] {
            let reply = person.post(TOKENS, json!({ "name": "More", "scopes": [scope] })).await;
            assert_eq!(reply.refusal(), (403, code), "{} {scope}", person.email);
        }
        let restricted = json!({ "name": "x", "scopes": ["org:read"], "organizations": [] });
        assert_eq!(world.ada.post(TOKENS, restricted).await.refusal(), (422, "unknown_field"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_token_ends_itself_and_weaker_ones(world: World) {
        let (strong, strong_path) = program(&world.ada, &["token:write", "org:read"]).await;
        let (weak, weak_path) = program(&world.ada, &["org:read"]).await;
        let (other, other_path) = program(&world.ada, &["member:read"]).await;

        strong.get(TOKENS).await.expect(200);
        let made = strong.post(TOKENS, json!({ "name": "More", "scopes": ["org:read"] })).await;
        assert_eq!(made.refusal(), (403, "session_required"));
        let rotated = strong.post_nothing(&format!("{strong_path}/rotate")).await;
        assert_eq!(rotated.refusal(), (403, "session_required"));
        assert_eq!(strong.delete(&other_path).await.refusal(), (403, "permission_escalation"));
        assert_eq!(weak.delete(&strong_path).await.refusal(), (403, "insufficient_scope"));
        strong.delete(&weak_path).await.expect(204);
        assert_eq!(weak.get(ACME).await.refusal(), (401, "invalid_token"));
        other.delete(&other_path).await.expect(204);
        assert_eq!(other.get(ACME).await.refusal(), (401, "invalid_token"));
        strong.get(ACME).await.expect(200);
    }
);

on_each_database!(
    async fn tokens_are_for_those_who_manage_them(world: World) {
        let (_, path) = program(&world.ben, &["org:read"]).await;

        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.get(TOKENS).await.refusal(), (403, "permission_denied"));
            assert_eq!(person.delete(&path).await.refusal(), (403, "permission_denied"));
        }
        for refused in [world.dot.get(TOKENS).await, world.dot.delete(&path).await] {
            assert_eq!(refused.refusal(), (404, "organization_not_found"));
        }
        world.ada.delete(&path).await.expect(204);
        let sql = "select count(*) from audit_events where action = 'token.revoked' and organization_id is not null";
        assert_eq!(world.database.number(sql).await, 1);
    }
);
