//! Checks 13 and 16: entity tags, and the form of refusals.

use crate::http::conditional::{known, tag};
use crate::http::problems::is_a_problem;
use crate::support::World;
use crate::support::picture::PNG;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::json;

const ACME: &str = "/organizations/acme";

on_each_database!(
    async fn check_13_a_tag_is_of_one_version_and_one_view(world: World) {
        let stale = world.ada.get(ACME).await.header("etag").to_owned();
        assert_eq!(known(&world.ada, ACME, &stale).await.status, 304);
        world.ada.patch(ACME, json!({ "visibility": "public" })).await.expect(200);
        let late = world.ada.call(Method::PATCH, ACME).header("if-match", &stale).json(&json!({ "bio": "late" }));
        assert_eq!(late.send().await.refusal(), (412, "precondition_failed"));
        known(&world.ada, ACME, &stale).await.expect(200);

        let camel = format!("{ACME}?case=camel");
        let wrapped = format!("{ACME}?envelope=true");
        let replies = [
            world.ada.get(ACME).await,
            world.cy.get(ACME).await,
            world.dot.get(ACME).await,
            world.ada.get(&camel).await,
            world.ada.get(&wrapped).await,
        ];

        let version = tag(&replies[0]).0;
        let mut views: Vec<_> = replies.iter().map(tag).inspect(|tag| assert_eq!(tag.0, version)).collect();
        views.sort();
        views.dedup();

        assert_eq!(views.len(), replies.len(), "{views:?}");
        assert_eq!(world.anon.get(ACME).await.header("etag"), replies[2].header("etag"));
        known(&world.ada, ACME, replies[2].header("etag")).await.expect(200);
    }
);

on_each_database!(
    async fn check_16_every_refusal_is_a_problem_with_its_code_and_request(world: World) {
        for path in [
            "/nope",
            "/organizations/acme/nope",
            "/api/nope",
            "/api/v1",
            "/users/@me/nope",
            "/organizations/acme/members/x/y/z",
        ] {
            is_a_problem(&world.ada.get(path).await, 404, "not_found");
        }
        let new = |kind: &str, body: &[u8]| world.ada.call(Method::POST, "/organizations").body(kind, body);
        let long = vec![b' '; 64 * 1024 + 1];
        let get = |name: &str, value: &str| world.ada.call(Method::GET, ACME).header(name, value);
        let stale = world.ada.call(Method::DELETE, "/organizations/acme?confirm=acme").header("if-match", "\"9-x\"");
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let accept = format!("/invitations/{}/accept", invited.mailed);
        world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await.expect(200);
        for (reply, status, code) in [
            (world.ada.get("/organizations?page=x").await, 400, "invalid_parameter"),
            (new("application/json", b"{").send().await, 400, "malformed_json"),
            (world.anon.get(ACME).await, 404, "organization_not_found"),
            (world.anon.get("/organizations").await, 401, "unauthenticated"),
            (world.anon.with_token("x").get(ACME).await, 401, "invalid_token"),
            (world.cy.patch(ACME, json!({ "bio": "x" })).await, 403, "permission_denied"),
            (world.dot.get(ACME).await, 404, "organization_not_found"),
            (world.ada.put(ACME, json!({})).await, 405, "method_not_allowed"),
            (get("accept", "text/html").send().await, 406, "not_acceptable"),
            (world.ada.post_nothing("/organizations/acme/leave").await, 409, "owner_must_transfer"),
            (world.anon.post(&accept, json!({ "password": PASSWORD })).await, 410, "invitation_accepted"),
            (stale.send().await, 412, "precondition_failed"),
            (new("application/json", &long).send().await, 413, "payload_too_large"),
            (world.ada.get(&format!("/organizations?search={}", "a".repeat(8200))).await, 414, "uri_too_long"),
            (new("text/plain", b"{}").send().await, 415, "unsupported_media_type"),
            (world.ada.post("/organizations", json!({ "name": "x", "slug": "acme" })).await, 409, "slug_taken"),
            (get("host", "elsewhere.test").send().await, 421, "unknown_host"),
            (get("x-long", &"a".repeat(40 * 1024)).send().await, 431, "headers_too_large"),
        ] {
            is_a_problem(&reply, status, code);
        }
        let fields = world.ada.post("/organizations", json!({ "name": "" })).await;
        is_a_problem(&fields, 422, "name_empty");
    }
);

on_each_database!(
    with[("require_if_match", "true"), ("rate_limits", "default=3/3600s")],
    async fn check_16_what_settings_and_circumstances_refuse_is_a_problem_too(world: World) {
        let avatar = format!("{ACME}/avatar");
        let upload = || world.ada.call(Method::POST, &avatar).file("file", "image/png", PNG).send();
        let change = || world.ada.patch(ACME, json!({ "bio": "new" }));
        upload().await.expect(200);

        // In the moment in which the same picture is being taken out of the store.
        world.database.execute("update pictures set removed_since = 0", &[]).await;
        is_a_problem(&upload().await, 503, "service_unavailable");
        world.database.execute("update pictures set removed_since = null", &[]).await;
        is_a_problem(&change().await, 428, "precondition_required");
        is_a_problem(&change().await, 429, "rate_limited");
    }
);
