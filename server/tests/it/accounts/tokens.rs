//! Programs that come with an access token.

use crate::support::World;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

on_each_database!(
    async fn a_token_acts_for_its_person_within_its_scopes(world: World) {
        let program = world.bearer(&world.ada, &["org:read", "user:read"]).await;

        let org = program.get("/organizations/acme").await;
        let me = program.get("/users/@me").await;

        assert_eq!(org.expect(200)["current_user_role"], "owner");
        assert_eq!(org.body["current_user_permissions"], json!(["org:read"]));
        assert_eq!(me.expect(200)["auth"]["type"], "token");
        assert_eq!(me.body["auth"]["scopes"], json!(["org:read", "user:read"]));
        assert!(org.headers.get("set-cookie").is_none());
    }
);

on_each_database!(
    async fn a_missing_scope_is_named(world: World) {
        let program = world.bearer(&world.ada, &["org:read"]).await;

        for (method, path, scope) in [
            (Method::GET, "/organizations/acme/members", "member:read"),
            (Method::GET, "/organizations/acme/members/@me", "org:read"),
            (Method::GET, "/organizations/acme/invitations", "invite:read"),
            (Method::POST, "/organizations/acme/invitations", "invite:write"),
            (Method::POST, "/organizations", "org:create"),
            (Method::PATCH, "/organizations/acme", "org:update"),
            (Method::DELETE, "/organizations/acme/members/@me", "org:read"),
            (Method::POST, "/organizations/acme/transfer-ownership", "org:transfer"),
            (Method::GET, "/users/@me", "user:read"),
            (Method::GET, "/users/@me/invitations", "user:read"),
        ] {
            if scope == "org:read" {
                continue;
            }
            let reply = program.call(method.clone(), path).json(&json!({})).send().await;
            assert_eq!(reply.refusal(), (403, "insufficient_scope"), "{method} {path}");
            let challenge = format!(r#"Bearer realm="api", error="insufficient_scope", scope="{scope}""#);
            assert_eq!(reply.header("www-authenticate"), challenge, "{method} {path}");
        }
    }
);

on_each_database!(
    async fn a_bad_token_is_never_covered_by_a_good_cookie(world: World) {
        let good = world.bearer(&world.cy, &["user:read"]).await;
        let token = server::service::tokens::issue(&world.app, &world.cy.email, "t", &["user:read".into()], 1).await;
        let token = token.expect("a token").token;
        good.get("/users/@me").await.expect(200);
        let cut = &token[..token.len() - 1];
        for authorization in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer  x",
            "Bearer x y",
            "Basic YTpi",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
            &format!("Bearer {cut}"),
            &format!("Bearer {token}x"),
            &format!("Bearer  {token}"),
            &format!("Bearer {token} {token}"),
            &format!("Token {token}"),
        ] {
            for path in ["/users/@me", "/organizations/acme"] {
                let reply = world.cy.call(Method::GET, path).header("authorization", authorization).send().await;
                assert_eq!(reply.status, 401, "{authorization:?} {path}");
                assert!(["unauthenticated", "invalid_token"].contains(&reply.refusal().1), "{authorization:?}");
                assert!(reply.header("www-authenticate").starts_with(r#"Bearer realm="api""#), "{authorization:?}");
            }
        }
        let bad = world.anon.with_token(cut).get("/users/@me").await;
        assert_eq!(bad.header("www-authenticate"), r#"Bearer realm="api", error="invalid_token""#);
    }
);

on_each_database!(
    async fn a_token_wins_over_the_cookie_and_sets_none(world: World) {
        let token = server::service::tokens::issue(&world.app, &world.cy.email, "t", &["user:read".into()], 1).await;
        let authorization = format!("Bearer {}", token.expect("a token").token);

        let reply = world.ada.call(Method::GET, "/users/@me").header("authorization", &authorization).send().await;

        assert_eq!(reply.expect(200)["email"], "cy@acme.test");
        assert!(reply.headers.get("set-cookie").is_none());
    }
);

on_each_database!(
    async fn a_token_ends_when_it_was_said_to(world: World) {
        let issued = server::service::tokens::issue(&world.app, &world.cy.email, "t", &["user:read".into()], 1).await;
        let program = world.anon.with_token(&issued.expect("a token").token);
        program.get("/users/@me").await.expect(200);

        world.advance(Duration::from_secs(24 * 60 * 60));

        let late = program.get("/users/@me").await;
        assert_eq!(late.refusal(), (401, "token_expired"));
        assert_eq!(late.header("www-authenticate"), r#"Bearer realm="api", error="invalid_token""#);
    }
);

on_each_database!(
    async fn a_revoked_token_is_dead(world: World) {
        let program = world.bearer(&world.cy, &["user:read"]).await;
        world.database.execute("update tokens set revoked_at = 1", &[]).await;

        assert_eq!(program.get("/users/@me").await.refusal(), (401, "invalid_token"));
    }
);

on_each_database!(
    async fn some_things_only_a_person_does(world: World) {
        let program = world.bearer(&world.cy, &["user:write"]).await;

        assert_eq!(program.post_nothing("/users/@me/verification").await.refusal(), (403, "session_required"));
        let reauthenticated = program.post("/auth/reauthenticate", json!({ "password": "x" })).await;
        assert_eq!(reauthenticated.refusal(), (403, "session_required"));
    }
);

on_each_database!(
    async fn only_a_digest_of_a_token_is_stored(world: World) {
        let issued = server::service::tokens::issue(&world.app, &world.cy.email, "t", &["user:read".into()], 1).await;
        let token = issued.expect("a token").token;

        let rows = world.database.texts("select name || prefix || digest || scopes from tokens").await;

        assert!(token.starts_with("gdh_pat_"));
        assert!(rows.iter().all(|row| !row.contains(&token[12..])), "{rows:?}");
    }
);

on_each_database!(
    async fn last_use_is_written_once_a_minute(world: World) {
        let program = world.bearer(&world.cy, &["user:read"]).await;
        let used = "select coalesce(last_used_at, 0) from tokens";
        program.get("/users/@me").await.expect(200);
        let first = world.database.number(used).await;

        world.advance(Duration::from_secs(30));
        program.get("/users/@me").await.expect(200);
        assert_eq!(world.database.number(used).await, first);

        world.advance(Duration::from_secs(31));
        program.get("/users/@me").await.expect(200);
        assert!(world.database.number(used).await > first);
    }
);

on_each_database!(
    async fn a_token_gives_away_no_more_than_it_may_itself(world: World) {
        let path = "/organizations/acme/invitations";
        let program = world.bearer(&world.ada, &["org:read", "invite:write"]).await;

        let member = program.post(path, json!({ "email": "eve@x.test", "role": "member" })).await;
        let viewer = program.post(path, json!({ "email": "eve@x.test", "role": "viewer" })).await;

        assert_eq!(member.refusal(), (403, "permission_escalation"));
        viewer.expect(201);
    }
);
