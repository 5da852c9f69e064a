//! Roles of the organization's own in the hands of members: what they add, and where the ceiling is (api.md 4.2.3).

use crate::support::World;
use crate::support::person::Person;
use serde_json::{Value, json};

fn path(person: &Person) -> String {
    format!("/organizations/acme/members/{}", person.id)
}

on_each_database!(
    async fn a_role_adds_to_what_a_member_may(world: World) {
        let id = world.role("auditor", &["invite:read", "audit:read"]).await;
        assert_eq!(world.cy.get("/organizations/acme/invitations").await.refusal(), (403, "permission_denied"));

        let reply = world.ben.patch(&path(&world.cy), json!({ "roles": [3, id] })).await;

        assert_eq!((&reply.expect(200)["role"], &reply.body["version"]), (&json!("member"), &json!(2)));
        assert_eq!(reply.body["roles"][1], json!({ "id": id, "key": "auditor", "name": "auditor" }));
        world.cy.get("/organizations/acme/invitations").await.expect(200);
        for org in [
            world.cy.get("/organizations/acme").await.expect(200).clone(),
            world.cy.get("/organizations").await.expect(200)["data"][0].clone(),
        ] {
            let permissions = org["current_user_permissions"].as_array().expect("a list");
            assert!(permissions.contains(&json!("audit:read")) && permissions.contains(&json!("team:read")), "{org}");
            assert_eq!(org["current_user_role"], "member");
        }
        let listed = world.cy.get("/organizations/acme/members?role=auditor").await;
        assert_eq!(listed.body["data"][0]["roles"], reply.body["roles"]);

        let changed = world.ben.patch(&path(&world.cy), json!({ "role": "viewer" })).await;
        assert_eq!(keys(changed.expect(200)), ["viewer", "auditor"]);
        let again = world.ben.patch(&path(&world.cy), json!({ "roles": ["auditor", "viewer", "auditor"] })).await;
        assert_eq!(again.expect(200)["version"], 3);
        let taken = world.ben.patch(&path(&world.cy), json!({ "roles": ["viewer"] })).await;
        assert_eq!(keys(taken.expect(200)), ["viewer"]);
        assert_eq!(world.cy.get("/organizations/acme/invitations").await.refusal(), (403, "permission_denied"));
        let log = "select changes from audit_events where action = 'member.role_changed' order by id";
        assert!(world.database.texts(log).await[0].contains("auditor"));
    }
);

fn keys(member: &Value) -> Vec<&str> {
    member["roles"].as_array().expect("roles").iter().filter_map(|role| role["key"].as_str()).collect()
}

on_each_database!(
    async fn without_a_system_role_it_is_the_usual_one(world: World) {
        world.role("auditor", &["audit:read"]).await;
        world.ada.patch("/organizations/acme", json!({ "settings": { "default_role": "viewer" } })).await.expect(200);

        let reply = world.ben.patch(&path(&world.cy), json!({ "roles": ["auditor"] })).await;

        assert_eq!(keys(reply.expect(200)), ["viewer", "auditor"]);
        for (roles, code) in [
            (json!(["admin", "member"]), "role_conflict"),
            (json!(["viewer", "nobody"]), "role_unknown"),
            (json!(["viewer", 999]), "role_unknown"),
            (json!(["viewer", "a,b"]), "role_unknown"),
        ] {
            let refused = world.ben.patch(&path(&world.cy), json!({ "roles": roles })).await;
            assert_eq!(refused.refusal(), (422, code), "{roles}");
        }
        let of_own = world.ben.patch(&path(&world.cy), json!({ "role": "auditor" })).await;
        assert_eq!(of_own.refusal(), (422, "role_unknown"));
    }
);

/// Cy manages members and roles and may nothing else that an admin may.
async fn with_a_manager(world: &World) {
    world.role("manager", &["member:write", "role:write", "invite:write"]).await;
    world.ada.patch(&path(&world.cy), json!({ "roles": ["member", "manager"] })).await.expect(200);
}

on_each_database!(
    async fn nobody_grants_more_than_they_have(world: World) {
        with_a_manager(&world).await;
        world.role("auditor", &["audit:read"]).await;
        let before = world.rows().await;
        let roles = "/organizations/acme/roles";

        for body in [json!({ "role": "admin" }), json!({ "roles": ["viewer", "auditor"] }), json!({ "role": "owner" })]
        {
            let refused = world.cy.patch(&path(&world.vi), body.clone()).await;
            assert_eq!(refused.refusal(), (403, "permission_escalation"), "{body}");
        }
        let wide = json!({ "key": "wide", "name": "Wide", "permissions": ["org:read", "token:write"] });
        assert_eq!(world.cy.post(roles, wide).await.refusal(), (403, "permission_escalation"));
        let account = json!({ "key": "acc", "name": "Acc", "permissions": ["user:write"] });
        assert_eq!(world.ada.post(roles, account).await.refusal(), (403, "permission_escalation"));
        let wider = world.cy.patch(&format!("{roles}/auditor"), json!({ "permissions": ["org:read"] })).await;
        assert_eq!(wider.refusal(), (403, "permission_escalation"));
        assert_eq!(world.cy.delete(&format!("{roles}/auditor")).await.refusal(), (403, "permission_escalation"));
        let invited = world.cy.post("/organizations/acme/invitations", json!({ "email": "e@x.test", "role": "admin" }));
        assert_eq!(invited.await.refusal(), (403, "permission_escalation"));
        assert_eq!(world.rows().await, before);

        let narrow = json!({ "key": "narrow", "name": "Narrow", "permissions": ["org:read", "invite:write"] });
        world.cy.post(roles, narrow).await.expect(201);
        let widened = world.cy.patch(&format!("{roles}/narrow"), json!({ "permissions": ["audit:read"] })).await;
        assert_eq!(widened.refusal(), (403, "permission_escalation"));
        let granted = world.cy.patch(&path(&world.vi), json!({ "roles": ["member", "narrow"] })).await;
        assert_eq!(keys(granted.expect(200)), ["member", "narrow"]);
    }
);

