//! Entity tags: not sending what the client has, not overwriting what it has not seen.

use crate::support::person::Person;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::json;

const ACME: &str = "/organizations/acme";

/// The version and the rest of a strong tag of ours.
#[track_caller]
pub(crate) fn tag(reply: &Reply) -> (i64, String) {
    let tag = reply.header("etag").strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).expect("a strong tag");
    let (version, view) = tag.split_once('-').expect("two parts");
    (version.parse().expect("a version"), view.to_owned())
}

pub(crate) async fn known(person: &Person, path: &str, tag: &str) -> Reply {
    person.call(Method::GET, path).header("if-none-match", tag).send().await
}

on_each_database!(
    async fn what_has_not_changed_is_not_sent_again(world: World) {
        let member = format!("{ACME}/members/{}", world.cy.id);
        let invitation = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let invitation = format!("{ACME}/invitations/{}", invitation.id);
        for path in [ACME, &member, &invitation] {
            let first = world.ada.get(path).await;
            assert_eq!(tag(&first).0, first.expect(200)["version"].as_i64().expect("a version"), "{path}");
            let etag = first.header("etag");
            for held in [etag, "*", &format!("W/{etag}"), &format!("\"9-9\", {etag}")] {
                let again = known(&world.ada, path, held).await;
                assert_eq!((again.status, again.text.as_str()), (304, ""), "{held}");
                assert_eq!(again.header("etag"), etag);
                assert_eq!(again.header("cache-control"), "private, no-cache");
                assert!(again.header("vary").contains("Prefer"));
                assert!(again.headers.get("content-type").is_none());
            }
            for other in ["\"9-9\"", &etag.replace('"', ""), ""] {
                known(&world.ada, path, other).await.expect(200);
            }
        }
        let before = world.ada.get(ACME).await;
        assert_eq!(world.ada.call(Method::HEAD, ACME).send().await.header("etag"), before.header("etag"));

        let changed = world.ada.patch(ACME, json!({ "bio": "new" })).await;

        assert_eq!(tag(&changed).0, tag(&before).0 + 1);
        known(&world.ada, ACME, before.header("etag")).await.expect(200);
        assert_eq!(known(&world.ada, ACME, changed.header("etag")).await.status, 304);
        for list in ["/organizations", "/organizations/acme/members", "/organizations/acme/invitations"] {
            assert_eq!(world.ada.get(list).await.header("etag"), "", "{list}");
        }
    }
);

on_each_database!(
    async fn what_was_changed_meanwhile_is_not_overwritten(world: World) {
        let member = format!("{ACME}/members/{}", world.cy.id);
        let invitation = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let invitation = format!("{ACME}/invitations/{}", invitation.id);
        let stale = world.ada.get(ACME).await.header("etag").to_owned();
        world.ben.patch(ACME, json!({ "bio": "Ben's" })).await.expect(200);
        let before = world.rows().await;

        for (method, path, body) in [
            (Method::PATCH, ACME, json!({ "bio": "Ada's" })),
            (Method::PATCH, &member, json!({ "role": "viewer" })),
            (Method::PUT, &format!("{member}/role"), json!({ "role": "viewer" })),
            (Method::DELETE, &member, json!({})),
            (Method::DELETE, &invitation, json!({})),
        ] {
            let version = world.ada.get(path.trim_end_matches("/role")).await.expect(200)["version"].clone();
            for held in ["\"77-0123456789abcdef\"", "\"\"", "77", "W/\"1-x\"", &stale] {
                if held == stale && path != ACME {
                    continue;
                }
                let call = world.ada.call(method.clone(), path).json(&body).header("if-match", held);
                let reply = call.send().await;
                assert_eq!(reply.refusal(), (412, "precondition_failed"), "{method} {path} {held}");
                assert_eq!(reply.body["current_version"], version, "{method} {path} {held}");
            }
        }
        assert_eq!(world.rows().await, before);
        // Others are told what they may not do, not what has changed.
        let call = world.cy.call(Method::PATCH, ACME).json(&json!({ "bio": "Cy's" })).header("if-match", &stale);
        assert_eq!(call.send().await.refusal(), (403, "permission_denied"));

        for path in [&member, &invitation] {
            let current = world.ada.get(path).await.header("etag").to_owned();
            let call = world.ada.call(Method::DELETE, path).header("if-match", &format!("\"77-x\", {current}"));
            call.send().await.expect(204);
        }
        let call = world.ada.call(Method::PATCH, ACME).json(&json!({ "bio": "Ada's" })).header("if-match", "*");
        call.send().await.expect(200);
    }
);

