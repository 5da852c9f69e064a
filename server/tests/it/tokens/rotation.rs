//! A new secret for a token, and how long the old one lives.

use crate::support::World;
use crate::support::person::Person;
use serde_json::{Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// A new token at this address: its path, and a program that has it.
async fn program(person: &Person, tokens: &str) -> (String, Person) {
    let new = json!({ "name": "Deploys", "scopes": ["org:read"], "expires_in_days": 1 });
    let reply = person.post(tokens, new).await;
    let path = format!("{tokens}/{}", reply.expect(201)["id"].as_str().expect("an id"));
    (path, with_secret(person, &reply.body))
}

fn with_secret(person: &Person, body: &Value) -> Person {
    person.with_token(body["token"].as_str().expect("a secret"))
}

on_each_database!(
    async fn the_former_secret_lives_as_long_as_it_was_given(world: World) {
        for tokens in ["/users/@me/tokens", "/organizations/acme/tokens"] {
            let (path, old) = program(&world.ada, tokens).await;

            let rotated = world.ada.post(&format!("{path}/rotate"), json!({ "grace_minutes": 10 })).await;
            let new = with_secret(&world.ada, rotated.expect(200));

            assert!(path.ends_with(rotated.body["id"].as_str().expect("an id")));
            assert_eq!(rotated.header("cache-control"), "no-store");
            for secret in [&old, &new] {
                secret.get("/organizations/acme").await.expect(200);
            }
            world.advance(10 * MINUTE);
            assert_eq!(old.get("/organizations/acme").await.refusal(), (401, "invalid_token"), "{tokens}");
            new.get("/organizations/acme").await.expect(200);

            let again = world.ada.post_nothing(&format!("{path}/rotate")).await;
            assert_eq!(new.get("/organizations/acme").await.refusal(), (401, "invalid_token"), "{tokens}");
            with_secret(&world.ada, again.expect(200)).get("/organizations/acme").await.expect(200);
        }
        assert_eq!(world.count("audit_events where action = 'token.rotated'").await, 4);
    }
);

on_each_database!(
    async fn a_former_secret_dies_with_its_token(world: World) {
        let (path, old) = program(&world.ben, "/organizations/acme/tokens").await;
        let rotated = world.ben.post(&format!("{path}/rotate"), json!({ "grace_minutes": 1440 })).await;
        let new = with_secret(&world.ben, rotated.expect(200));
        old.get("/organizations/acme").await.expect(200);

        world.ben.delete(&path).await.expect(204);

        for secret in [&old, &new] {
            assert_eq!(secret.get("/organizations/acme").await.refusal(), (401, "invalid_token"));
        }
        let dead = world.ben.post_nothing(&format!("{path}/rotate")).await;
        assert_eq!(dead.refusal(), (409, "token_revoked"));
    }
);

on_each_database!(
    async fn grace_lasts_a_day_at_most_and_brings_nothing_back(world: World) {
        let (path, _) = program(&world.ada, "/users/@me/tokens").await;
        for minutes in [json!(-1), json!(1441), json!(i64::MAX)] {
            let reply = world.ada.post(&format!("{path}/rotate"), json!({ "grace_minutes": minutes })).await;
            assert_eq!((reply.status, reply.errors()), (422, vec![("#/grace_minutes", "expiry_out_of_range")]));
        }

        world.advance(12 * 60 * MINUTE);
        world.ada.get("/users/@me").await.expect(200);
        world.advance(12 * 60 * MINUTE);

        let late = world.ada.post_nothing(&format!("{path}/rotate")).await;
        assert_eq!(late.refusal(), (409, "token_revoked"));
    }
);
