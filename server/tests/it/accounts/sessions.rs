//! Signing in and out, and how long it lasts.

use crate::support::World;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);

on_each_database!(
    async fn cy_signs_in_and_is_known(world: World) {
        let cy = world.cy.fresh();

        let reply = cy.log_in(PASSWORD).await;

        assert_eq!(reply.expect(200)["user"]["email"], "cy@acme.test");
        assert_eq!(reply.header("cache-control"), "no-store");
        let me = cy.get("/users/@me").await.expect(200).clone();
        assert_eq!(me["id"], world.cy.id.as_str());
        assert_eq!(me["full_name"], "Cy Member");
        assert_eq!(me["email_verified"], true);
        assert_eq!(me["platform_admin"], false);
        assert_eq!(me["two_factor_enabled"], false);
        assert_eq!(me["auth"], json!({ "type": "session", "token_id": null, "scopes": null }));
        assert!(me.get("password_hash").is_none());
    }
);

on_each_database!(
    async fn an_address_is_the_same_in_capitals(world: World) {
        world.anon.post("/auth/login", json!({ "email": "CY@ACME.test", "password": PASSWORD })).await.expect(200);
    }
);

on_each_database!(
    async fn a_wrong_password_and_an_unknown_address_look_alike(world: World) {
        let try_as = |email: &'static str| {
            let anon = world.anon.fresh();
            async move { anon.post("/auth/login", json!({ "email": email, "password": "granite otter violin 43" })).await }
        };

        let (known, unknown) = (try_as("cy@acme.test").await, try_as("nobody@acme.test").await);

        assert_eq!(known.refusal(), (401, "invalid_credentials"));
        let bare = |body: &Value| {
            let mut body = body.clone();
            for varying in ["instance", "request_id"] {
                body[varying] = Value::Null;
            }
            body
        };
        assert_eq!((unknown.status, bare(&unknown.body)), (known.status, bare(&known.body)));
        assert_eq!(unknown.text.len(), known.text.len());
        assert_eq!(unknown.headers.keys().collect::<Vec<_>>(), known.headers.keys().collect::<Vec<_>>());
        assert!(known.headers.get("set-cookie").is_none());
    }
);

