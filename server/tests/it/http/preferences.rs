//! The form of answers: `Prefer`, and the query parameters that say the same.

use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};

const ACME: &str = "/organizations/acme";

async fn prefer(world: &World, method: Method, path: &str, wishes: &str, body: Value) -> Reply {
    let call = world.ada.call(method, path).header("prefer", wishes);
    if body.is_null() { call.send().await } else { call.json(&body).send().await }
}

on_each_database!(
    async fn every_route_knows_the_two_parameters(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let member = format!("{ACME}/members/{}", world.cy.id);
        for path in [
            "/health",
            "/users/@me",
            "/users/@me/invitations",
            "/organizations",
            "/organizations/check-slug?slug=bolts",
            "/organizations/industry-choices",
            ACME,
            &member,
            &format!("{ACME}/members"),
            &format!("{ACME}/invitations?status=all"),
            &format!("{ACME}/invitations/{}", invited.id),
            &format!("/invitations/{}", invited.mailed),
        ] {
            let and = if path.contains('?') { '&' } else { '?' };
            let reply = world.ada.get(&format!("{path}{and}case=camel&envelope=true")).await;
            assert_eq!(reply.expect(200)["success"], true, "{path}");
            for query in ["case=", "case=kebab", "envelope=", "envelope=yes", "case=camel&case=snake"] {
                let refused = world.ada.get(&format!("{path}{and}{query}")).await;
                assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{path} {query}");
            }
        }
        let avatar = world.ada.get(&format!("{ACME}/avatar?case=camel&envelope=true")).await;
        assert_eq!((avatar.status, avatar.header("content-type")), (200, "image/svg+xml"));
        let removed = world.ada.delete(&format!("{member}?case=camel&dry_run=true")).await;
        assert_eq!(removed.expect(200)["pendingInvitations"], 0);
        assert_eq!(world.ada.get(&format!("{ACME}?case=camel&x=1")).await.refusal(), (400, "unknown_parameter"));
    }
);

on_each_database!(
    async fn refusals_have_the_form_that_was_wished(world: World) {
        for (method, path, status, code) in [
            (Method::GET, "/nope", 404, "not_found"),
            (Method::PUT, ACME, 405, "method_not_allowed"),
            (Method::POST, "/organizations", 415, "unsupported_media_type"),
            (Method::GET, "/organizations?limit=0", 400, "invalid_parameter"),
        ] {
            let reply = prefer(&world, method, path, "envelope", Value::Null).await;
            assert_eq!((reply.status, reply.body["success"].as_bool()), (status, Some(false)), "{path}");
            assert_eq!(reply.body["problem"]["code"], code, "{path}");
            assert_eq!(reply.body["problem"]["request_id"], reply.header("x-request-id"), "{path}");
            assert_eq!(reply.header("content-type"), "application/json; charset=utf-8", "{path}");
        }
        let limit = prefer(&world, Method::GET, "/organizations?limit=0", "envelope", Value::Null).await;
        assert!(limit.body["errors"]["limit"][0].is_string(), "{}", limit.text);
        let plain = world.ada.get("/organizations?limit=0").await;
        assert_eq!(plain.header("content-type"), "application/problem+json");
        let bare = world.anon.call(Method::GET, "/users/@me").header("prefer", "envelope").send().await;
        assert_eq!(bare.header("www-authenticate"), r#"Bearer realm="api""#);
    }
);

on_each_database!(
    async fn who_needs_no_body_gets_none(world: World) {
        let new = json!({ "name": "Bolts" });
        let made = prefer(&world, Method::POST, "/organizations", "return=minimal", new).await;
        assert_eq!((made.status, made.text.as_str()), (201, ""));
        assert!(made.header("location").ends_with("/organizations/bolts"));
        assert!(made.header("etag").starts_with("\"1-") && made.headers.get("content-type").is_none());
        assert_eq!(made.header("preference-applied"), "return=minimal");

        let changed = prefer(&world, Method::PATCH, ACME, "return=minimal", json!({ "bio": "new" })).await;
        assert_eq!((changed.status, changed.text.as_str()), (204, ""));
        let held = changed.header("etag").to_owned();
        assert_eq!(world.ada.call(Method::GET, ACME).header("if-none-match", &held).send().await.status, 304);

        let wishes = "return=minimal, envelope, case=camel";
        let both = prefer(&world, Method::PATCH, ACME, wishes, json!({ "bio": "newer" })).await;
        assert_eq!((&both.expect(200)["success"], &both.body["data"]), (&json!(true), &Value::Null));

        let whole = prefer(&world, Method::PATCH, ACME, "return=representation", json!({ "bio": "newest" })).await;
        assert_eq!(whole.expect(200)["bio"], "newest");
        assert_eq!(whole.header("preference-applied"), "return=representation");
        // A look, a report of what was done, and a refusal are what was asked for.
        let looked = prefer(&world, Method::GET, ACME, "return=minimal", Value::Null).await;
        assert_eq!(looked.expect(200)["slug"], "acme");
        assert_eq!(looked.header("preference-applied"), "");
        let refused = prefer(&world, Method::PATCH, ACME, "return=minimal", json!({ "name": "" })).await;
        assert_eq!(refused.refusal(), (422, "name_empty"));
        let invited = world.invited(&world.ada, json!({ "email": "eve@x.test" })).await;
        let resend = format!("{ACME}/invitations/{}/resend", invited.id);
        let again = prefer(&world, Method::POST, &resend, "return=minimal", Value::Null).await;
        assert_eq!(again.expect(200)["resend_count"], 1);
    }
);
