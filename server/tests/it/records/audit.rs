//! Every change has its event, written with it (api.md 4.8.7, security.md A1).

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use reqwest::Method;
use serde_json::{Value, json};

/// The actions of the events since the last look, the oldest first.
async fn since(world: &World, seen: &mut usize) -> Vec<String> {
    let all = world.database.texts("select action from audit_events order by created_at, id").await;
    let new = all[*seen..].to_vec();
    *seen = all.len();
    new
}

on_each_database!(
    with[("sign_up", "open")],
    async fn each_change_of_an_account_is_recorded(world: World) {
        let mut seen = 0;
        since(&world, &mut seen).await;

        world.anon.post("/auth/sign-up", json!({ "email": "eve@x.test", "password": PASSWORD })).await.expect(202);
        assert_eq!(since(&world, &mut seen).await, ["user.created"]);
        let token = world.last_token("eve@x.test").await;
        world.anon.post("/auth/verify-email", json!({ "token": token })).await.expect(204);
        assert_eq!(since(&world, &mut seen).await, ["user.updated"]);
        world.anon.post("/auth/password/forgot", json!({ "email": "eve@x.test" })).await.expect(202);
        let token = world.last_token("eve@x.test").await;
        world
            .anon
            .post("/auth/password/reset", json!({ "token": token, "password": OTHER_PASSWORD }))
            .await
            .expect(204);
        assert_eq!(since(&world, &mut seen).await, ["user.password_changed"]);
        world.bearer(&world.cy, &["org:read"]).await;
        assert_eq!(since(&world, &mut seen).await, ["token.created"]);
    }
);

on_each_database!(
    async fn each_change_of_an_organization_is_recorded(world: World) {
        let mut seen = 0;
        since(&world, &mut seen).await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);
        let transfer = "/organizations/acme/transfer-ownership";

        for (person, method, path, body, actions) in [
            (&world.dot, Method::POST, "/organizations", json!({ "name": "Bolts" }), ["org.created"].as_slice()),
            (&world.ben, Method::PATCH, "/organizations/acme", json!({ "bio": "new" }), &["org.updated"]),
            (
                &world.ben,
                Method::PATCH,
                "/organizations/acme",
                json!({ "settings": { "invitation_ttl_days": 3 } }),
                &["org.settings_changed"],
            ),
            (&world.ben, Method::PATCH, &cy, json!({ "role": "viewer" }), &["member.role_changed"]),
            (
                &world.ben,
                Method::POST,
                "/organizations/acme/invitations",
                json!({ "email": "eve@x.test" }),
                &["invitation.created"],
            ),
            (&world.ben, Method::DELETE, &cy, Value::Null, &["member.removed"]),
            (&world.vi, Method::POST, "/organizations/acme/leave", Value::Null, &["member.left"]),
            (
                &world.ada,
                Method::POST,
                transfer,
                json!({ "new_owner_uid": world.ben.id }),
                &["org.ownership_transferred"],
            ),
        ] {
            let call = person.call(method.clone(), path);
            let call = if body.is_null() { call } else { call.json(&body) };
            let reply = call.header("x-request-id", "request-of-a-test").send().await;
            assert!(reply.status < 300, "{method} {path}: {}", reply.text);
            assert_eq!(since(&world, &mut seen).await, actions, "{method} {path}");
        }
        let origins = world.database.texts("select actor_name || ' ' || coalesce(ip, '') from audit_events where request_id = 'request-of-a-test' order by id").await;
        let ben = "Ben Admin 127.0.0.1";
        assert_eq!(
            origins,
            ["Dot Outsider 127.0.0.1", ben, ben, ben, ben, ben, "Vi Viewer 127.0.0.1", "Ada Owner 127.0.0.1"]
        );
    }
);

on_each_database!(
    async fn each_change_of_an_invitation_is_recorded(world: World) {
        let mut seen = 0;
        let revoked = world.invited(&world.ben, json!({ "email": "a@x.test" })).await;
        let declined = world.invited(&world.ben, json!({ "email": "b@x.test" })).await;
        let accepted = world.invited(&world.ben, json!({ "email": "c@x.test" })).await;
        world.invited(&world.ben, json!({ "email": "d@x.test", "expires_in_days": 1 })).await;
        since(&world, &mut seen).await;

        world.ada.post_nothing(&format!("/organizations/acme/invitations/{}/resend", revoked.id)).await.expect(200);
        assert_eq!(since(&world, &mut seen).await, ["invitation.resent"]);
        world.ada.delete(&format!("/organizations/acme/invitations/{}", revoked.id)).await.expect(204);
        assert_eq!(since(&world, &mut seen).await, ["invitation.revoked"]);
        world.anon.post_nothing(&format!("/invitations/{}/decline", declined.mailed)).await.expect(204);
        assert_eq!(since(&world, &mut seen).await, ["invitation.declined"]);
        let path = format!("/invitations/{}/accept", accepted.mailed);
        world.anon.fresh().post(&path, json!({ "password": PASSWORD })).await.expect(200);
        assert_eq!(since(&world, &mut seen).await, ["user.created", "invitation.accepted", "member.joined"]);
        world.advance(std::time::Duration::from_secs(23 * 60 * 60));
        world.ben.get("/users/@me").await.expect(200);
        world.advance(std::time::Duration::from_secs(2 * 60 * 60));
        world.invited(&world.ben, json!({ "email": "d@x.test" })).await;
        assert_eq!(since(&world, &mut seen).await, ["invitation.expired", "invitation.created"]);
    }
);

on_each_database!(
    async fn what_changed_is_told_from_what_to_what(world: World) {
        world
            .ben
            .patch("/organizations/acme", json!({ "name": "Acme Wheels", "bio": "new", "visibility": "private" }))
            .await
            .expect(200);
        world
            .ben
            .patch(&format!("/organizations/acme/members/{}", world.cy.id), json!({ "role": "viewer" }))
            .await
            .expect(200);

        let changes = world
            .database
            .texts(
                "select changes from audit_events where action in ('org.updated', 'member.role_changed') order by id",
            )
            .await;

        let read: Vec<Value> = changes.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
        assert_eq!(
            read[0],
            json!([
                { "field": "name", "from": "Acme Gears", "to": "Acme Wheels" },
                { "field": "bio", "from": null, "to": "new" },
            ])
        );
        assert_eq!(read[1], json!([{ "field": "role", "from": "member", "to": "viewer" }]));
    }
);

on_each_database!(
    async fn a_program_is_recorded_with_its_token(world: World) {
        let program = world.bearer(&world.ben, &["org:update"]).await;

        program.patch("/organizations/acme", json!({ "bio": "by a program" })).await.expect(200);

        let kinds = world
            .database
            .texts("select actor_kind from audit_events where action = 'org.updated' and token_id is not null")
            .await;
        assert_eq!(kinds, ["token"]);
    }
);

on_each_database!(
    async fn looking_is_not_recorded(world: World) {
        let before = world.rows().await;
        for path in [
            "/organizations",
            "/organizations/acme",
            "/organizations/acme/members",
            "/organizations/acme/members/@me",
            "/organizations/acme/invitations",
            "/organizations/check-slug?slug=x",
            "/users/@me",
            "/users/@me/invitations",
        ] {
            world.ada.get(path).await.expect(200);
        }
        assert_eq!(world.rows().await, before);
    }
);
