//! The slug of a new organization.

use crate::support::World;
use serde_json::{Value, json};

const ORGS: &str = "/organizations";

on_each_database!(
    async fn slugs_are_made_of_names(world: World) {
        for (name, slug) in [
            ("Größe & Söhne", "gro-e-sohne"),
            ("Ａｃｍｅ Works", "acme-works"),
            ("--Bolts--", "bolts"),
            ("Crème brûlée!", "creme-brulee"),
            ("A Name That Goes On And On Without An End In Sight", "a-name-that-goes-on-and-on-without-an-e"),
        ] {
            let org = world.dot.post(ORGS, json!({ "name": name })).await;
            assert_eq!(org.expect(201)["slug"], slug, "{name}");
        }
        for name in ["株式会社", "admin", "12345", "Settings"] {
            let org = world.dot.post(ORGS, json!({ "name": name })).await;
            let slug = org.expect(201)["slug"].as_str().expect("a slug").to_owned();
            assert!(slug.starts_with("org-") && slug.len() == 10, "{name}: {slug}");
        }
    }
);

on_each_database!(
    async fn the_same_name_gets_another_slug(world: World) {
        let mut slugs = Vec::new();
        for _ in 0..3 {
            let org = world.dot.post(ORGS, json!({ "name": "Acme" })).await;
            slugs.push(org.expect(201)["slug"].as_str().expect("a slug").to_owned());
        }

        assert_eq!(slugs, ["acme-2", "acme-3", "acme-4"]);
    }
);

on_each_database!(
    async fn a_slug_that_is_taken_is_refused_with_another(world: World) {
        let before = world.rows().await;

        for slug in ["acme", "AcMe", "ACME"] {
            let reply = world.dot.post(ORGS, json!({ "name": "Bolts", "slug": slug })).await;
            assert_eq!(reply.refusal(), (409, "slug_taken"), "{slug}");
            assert_eq!(reply.body["suggestion"], "acme-2");
        }

        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn of_twenty_who_want_one_slug_one_gets_it(world: World) {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let dot = world.dot.clone();
            let slug = ["bolts", "Bolts", "BOLTS"][number % 3];
            tasks.spawn(async move { dot.post(ORGS, json!({ "name": "Bolts", "slug": slug })).await.status });
        }

        let mut statuses = tasks.join_all().await;

        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert_eq!(statuses[1..], [409; 19]);
    }
);

on_each_database!(
    async fn a_slug_can_be_asked_about(world: World) {
        for (slug, available, reason) in [
            ("bolts", true, Value::Null),
            ("BOLTS", true, Value::Null),
            ("Acme", false, json!("taken")),
            ("admin", false, json!("reserved")),
            ("550e8400-e29b-41d4-a716-446655440000", false, json!("reserved")),
            ("a--b", false, json!("invalid")),
        ] {
            let reply = world.dot.get(&format!("/organizations/check-slug?slug={slug}")).await;
            assert_eq!(reply.expect(200)["available"], available, "{slug}");
            assert_eq!(reply.body["reason"], reason, "{slug}");
            assert_eq!(reply.body["slug"], slug);
            assert_eq!(reply.body["normalized"], slug.to_lowercase());
        }
        let taken = world.dot.get("/organizations/check-slug?slug=acme").await;
        assert_eq!(taken.body["suggestion"], "acme-2");
        assert_eq!(world.dot.get("/organizations/check-slug").await.refusal(), (400, "invalid_parameter"));
        assert_eq!(world.anon.get("/organizations/check-slug?slug=a").await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    async fn the_first_segments_of_our_own_addresses_are_reserved(world: World) {
        let before = world.rows().await;
        for slug in [
            "new",
            "invite",
            "invitations",
            "industry-choices",
            "check-slug",
            "admin",
            "api",
            "orgs",
            "organizations",
            "users",
            "me",
            "settings",
            "login",
            "logout",
            "signup",
            "assets",
            "pkg",
            "media",
            "health",
            "status",
            "support",
            "help",
            "www",
            "register",
            "edit",
            "delete",
            "metrics",
            "billing",
            "security",
            "root",
            "owner",
            "teams",
            "user",
            "robots",
            "well-known",
            "terms",
            "webhooks",
            "callback",
            "explore",
            "app",
            "static",
            "invitation",
            "account",
            "create",
            "docs",
            "wallet",
            "mail",
            "system",
            "team",
            "org",
            "null",
            "undefined",
            "true",
            "false",
            "none",
            "favicon",
            "about",
            "privacy",
            "oauth",
            "search",
            "setup",
            "sign-in",
            "sign-out",
            "forgot-password",
            "reset-password",
            "verify-email",
            "problems",
            "sign-up",
            "auth",
            "industries",
            "actions",
        ] {
            let reply = world.dot.post(ORGS, json!({ "name": "Bolts", "slug": slug })).await;
            assert_eq!(reply.refusal(), (422, "slug_reserved"), "{slug}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    with[("reserved_slugs", "bolts,Nuts")],
    async fn an_operator_reserves_more_slugs(world: World) {
        for slug in ["bolts", "nuts"] {
            let reply = world.dot.post(ORGS, json!({ "name": "Bolts", "slug": slug })).await;
            assert_eq!(reply.refusal(), (422, "slug_reserved"));
        }
    }
);
