//! The same request once more (`Idempotency-Key`).

use crate::support::person::Person;
use crate::support::world::PASSWORD;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";

async fn post(person: &Person, path: &str, key: &str, body: &Value) -> Reply {
    person.call(Method::POST, path).json(body).header("idempotency-key", key).send().await
}

on_each_database!(
    async fn of_many_at_once_one_has_an_effect(world: World) {
        let before = world.rows().await;
        let body = json!({ "name": "Bolts" });
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (ada, body) = (world.ada.clone(), body.clone());
            tasks.spawn(async move { post(&ada, "/organizations", "k-1", &body).await });
        }

        let replies = tasks.join_all().await;

        let after = world.rows().await;
        assert_eq!((after[0], after[5]), (before[0] + 1, before[5] + 1));
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(reply.refusal(), (409, "idempotency_in_progress"));
            assert_eq!(reply.header("retry-after"), "1");
        }
        let done: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
        assert_eq!(done.iter().filter(|reply| reply.header("idempotency-replayed").is_empty()).count(), 1);
        let late = post(&world.ada, "/organizations", "k-1", &body).await;
        assert_eq!(late.header("idempotency-replayed"), "true");
        assert!(done.iter().all(|reply| reply.body == *late.expect(201)));
        assert_eq!(late.header("location"), done[0].header("location"));
        assert_eq!(late.header("etag"), done[0].header("etag"));
        assert_eq!(world.rows().await, after);
    }
);

on_each_database!(
    async fn a_key_belongs_to_one_request_of_one_person(world: World) {
        let (first, other) = (json!({ "email": "a@x.test" }), json!({ "email": "b@x.test" }));
        post(&world.ben, INVITATIONS, "k", &first).await.expect(201);

        for (path, body) in [(INVITATIONS, &other), (&format!("{INVITATIONS}?on_conflict=resend"), &first)] {
            let reused = post(&world.ben, path, "k", body).await;
            assert_eq!(reused.refusal(), (422, "idempotency_key_reused"), "{path}");
        }
        // Another form of the same answer is no other request.
        let camel = post(&world.ben, &format!("{INVITATIONS}?case=camel"), "k", &first).await;
        assert_eq!((camel.status, camel.header("idempotency-replayed")), (201, "true"));
        assert!(camel.body["createdAt"].is_string());
        // Neither another person nor another route knows of it, and a refusal is an answer too.
        assert_eq!(post(&world.ada, INVITATIONS, "k", &first).await.refusal(), (409, "already_invited"));
        post(&world.ben, "/organizations", "k", &json!({ "name": "Bolts" })).await.expect(201);
        world.ada.delete(&format!("{INVITATIONS}/{}", camel.body["id"].as_str().expect("an id"))).await.expect(204);
        let refused = post(&world.ada, INVITATIONS, "k", &first).await;
        assert_eq!(refused.refusal(), (409, "already_invited"));
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.header("idempotency-replayed"), "true");
        for key in ["", "a b", "ä", &"k".repeat(256)] {
            let reply = post(&world.ada, INVITATIONS, key, &first).await;
            assert_eq!(reply.refusal(), (400, "idempotency_key_invalid"), "{key}");
            assert_eq!(reply.body["errors"][0]["header"], "Idempotency-Key");
        }
        post(&world.ada, INVITATIONS, &"k".repeat(255), &first).await.expect(201);
        assert_eq!(post(&world.anon, INVITATIONS, "k", &first).await.refusal(), (401, "unauthenticated"));
        // Other methods can be repeated as they are.
        let path = "/organizations/acme";
        for bio in ["a", "b"] {
            let call = world.ada.call(Method::PATCH, path).json(&json!({ "bio": bio })).header("idempotency-key", "k");
            assert_eq!(call.send().await.expect(200)["bio"], bio);
        }
    }
);

on_each_database!(
    async fn no_secret_is_kept(world: World) {
        let body = json!({ "email": "eve@x.test" });
        let first = post(&world.ben, INVITATIONS, "k", &body).await;
        assert!(first.expect(201)["accept_url"].is_string());

        let again = post(&world.ben, INVITATIONS, "k", &body).await;

        assert_eq!((&again.expect(201)["id"], &again.body["accept_url"]), (&first.body["id"], &Value::Null));
        let token = world.last_token("eve@x.test").await;
        let password = json!({ "password": PASSWORD });
        let credentials = json!({ "email": world.cy.email, "password": PASSWORD });
        post(&world.cy, "/auth/login", "k", &credentials).await.expect(200);
        post(&world.cy, "/auth/reauthenticate", "k", &password).await.expect(204);
        post(&world.cy, &format!("/invitations/{token}/decline"), "k", &json!({})).await.expect(204);
        assert_eq!(world.count("idempotency_keys").await, 1);
        let kept = world.database.texts("select route || body_digest || answer from idempotency_keys").await;
        assert!(kept[0].contains("eve@x.test") && !kept[0].contains(&token[..12]), "{kept:?}");
    }
);