on_each_database!(
    async fn nobody_acts_on_one_who_may_more(world: World) {
        with_a_manager(&world).await;
        world.role("auditor", &["audit:read"]).await;
        world.role("greeter", &["invite:read"]).await;
        world.ada.patch(&path(&world.vi), json!({ "roles": ["viewer", "auditor"] })).await.expect(200);
        world.ada.patch(&path(&world.ben), json!({ "roles": ["admin", "greeter"] })).await.expect(200);
        let before = world.rows().await;

        for whom in [&world.vi, &world.ben, &world.bil] {
            let target = path(whom);
            let refused = [
                world.cy.patch(&target, json!({ "roles": ["viewer"] })).await,
                world.cy.delete(&target).await,
                world.cy.delete(&format!("{target}?dry_run=true")).await,
                world.cy.post(&format!("{target}/suspend"), json!({})).await,
            ];
            for reply in refused {
                assert_eq!(reply.refusal(), (403, "permission_escalation"), "{}", whom.email);
            }
        }
        let greeter = "/organizations/acme/roles/greeter";
        let patched = world.cy.patch(greeter, json!({ "permissions": ["org:read"] })).await;
        assert_eq!(patched.refusal(), (403, "permission_escalation"), "an admin holds it");
        let owner = path(&world.ada);
        for reply in [
            world.cy.patch(&owner, json!({ "role": "viewer" })).await,
            world.cy.post(&format!("{owner}/suspend"), json!({})).await,
            world.ben.put(&owner, json!({ "roles": ["admin"], "workspaces": [] })).await,
            world.pat.post(&format!("{owner}/suspend"), json!({})).await,
        ] {
            assert_eq!(reply.refusal(), (409, "owner_protected"));
        }
        assert_eq!(world.rows().await, before);
        world.pat.patch(&path(&world.ben), json!({ "role": "viewer" })).await.expect(200);
    }
);

on_each_database!(
    async fn nobody_changes_the_own_roles(world: World) {
        with_a_manager(&world).await;

        for body in [json!({ "role": "viewer" }), json!({ "roles": ["member"] }), json!({ "roles": ["manager"] })] {
            let expected = if body["roles"] == json!(["manager"]) { 200 } else { 409 };
            let reply = world.cy.patch("/organizations/acme/members/@me", body.clone()).await;
            assert_eq!(reply.status, expected, "{body}: {}", reply.text);
        }
    }
);

on_each_database!(
    async fn a_role_that_is_taken_while_its_holder_acts_grants_nothing_more(world: World) {
        with_a_manager(&world).await;
        let (cy, vi) = (path(&world.cy), path(&world.vi));
        for round in 0..8 {
            world.ada.patch(&cy, json!({ "roles": ["member", "manager"] })).await.expect(200);
            world.ada.patch(&vi, json!({ "role": "viewer" })).await.expect(200);
            let (taken, granted) = tokio::join!(
                world.ada.patch(&cy, json!({ "roles": ["member"] })),
                world.cy.patch(&vi, json!({ "role": "member" })),
            );
            taken.expect(200);
            assert!([200, 403].contains(&granted.status), "{round}: {}", granted.text);
            let last = world
                .database
                .texts(
                    "select target_name from audit_events where action = 'member.role_changed'
                     order by created_at desc, id desc limit 1",
                )
                .await;
            if granted.status == 200 {
                assert_eq!(last, ["Cy Member"], "{round}: the grant came after the role was gone");
            }
        }
    }
);

on_each_database!(
    async fn roles_are_of_one_organization(world: World) {
        let id = world.role("auditor", &["audit:read"]).await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        world.dot.post("/organizations/bolts/invitations", json!({ "email": "cy@acme.test" })).await.expect(201);
        let token = world.last_token("cy@acme.test").await;
        world.cy.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);
        world.ada.patch(&path(&world.cy), json!({ "roles": ["member", "auditor"] })).await.expect(200);

        let there = format!("/organizations/bolts/members/{}", world.cy.id);
        for role in [json!(id), json!("auditor")] {
            let refused = world.dot.patch(&there, json!({ "roles": ["member", role] })).await;
            assert_eq!(refused.refusal(), (422, "role_unknown"));
        }
        assert_eq!(keys(world.dot.get(&there).await.expect(200)), ["member"]);
        let bolts = world.cy.get("/organizations/bolts").await;
        let permissions = bolts.expect(200)["current_user_permissions"].to_string();
        assert!(!permissions.contains("audit:read"), "{permissions}");
    }
);