on_each_database!(
    with[("require_if_match", "true")],
    async fn where_it_is_asked_for_every_change_names_a_version(world: World) {
        let member = format!("{ACME}/members/{}", world.cy.id);
        for (method, path, body) in [
            (Method::PATCH, ACME, json!({ "bio": "new" })),
            (Method::PATCH, &member, json!({ "role": "viewer" })),
            (Method::DELETE, &member, json!({})),
        ] {
            let reply = world.ada.call(method.clone(), path).json(&body).send().await;
            assert_eq!(reply.refusal(), (428, "precondition_required"), "{method} {path}");
        }
        assert_eq!(world.cy.delete(&member).await.refusal(), (428, "precondition_required"));
        assert_eq!(world.cy.patch(ACME, json!({ "bio": "x" })).await.refusal(), (403, "permission_denied"));

        let held = world.ada.get(ACME).await.header("etag").to_owned();
        let call = world.ada.call(Method::PATCH, ACME).json(&json!({ "bio": "new" })).header("if-match", &held);
        call.send().await.expect(200);
        // What is new or done has no version yet.
        world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        world.cy.post_nothing("/organizations/acme/leave").await.expect(204);
    }
);

on_each_database!(
    async fn compressed_bytes_have_another_strong_tag(world: World) {
        let plain = world.ada.get(ACME).await;
        let call = world.ada.call(Method::GET, ACME).header("accept-encoding", "gzip");

        let packed = call.send().await;

        assert_eq!(packed.header("content-encoding"), "gzip");
        let etag = format!("{}-gzip\"", plain.header("etag").trim_end_matches('"'));
        assert_eq!(packed.header("etag"), etag);
        let again = known(&world.ada, ACME, &etag).await;
        assert_eq!((again.status, again.header("etag")), (304, etag.as_str()));
        let call = world.ada.call(Method::PATCH, ACME).json(&json!({ "bio": "new" })).header("if-match", &etag);
        call.send().await.expect(200);
    }
);

on_each_database!(
    async fn more_tags_than_anybody_needs_are_refused(world: World) {
        let tags = |count| vec!["\"9-9\""; count].join(", ");
        for (method, name) in [(Method::GET, "if-none-match"), (Method::PATCH, "if-match")] {
            let call =
                |count| world.ada.call(method.clone(), ACME).header(name, &tags(count)).json(&json!({ "bio": "x" }));
            let refused = call(33).send().await;
            assert_eq!(refused.refusal(), (400, "invalid_header"), "{name}");
            assert!(refused.body["errors"][0]["header"].as_str().is_some_and(|told| told.eq_ignore_ascii_case(name)));
            assert_ne!(call(32).send().await.status, 400, "{name}");
        }
    }
);

on_each_database!(
    async fn the_tag_of_a_picture_is_that_of_whom_it_shows(world: World) {
        let picture = format!("{ACME}/avatar");
        let shown = world.ada.get(&picture).await;
        assert_eq!(tag(&shown).0, world.ada.get(ACME).await.expect(200)["version"].as_i64().expect("a version"));
        world.ada.patch(ACME, json!({ "bio": "new" })).await.expect(200);
        let stale = world.ada.call(Method::DELETE, &picture).header("if-match", shown.header("etag")).send().await;
        assert_eq!(stale.refusal(), (412, "precondition_failed"));
        let fresh = world.ada.get(&picture).await;
        let now = world.ada.call(Method::DELETE, &picture).header("if-match", fresh.header("etag")).send().await;
        assert_eq!(now.status, 204);
    }
);
