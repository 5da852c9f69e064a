//! Tokens that people make for their programs.

use crate::support::World;
use crate::support::person::Person;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const TOKENS: &str = "/users/@me/tokens";

/// A program with a new token of this person, and the token's path.
async fn program(person: &Person, body: Value) -> (Person, String) {
    let reply = person.post(TOKENS, body).await;
    let text = |member: &str| reply.expect(201)[member].as_str().expect(member).to_owned();
    (person.with_token(&text("token")), format!("{TOKENS}/{}", text("id")))
}

on_each_database!(
    async fn a_token_is_made_used_and_ended(world: World) {
        let made = world.cy.post(TOKENS, json!({ "name": "Backup", "scopes": ["user:write", "org:read"] })).await;
        let token = made.expect(201).clone();
        let secret = token["token"].as_str().expect("a secret");
        let path = format!("{TOKENS}/{}", token["id"].as_str().expect("an id"));
        assert!(secret.starts_with("gdh_pat_"));
        assert_eq!(token["prefix"], secret[..12]);
        assert_eq!(token["kind"], "personal");
        assert_eq!(token["scopes"], json!(["org:read", "user:read", "user:write"]));
        assert_eq!((&token["organizations"], &token["last_used_at"]), (&Value::Null, &Value::Null));
        assert_eq!(token["created_by"], world.cy.id.as_str());
        assert_eq!(made.header("cache-control"), "no-store");

        let program = world.anon.with_token(secret);
        assert_eq!(program.get("/users/@me").await.expect(200)["auth"]["token_id"], token["id"]);
        let listed = world.cy.get(TOKENS).await;
        assert_eq!(listed.column("name"), ["Backup"]);
        assert!(listed.body["data"][0].get("token").is_none() && !listed.text.contains(secret));
        assert!(listed.body["data"][0]["last_used_at"].is_string());

        for _ in 0..2 {
            world.cy.delete(&path).await.expect(204);
        }
        assert_eq!(program.get("/users/@me").await.refusal(), (401, "invalid_token"));
        assert!(world.cy.get(TOKENS).await.expect(200)["data"][0]["revoked_at"].is_string());
        let sql = "select action || changes from audit_events where target_kind = 'token' order by created_at, id";
        let events = world.database.texts(sql).await;
        let scopes = r#"[{"field":"scopes","from":null,"to":["org:read","user:read","user:write"]}]"#;
        assert_eq!(events, [format!("token.created{scopes}"), "token.revoked[]".to_owned()]);
    }
);

on_each_database!(
    async fn a_token_makes_no_token_and_ends_itself_alone(world: World) {
        let all = json!({ "name": "All", "scopes": ["user:write", "org:read", "token:write"] });
        let (first, first_path) = program(&world.cy, all.clone()).await;
        let (second, second_path) = program(&world.cy, all.clone()).await;

        for refused in [
            first.get(TOKENS).await,
            first.post(TOKENS, all).await,
            first.post_nothing(&format!("{first_path}/rotate")).await,
            first.delete(&second_path).await,
        ] {
            assert_eq!(refused.refusal(), (403, "session_required"));
        }
        first.delete(&first_path).await.expect(204);

        assert_eq!(first.get("/users/@me").await.refusal(), (401, "invalid_token"));
        second.get("/users/@me").await.expect(200);
    }
);

