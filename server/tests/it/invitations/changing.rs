//! Changing invitations that are open (api.md 4.5.4).

use crate::support::World;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn keys(invitation: &Value) -> Vec<&str> {
    invitation["roles"].as_array().expect("roles").iter().filter_map(|role| role["key"].as_str()).collect()
}

on_each_database!(
    async fn ben_changes_his_mind(world: World) {
        for key in ["auditor", "helper"] {
            world.role(key, &["audit:read"]).await;
        }
        world.team("Core").await;
        world.team("Ui").await;
        world.workspace("Site").await;
        let new = json!({ "email": "eve@x.test", "name": "Eve", "roles": ["viewer", "auditor"], "teams": ["core"] });
        let invited = world.invited(&world.ben, new).await;
        let one = format!("{INVITATIONS}/{}", invited.id);
        world.database.execute("update invitations set expires_at = 1", &[]).await;
        let over = world.ben.patch(&one, json!({ "name": "E" })).await;
        assert_eq!(over.refusal(), (409, "invitation_not_pending"));
        world.database.execute("update invitations set expires_at = 4102444800000", &[]).await;

        let soon = world.app.clock.now().plus(DAY).to_string();
        let patch = json!({
            "role": "billing", "teams": ["ui"], "workspaces": ["site"], "name": null, "expiresAt": soon,
        });
        let changed = world.ben.patch(&one, patch.clone()).await;

        let shown = changed.expect(200);
        assert_eq!((keys(shown), &shown["name"]), (vec!["billing", "auditor"], &Value::Null));
        assert_eq!((&shown["teams"][0]["slug"], &shown["workspaces"][0]["slug"]), (&json!("ui"), &json!("site")));
        assert_eq!(
            (&shown["version"], &shown["expires_at"], &shown["resend_count"]),
            (&json!(2), &json!(soon), &json!(0))
        );
        assert_eq!(world.ben.patch(&one, patch).await.expect(200)["version"], 2, "nothing new");
        assert_eq!(world.ben.patch(&one, json!({})).await.expect(200)["version"], 2);
        let mut changes = world.changes("invitation.updated").await;
        assert_eq!(changes.len(), 1);
        let fields = changes.remove(0);
        assert_eq!(fields[0], json!({ "field": "role", "from": "viewer", "to": "billing" }));
        assert_eq!(fields[1], json!({ "field": "teams", "from": ["core"], "to": ["ui"] }));
        assert_eq!(fields[2], json!({ "field": "workspaces", "from": [], "to": ["site"] }));
        assert_eq!(fields[3], json!({ "field": "name", "from": "Eve", "to": null }));
        assert_eq!(fields[4]["to"], json!(soon));

        let other = world.ben.patch(&one, json!({ "role": "helper", "name": "Eva" })).await;
        assert_eq!(keys(other.expect(200)), ["billing", "helper"]);
        let whole = world.ben.patch(&one, json!({ "roles": ["auditor", "helper"] })).await;
        assert_eq!(keys(whole.expect(200)), ["member", "auditor", "helper"]);
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let accepted = world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await;
        assert_eq!(
            keys(&accepted.expect(200)["membership"]),
            ["member", "auditor", "helper"],
            "the link is good still"
        );
        assert_eq!(accepted.body["membership"]["full_name"], "Eva");
        assert_eq!(accepted.body["membership"]["teams"][0]["slug"], "ui");
    }
);

on_each_database!(
    async fn of_two_who_change_one_is_told(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let one = format!("{INVITATIONS}/{}", invited.id);
        let tag = world.ben.get(&one).await.header("etag").to_owned();
        let change = async |name: &str| {
            let call = world.ben.call(Method::PATCH, &one).header("if-match", &tag);
            call.json(&json!({ "name": name })).send().await
        };
        change("Eve").await.expect(200);

        let stale = change("Eva").await;

        assert_eq!((stale.refusal(), &stale.body["current_version"]), ((412, "precondition_failed"), &json!(2)));
        assert_eq!(world.ben.get(&one).await.expect(200)["name"], "Eve");
    }
);

on_each_database!(
    async fn what_is_closed_stays_as_it_was(world: World) {
        let accepted = world.invited(&world.ben, json!({ "email": "a@x.test" })).await;
        let accept = format!("/invitations/{}/accept", accepted.mailed);
        world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await.expect(200);
        let declined = world.invited(&world.ben, json!({ "email": "b@x.test" })).await;
        world.anon.post_nothing(&format!("/invitations/{}/decline", declined.mailed)).await.expect(204);
        let revoked = world.invited(&world.ben, json!({ "email": "c@x.test" })).await;
        world.ben.delete(&format!("{INVITATIONS}/{}", revoked.id)).await.expect(204);
        let before = world.rows().await;

        for invited in [accepted, declined, revoked] {
            let reply = world.ben.patch(&format!("{INVITATIONS}/{}", invited.id), json!({ "role": "viewer" })).await;
            assert_eq!(reply.refusal(), (409, "invitation_not_pending"), "{}", invited.email);
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn only_those_who_invite_change_and_not_beyond_their_power(world: World) {
        world.role("greeter", &["invite:write"]).await;
        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);
        let own = world.cy.post(INVITATIONS, json!({ "email": "own@x.test" })).await.expect(201)["id"].clone();
        let one = |id: &str| format!("{INVITATIONS}/{id}");
        let own = one(own.as_str().expect("an id"));
        let admin = world.invited(&world.ada, json!({ "email": "eve@x.test", "role": "admin" })).await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let there = world.dot.post("/organizations/bolts/invitations", json!({ "email": "eve@x.test" })).await;
        let foreign = there.expect(201)["id"].as_str().expect("an id").to_owned();

        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.patch(&own, json!({ "nonsense": 1 })).await.refusal(), (403, "permission_denied"));
        }
        world
            .ada
            .patch(&format!("/organizations/acme/members/{}", world.cy.id), json!({ "roles": ["member", "greeter"] }))
            .await
            .expect(200);
        let before = world.rows().await;
        for (path, body, refusal) in [
            (&own, json!({ "role": "admin" }), (403, "permission_escalation")),
            (&one(&admin.id), json!({ "role": "viewer" }), (403, "permission_escalation")),
            (&one(&admin.id), json!({ "name": "Eve" }), (403, "permission_escalation")),
            (&own, json!({ "role": "owner" }), (422, "owner_role_not_invitable")),
            (&own, json!({ "role": "boss" }), (422, "role_unknown")),
            (&own, json!({ "role": "viewer", "roles": ["viewer"] }), (422, "role_conflict")),
            (&own, json!({ "teams": ["nowhere"] }), (422, "team_unknown")),
            (&own, json!({ "workspaces": ["nowhere"] }), (422, "workspace_unknown")),
            (&own, json!({ "email": "other@x.test" }), (422, "unknown_field")),
            (&own, json!({ "expires_at": null }), (422, "wrong_type")),
            (&own, json!({ "expires_at": "2020-01-01T00:00:00Z" }), (422, "expiry_out_of_range")),
            (&one(&foreign), json!({ "role": "viewer" }), (404, "invitation_not_found")),
        ] {
            assert_eq!(world.cy.patch(path, body.clone()).await.refusal(), refusal, "{body}");
        }
        assert_eq!(world.rows().await, before);
        world.cy.patch(&own, json!({ "roles": ["viewer"] })).await.expect(200);
    }
);
