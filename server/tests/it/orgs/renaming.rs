//! Changing the slug.

use crate::support::World;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ACME: &str = "/organizations/acme";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn a_slug_is_changed_again_after_a_month_or_by_the_platform(world: World) {
        world.ada.patch(ACME, json!({ "slug": "gears" })).await.expect(200);
        let same = world.ada.patch("/organizations/gears", json!({ "slug": "GEARS" })).await;
        assert_eq!(same.expect(200)["version"], 2);
        world.pat.patch("/organizations/gears", json!({ "slug": "wheels" })).await.expect(200);

        world.advance(DAY * 31);
        let ada = world.bearer(&world.ada, &["org:update"]).await;
        let back = ada.patch("/organizations/wheels", json!({ "slug": "acme" })).await;
        assert_eq!(back.expect(200)["slug"], "acme");
        assert_eq!(ada.get("/organizations/gears").await.header("location"), "/api/v1/organizations/acme");
    }
);

on_each_database!(
    async fn a_slug_has_its_rules_and_the_owner_changes_it(world: World) {
        let before = world.rows().await;
        for (patch, at, code) in [
            (json!({ "slug": "550e8400-e29b-41d4-a716-446655440000" }), "#/slug", "slug_reserved"),
            (json!({ "handle": "admin" }), "#/handle", "slug_reserved"),
            (json!({ "slug": "a--b" }), "#/slug", "slug_invalid"),
            (json!({ "slug": "12345" }), "#/slug", "slug_reserved"),
            (json!({ "slug": "a", "handle": "b" }), "#/handle", "slug_handle_mismatch"),
            (json!({ "slug": "acme", "handle": "b" }), "#/handle", "slug_handle_mismatch"),
            (json!({ "slug": null }), "#/slug", "wrong_type"),
            (json!({ "handle": null }), "#/handle", "wrong_type"),
        ] {
            assert_eq!(world.ada.patch(ACME, patch.clone()).await.errors()[0], (at, code), "{patch}");
        }
        let admin = world.ben.patch(ACME, json!({ "slug": "gears", "bio": "new" })).await;
        assert_eq!(admin.refusal(), (403, "field_not_permitted"));
        assert_eq!(admin.errors(), [("#/slug", "field_not_permitted")]);
        assert_eq!(world.rows().await, before);
        assert!(world.ada.get(ACME).await.expect(200)["bio"].is_null());
    }
);

on_each_database!(
    async fn of_two_changes_at_once_one_wins(world: World) {
        let stale = world.ada.call(Method::PATCH, ACME).header("if-match", r#""7-x""#).json(&json!({ "slug": "a" }));
        let stale = stale.send().await;
        assert_eq!((stale.refusal(), &stale.body["current_version"]), ((412, "precondition_failed"), &json!(1)));

        let (one, two) = tokio::join!(
            world.ada.patch(ACME, json!({ "slug": "gears" })),
            world.ada.patch(ACME, json!({ "slug": "wheels" })),
        );

        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        // The loser came too soon after the winner, or found the organization under its new name.
        assert!(statuses == [200, 409] || statuses == [200, 308], "{} {}", one.text, two.text);
    }
);