on_each_database!(
    with[("rate_limits", "invite-create=1/3600s")],
    async fn what_may_be_answered_otherwise_later_is_not_kept(world: World) {
        post(&world.ben, INVITATIONS, "a", &json!({ "email": "a@x.test" })).await.expect(201);

        let refused = post(&world.ben, INVITATIONS, "b", &json!({ "email": "b@x.test" })).await;

        assert_eq!(refused.refusal(), (429, "rate_limited"));
        assert_eq!(world.count("idempotency_keys").await, 1);
    }
);

on_each_database!(
    async fn a_request_that_never_ended_blocks_nobody_for_long(world: World) {
        let body = json!({ "name": "Bolts" });
        post(&world.ada, "/organizations", "k", &body).await.expect(201);
        // As if the server had died before it could keep the answer.
        world.database.execute("update idempotency_keys set status = null, answer = null", &[]).await;

        let soon = post(&world.ada, "/organizations", "k", &body).await;
        world.advance(Duration::from_secs(60));
        let later = post(&world.ada, "/organizations", "k", &body).await;
        let again = post(&world.ada, "/organizations", "k", &body).await;

        assert_eq!(soon.refusal(), (409, "idempotency_in_progress"));
        assert_eq!(later.expect(201)["slug"], "bolts-2");
        assert_eq!(again.expect(201), &later.body);
        world.advance(Duration::from_secs(24 * 60 * 60));
        world.ada.log_in(PASSWORD).await.expect(200);
        assert_eq!(post(&world.ada, "/organizations", "k", &body).await.expect(201)["slug"], "bolts-3");
        world.advance(Duration::from_secs(24 * 60 * 60));
        world.app.tidy().await.expect("tidied");
        assert_eq!(world.count("idempotency_keys").await, 0);
    }
);

on_each_database!(
    async fn an_answer_is_told_again_only_to_who_may_see_it(world: World) {
        let team = world.ada.post("/organizations/acme/teams", json!({ "name": "Wheels" })).await;
        let places = format!("/organizations/acme/teams/{}/members", team.expect(201)["id"].as_str().expect("an id"));
        let lead = json!({ "user_id": world.cy.id, "role": "lead" });
        world.ada.post(&places, lead).await.expect(201);
        let (invitation, place) = (json!({ "email": "eve@x.test" }), json!({ "user_id": world.vi.id }));
        post(&world.ben, INVITATIONS, "k", &invitation).await.expect(201);
        post(&world.cy, &places, "k", &place).await.expect(201);
        let narrow = world.bearer(&world.ben, &["org:read"]).await;

        // Who leads a team has no permission of the role, and is told again nevertheless.
        assert_eq!(post(&world.cy, &places, "k", &place).await.header("idempotency-replayed"), "true");
        // Whatever the path: every route knows what it asks for.
        let founded = json!({ "name": "Bolts" });
        post(&world.ben, "/organizations", "k", &founded).await.expect(201);
        post(&world.ben, "/orgs/acme/teams", "k", &json!({ "name": "Gears" })).await.expect(201);
        for (path, body) in [
            (INVITATIONS, invitation.clone()),
            ("/organizations", founded),
            ("/orgs/acme/teams", json!({ "name": "Gears" })),
        ] {
            assert_eq!(post(&narrow, path, "k", &body).await.refusal(), (403, "insufficient_scope"), "{path}");
        }
        let ben = format!("/organizations/acme/members/{}", world.ben.id);
        world.ada.post_nothing(&format!("{ben}/suspend")).await.expect(200);
        assert_eq!(post(&world.ben, INVITATIONS, "k", &invitation).await.refusal(), (404, "organization_not_found"));
        world.ada.post_nothing(&format!("{ben}/restore")).await.expect(200);
        assert_eq!(post(&world.ben, INVITATIONS, "k", &invitation).await.header("idempotency-replayed"), "true");
    }
);

on_each_database!(
    async fn who_has_left_is_told_again_that_it_was_done(world: World) {
        let leave = || world.cy.call(Method::POST, "/organizations/acme/leave").header("idempotency-key", "k").send();
        leave().await.expect(204);
        let again = leave().await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (204, "true"));
    }
);
