//! Changing the slug.

use crate::support::World;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ACME: &str = "/organizations/acme";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn a_new_slug_leaves_the_old_one_as_a_way_there(world: World) {
        let org = world.ada.patch(ACME, json!({ "handle": "Gears" })).await;

        assert_eq!((org.expect(200)["slug"].as_str(), org.body["handle"].as_str()), (Some("gears"), Some("gears")));
        assert_eq!(org.body["version"], 2);
        assert!(org.body["slug_change_available_at"].as_str() > org.body["last_slug_updated_at"].as_str());
        let read = world.cy.get("/organizations/acme").await;
        assert_eq!((read.status, read.header("location")), (301, "/api/v1/organizations/gears"));
        let written = world.ada.patch(ACME, json!({ "bio": "new" })).await;
        assert_eq!((written.status, written.header("location")), (308, "/api/v1/organizations/gears"));
        assert_eq!(world.dot.get(ACME).await.refusal(), (404, "organization_not_found"));
        let changes = world.database.texts("select changes from audit_events where action = 'org.slug_changed'").await;
        assert_eq!(changes, [r#"[{"field":"slug","from":"acme","to":"gears"}]"#]);
    }
);

on_each_database!(
    async fn the_second_change_waits_a_month(world: World) {
        world.ada.patch(ACME, json!({ "slug": "gears" })).await.expect(200);

        let early = world.ada.patch("/organizations/gears", json!({ "slug": "acme", "bio": "new" })).await;
        assert_eq!(early.refusal(), (409, "slug_cooldown"));
        let org = world.ada.get("/organizations/gears").await;
        assert_eq!(early.body["available_at"], org.expect(200)["slug_change_available_at"]);
        assert!(org.body["bio"].is_null());
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
    async fn a_former_slug_is_nobody_else_s_for_three_months(world: World) {
        world.ada.patch(ACME, json!({ "slug": "gears" })).await.expect(200);
        let wanted = json!({ "name": "Acme", "slug": "acme" });

        let held = world.dot.post("/organizations", wanted.clone()).await;
        assert_eq!((held.refusal(), held.body["suggestion"].as_str()), ((409, "slug_taken"), Some("acme-2")));
        world.dot.post("/organizations", json!({ "name": "Bolts", "slug": "bolts" })).await.expect(201);
        let taken = world.dot.patch("/organizations/bolts", json!({ "slug": "acme" })).await;
        assert_eq!((taken.refusal(), taken.body["suggestion"].as_str()), ((409, "slug_taken"), Some("acme-2")));
        assert_eq!(world.dot.get("/organizations/bolts").await.expect(200)["slug"], "bolts");

        world.advance(DAY * 89);
        let dot = world.bearer(&world.dot, &["org:create"]).await;
        assert_eq!(dot.post("/organizations", wanted.clone()).await.refusal(), (409, "slug_taken"));
        world.advance(DAY * 2);
        let free = dot.get("/organizations/check-slug?slug=acme").await;
        assert_eq!(free.expect(200)["available"], true);
        dot.post("/organizations", wanted).await.expect(201);
        let cy = world.bearer(&world.cy, &["org:read"]).await;
        assert_eq!(cy.get(ACME).await.refusal(), (404, "organization_not_found"));
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