on_each_database!(
    async fn the_cookie_is_for_the_server_alone(world: World) {
        let reply = world.cy.fresh().log_in(PASSWORD).await;

        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("sid="), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn over_tls_the_cookie_is_bound_to_the_host(world: World) {
        let reply = world.cy.fresh().log_in(PASSWORD).await;

        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("__Host-sid="), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(!reply.header("strict-transport-security").is_empty());
    }
);

on_each_database!(
    async fn signing_out_ends_every_copy_of_the_cookie(world: World) {
        let copy = world.cy.copied();
        assert!(copy.is_signed_in().await);

        world.cy.post_nothing("/auth/logout").await.expect(204);

        assert_eq!(world.cy.cookie(), None);
        assert!(!copy.is_signed_in().await);
        assert_eq!(world.cy.post_nothing("/auth/logout").await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    async fn signing_out_here_leaves_the_other_device_alone(world: World) {
        let other = world.cy.fresh();
        other.log_in(PASSWORD).await.expect(200);

        world.cy.post_nothing("/auth/logout").await.expect(204);

        assert!(other.is_signed_in().await);
    }
);

on_each_database!(
    async fn signing_in_gives_a_new_cookie_and_kills_the_old_one(world: World) {
        let old = world.cy.copied();

        world.cy.log_in(PASSWORD).await.expect(200);

        assert_ne!(world.cy.cookie(), old.cookie());
        assert!(world.cy.is_signed_in().await);
        assert!(!old.is_signed_in().await);
    }
);

on_each_database!(
    async fn a_cookie_that_somebody_made_up_is_never_adopted(world: World) {
        let planted = "sid=AAAAAAAAAAAAAAAAAAAAAA";
        let cy = world.cy.with_cookie(planted);

        cy.log_in(PASSWORD).await.expect(200);

        assert_ne!(cy.cookie().as_deref(), Some(planted));
        assert!(!world.cy.with_cookie(planted).is_signed_in().await);
    }
);

on_each_database!(
    async fn a_sign_in_that_is_not_used_ends_after_a_day(world: World) {
        for _ in 0..3 {
            world.advance(23 * HOUR);
            assert!(world.cy.is_signed_in().await);
        }

        world.advance(24 * HOUR + Duration::from_secs(1));

        assert!(!world.cy.is_signed_in().await);
    }
);

on_each_database!(
    async fn a_sign_in_ends_after_thirty_days_however_much_it_is_used(world: World) {
        for _ in 0..35 {
            world.advance(20 * HOUR);
            assert!(world.cy.is_signed_in().await);
        }

        world.advance(20 * HOUR);

        assert!(!world.cy.is_signed_in().await);
    }
);

on_each_database!(
    async fn a_disabled_account_is_out_at_once(world: World) {
        let program = world.bearer(&world.cy, &["user:read"]).await;
        world.database.execute("update users set disabled_at = 1 where email = 'cy@acme.test'", &[]).await;

        assert_eq!(world.cy.get("/users/@me").await.refusal(), (401, "unauthenticated"));
        assert_eq!(program.get("/users/@me").await.refusal(), (401, "invalid_token"));
        assert_eq!(world.cy.fresh().log_in(PASSWORD).await.refusal(), (403, "account_disabled"));
        assert_eq!(world.cy.fresh().log_in("granite otter violin 43").await.refusal(), (401, "invalid_credentials"));
    }
);

on_each_database!(
    async fn confirming_the_password_makes_a_new_cookie(world: World) {
        let old = world.cy.copied();

        let wrong = world.cy.post("/auth/reauthenticate", json!({ "password": "granite otter violin 43" })).await;
        assert_eq!(wrong.refusal(), (403, "wrong_password"));
        world.cy.post("/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);

        assert_ne!(world.cy.cookie(), old.cookie());
        assert!(world.cy.is_signed_in().await);
        assert!(!old.is_signed_in().await);
    }
);

on_each_database!(
    with[("rate_limits", "login=10/60s")],
    async fn the_eleventh_try_waits_from_wherever_it_claims_to_come(world: World) {
        for number in 0..10 {
            let call = world.anon.call(Method::POST, "/auth/login");
            let call = call.json(&json!({ "email": "cy@acme.test", "password": "granite otter violin 43" }));
            let reply = call.header("x-forwarded-for", &format!("10.0.0.{number}")).send().await;
            assert_eq!(reply.refusal(), (401, "invalid_credentials"), "{number}");
        }

        let right = world.anon.call(Method::POST, "/auth/login").header("x-forwarded-for", "10.9.9.9");
        let right = right.json(&json!({ "email": "dot@elsewhere.test", "password": PASSWORD })).send().await;

        assert_eq!(right.refusal(), (429, "rate_limited"));
        assert!(right.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=60).contains(&wait)));
    }
);

on_each_database!(with [("rate_limits", "login=3/60s"), ("trusted_proxies", "127.0.0.1")], async fn a_trusted_proxy_is_believed(world: World) {
    for number in 0..9 {
        let call = world.anon.call(Method::POST, "/auth/login");
        let call = call.json(&json!({ "email": format!("p{number}@acme.test"), "password": PASSWORD }));
        let reply = call.header("x-forwarded-for", &format!("1.1.1.1, 10.0.0.{}", number / 3)).send().await;
        assert_eq!(reply.refusal(), (401, "invalid_credentials"), "{number}");
    }

    let call = world.anon.call(Method::POST, "/auth/login").header("x-forwarded-for", "2.2.2.2, 10.0.0.0");
    let reply = call.json(&json!({ "email": "p10@acme.test", "password": PASSWORD })).send().await;

    assert_eq!(reply.refusal(), (429, "rate_limited"));
});
