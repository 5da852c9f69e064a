//! Check 9: what becomes of a slug.

use crate::support::World;
use serde_json::json;
use std::time::Duration;

const ACME: &str = "/organizations/acme";
const GEARS: &str = "/organizations/gears";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn check_09_a_former_slug_leads_on_and_is_nobody_else_s(world: World) {
        for slug in ["550e8400-e29b-41d4-a716-446655440000", "admin"] {
            let reserved = world.ada.patch(ACME, json!({ "slug": slug })).await;
            assert_eq!(reserved.refusal(), (422, "slug_reserved"), "{slug}");
        }

        let org = world.ada.patch(ACME, json!({ "handle": "Gears" })).await;
        assert_eq!((org.expect(200)["slug"].as_str(), org.body["handle"].as_str()), (Some("gears"), Some("gears")));
        assert_eq!(org.body["version"], 2);
        assert!(org.body["slug_change_available_at"].as_str() > org.body["last_slug_updated_at"].as_str());
        let changes = world.database.texts("select changes from audit_events where action = 'org.slug_changed'").await;
        assert_eq!(changes, [r#"[{"field":"slug","from":"acme","to":"gears"}]"#]);

        let read = world.cy.get(ACME).await;
        assert_eq!((read.status, read.header("location")), (301, "/api/v1/organizations/gears"));
        let written = world.ada.patch(ACME, json!({ "bio": "new" })).await;
        assert_eq!((written.status, written.header("location")), (308, "/api/v1/organizations/gears"));
        assert_eq!(world.dot.get(ACME).await.refusal(), (404, "organization_not_found"));

        let early = world.ada.patch(GEARS, json!({ "slug": "acme", "bio": "new" })).await;
        assert_eq!(early.refusal(), (409, "slug_cooldown"));
        assert_eq!(early.body["available_at"], org.body["slug_change_available_at"]);
        assert!(world.ada.get(GEARS).await.expect(200)["bio"].is_null());

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