on_each_database!(
    async fn a_token_has_to_be_sensible(world: World) {
        let before = (world.rows().await, world.count("tokens").await);
        let anywhere = "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55";
        for (change, pointer, code) in [
            (json!({ "name": "" }), "#/name", "name_empty"),
            (json!({ "name": "a".repeat(101) }), "#/name", "name_too_long"),
            (json!({ "scopes": [] }), "#/scopes", "missing_field"),
            (json!({ "scopes": ["org:read", "org:fly"] }), "#/scopes/1", "scope_unknown"),
            (json!({ "scopes": "org:read" }), "#/scopes", "wrong_type"),
            (json!({ "expires_in_days": 0 }), "#/expires_in_days", "expiry_out_of_range"),
            (json!({ "expires_in_days": 366 }), "#/expires_in_days", "expiry_out_of_range"),
            (json!({ "expires_at": "2020-01-01T00:00:00Z" }), "#/expires_at", "expiry_out_of_range"),
            (json!({ "expires_at": "9999-01-01T00:00:00Z" }), "#/expires_at", "expiry_out_of_range"),
            (json!({ "expires_at": "tomorrow" }), "#/expires_at", "wrong_type"),
            (json!({ "organizations": [] }), "#/organizations", "missing_field"),
            (json!({ "organizations": ["acme"] }), "#/organizations/0", "wrong_type"),
            (json!({ "organizations": vec![anywhere; 101] }), "#/organizations", "too_many_items"),
            (json!({ "user_id": world.ada.id }), "#/user_id", "unknown_field"),
        ] {
            let mut body = json!({ "name": "Backup", "scopes": ["org:read"] });
            for (member, value) in change.as_object().expect("members") {
                body[member] = value.clone();
            }
            let reply = world.cy.post(TOKENS, body).await;
            assert_eq!((reply.status, reply.errors()), (422, vec![(pointer, code)]), "{change}");
        }
        let admin = json!({ "name": "Root", "scopes": ["admin:read"] });
        assert_eq!(world.cy.post(TOKENS, admin.clone()).await.refusal(), (403, "admin_scope_denied"));
        assert_eq!((world.rows().await, world.count("tokens").await), before);
        world.pat.post(TOKENS, admin).await.expect(201);
        assert_eq!(world.anon.get(TOKENS).await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    with[("limits", "tokens=2")],
    async fn there_are_so_many_tokens_and_no_more(world: World) {
        let new = || world.cy.post(TOKENS, json!({ "name": "Backup", "scopes": ["org:read"] }));

        let (a, b, c, d) = tokio::join!(new(), new(), new(), new());

        let mut refused: Vec<_> = [&a, &b, &c, &d].into_iter().filter(|reply| reply.status != 201).collect();
        assert_eq!(refused.len(), 2);
        assert_eq!(refused.remove(0).refusal(), (409, "token_limit_reached"));
        let id = world.cy.get(&format!("{TOKENS}?limit=1")).await.column("id").remove(0).to_owned();
        world.cy.delete(&format!("{TOKENS}/{id}")).await.expect(204);
        new().await.expect(201);
        assert_eq!(world.cy.get(&format!("{TOKENS}?page=1")).await.expect(200)["total"], 3);
    }
);

on_each_database!(
    async fn a_restricted_token_knows_no_other_organization(world: World) {
        let bolts = world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201)["id"].clone();
        let scopes = json!(["org:update", "member:write", "org:create", "user:read"]);
        let body = json!({ "name": "Bolts only", "scopes": scopes, "organizations": [bolts, bolts] });
        let (program, _) = program(&world.ada, body).await;

        program.patch("/organizations/bolts", json!({ "bio": "by a program" })).await.expect(200);

        for path in ["/organizations/acme", "/organizations/acme/members"] {
            assert_eq!(program.get(path).await.refusal(), (404, "organization_not_found"), "{path}");
        }
        for path in ["/organizations", "/users/@me/organizations"] {
            assert_eq!(program.get(path).await.column("slug"), ["bolts"], "{path}");
        }
        let founding = program.post("/organizations", json!({ "name": "More" })).await;
        assert_eq!(founding.refusal(), (403, "insufficient_scope"));
        let scopes = program.get("/users/@me").await.expect(200)["auth"]["scopes"].clone();
        assert_eq!(scopes, json!(["org:read", "org:update", "member:read", "member:write", "user:read"]));
        assert_eq!(world.ada.get(TOKENS).await.expect(200)["data"][0]["organizations"], json!([bolts]));
    }
);

on_each_database!(
    async fn a_restricted_token_has_no_power_over_the_platform(world: World) {
        let bolts = world.pat.post("/organizations", json!({ "name": "Bolts" })).await.expect(201)["id"].clone();
        let scopes = json!(["org:read", "admin:write"]);
        let (whole, _) = program(&world.pat, json!({ "name": "Whole", "scopes": scopes })).await;
        let body = json!({ "name": "Part", "scopes": scopes, "organizations": [bolts] });
        let (part, _) = program(&world.pat, body).await;

        whole.get("/organizations/acme").await.expect(200);
        part.get("/organizations/bolts").await.expect(200);
        assert_eq!(part.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
    }
);

on_each_database!(
    async fn tokens_of_others_do_not_exist(world: World) {
        let (program, path) = program(&world.cy, json!({ "name": "Cy's", "scopes": ["user:read"] })).await;

        for path in [path.as_str(), "/users/@me/tokens/1", "/users/@me/tokens/00000000-0000-0000-0000-000000000000"] {
            assert_eq!(world.dot.delete(path).await.refusal(), (404, "token_not_found"), "{path}");
            let rotated = world.dot.post_nothing(&format!("{path}/rotate")).await;
            assert_eq!(rotated.refusal(), (404, "token_not_found"), "{path}");
        }

        assert!(world.dot.get(TOKENS).await.column("name").is_empty());
        program.get("/users/@me").await.expect(200);
    }
);

on_each_database!(
    async fn a_list_of_tokens_is_walked_from_the_newest(world: World) {
        for name in ["one", "two", "three"] {
            program(&world.cy, json!({ "name": name, "scopes": ["org:read"] })).await;
            world.advance(Duration::from_secs(1));
        }

        let first = world.cy.get(&format!("{TOKENS}?limit=2")).await;
        let next = first.body["next_cursor"].as_str().expect("a cursor").to_owned();

        assert_eq!(first.column("name"), ["three", "two"]);
        assert_eq!(world.cy.get(&format!("{TOKENS}?limit=2&cursor={next}")).await.column("name"), ["one"]);
        let others = world.ben.call(Method::GET, &format!("{TOKENS}?cursor={next}")).send().await;
        assert_eq!(others.refusal(), (400, "invalid_cursor"));
        assert_eq!(world.cy.get(&format!("{TOKENS}?sort=name")).await.refusal(), (400, "invalid_sort"));
    }
);
