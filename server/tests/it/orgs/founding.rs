//! Making organizations.

use crate::support::World;
use serde_json::{Value, json};

const ORGS: &str = "/organizations";

on_each_database!(
    async fn dot_founds_an_organization_and_owns_it(world: World) {
        let new = json!({
            "name": "  Bolts   &  Nuts ", "slug": "Bolts-1", "bio": "We bolt.", "description": "Two\nlines",
            "avatar_url": "https://e.test/a.png", "website": "http://e.test", "industry": "technology",
            "country_code": "deu", "email": "Info@Bolts.test", "phone": "+49 30 12345", "visibility": "public",
        });

        let reply = world.dot.post(ORGS, new).await;

        let org = reply.expect(201);
        for (field, value) in [
            ("name", json!("Bolts & Nuts")),
            ("slug", json!("bolts-1")),
            ("handle", json!("bolts-1")),
            ("bio", json!("We bolt.")),
            ("description", json!("Two\nlines")),
            ("avatar_url", json!("https://e.test/a.png")),
            ("icon_url", json!("https://e.test/a.png")),
            ("website", json!("http://e.test")),
            ("industry", json!("technology")),
            ("country_code", json!("DE")),
            ("email", json!("info@bolts.test")),
            ("phone", json!("+49 30 12345")),
            ("visibility", json!("public")),
            ("type", json!("standard")),
            ("status", json!("active")),
            ("verified", json!(false)),
            ("owner", json!(world.dot.id)),
            ("member_count", json!(1)),
            ("active_member_count", json!(1)),
            ("pending_member_count", json!(0)),
            ("team_count", json!(0)),
            ("workspace_count", json!(0)),
            ("member_limit", Value::Null),
            ("current_user_role", json!("owner")),
            ("version", json!(1)),
            ("managed_by", json!([])),
        ] {
            assert_eq!(org[field], value, "{field}");
        }
        assert_eq!(org["settings"]["default_role"], "member");
        assert!(org["current_user_permissions"].as_array().is_some_and(|all| all.contains(&json!("org:transfer"))));
        assert!(reply.header("location").ends_with("/api/v1/organizations/bolts-1"));
        assert_eq!(world.dot.get("/organizations/bolts-1/members").await.column("email"), ["dot@elsewhere.test"]);
    }
);

on_each_database!(
    async fn a_name_is_all_that_is_needed(world: World) {
        let org = world.dot.post(ORGS, json!({ "name": "Bolts" })).await;

        assert_eq!(org.expect(201)["slug"], "bolts");
        assert_eq!(org.body["visibility"], "private");
        assert!(org.body["icon_url"].as_str().is_some_and(|url| url.ends_with("/avatar")));
    }
);

on_each_database!(
    async fn fields_are_taken_in_camel_case_and_by_their_other_names(world: World) {
        let new = json!({ "name": "Bolts", "handle": "nuts", "countryCode": "US", "logo": "https://e.test/l.png" });

        let org = world.dot.post("/orgs", new).await;

        assert_eq!(org.expect(201)["slug"], "nuts");
        assert_eq!(org.body["country_code"], "US");
        assert_eq!(org.body["avatar_url"], "https://e.test/l.png");
        world.dot.post("/api/organizations", json!({ "name": "B", "slug": "b", "handle": "B" })).await.expect(201);
        let both = world.dot.post(ORGS, json!({ "name": "B", "slug": "b1", "handle": "b2" })).await;
        assert_eq!(both.refusal(), (422, "slug_handle_mismatch"));
    }
);

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

on_each_database!(
    with[("limits", "orgs_per_user=2")],
    async fn a_person_owns_only_so_many(world: World) {
        for _ in 0..2 {
            world.dot.post(ORGS, json!({ "name": "Bolts" })).await.expect(201);
        }

        let third = world.dot.post(ORGS, json!({ "name": "Bolts" })).await;

        assert_eq!(third.refusal(), (403, "organization_limit_reached"));
        world.ben.post(ORGS, json!({ "name": "Bolts" })).await.expect(201);
    }
);

on_each_database!(
    with[("limits", "orgs_per_user=2")],
    async fn the_limit_holds_when_many_are_founded_at_once(world: World) {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let dot = world.dot.clone();
            tasks.spawn(async move { dot.post(ORGS, json!({ "name": "Bolts" })).await.status });
        }

        let mut statuses = tasks.join_all().await;

        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 403, 403, 403, 403, 403, 403, 403, 403]);
    }
);

on_each_database!(
    with[("org_creation", "platform")],
    async fn an_instance_may_leave_founding_to_its_platform(world: World) {
        let refused = world.dot.post(ORGS, json!({ "name": "Bolts" })).await;

        assert_eq!(refused.refusal(), (403, "organization_creation_disabled"));
        world.pat.post(ORGS, json!({ "name": "Bolts" })).await.expect(201);
    }
);

on_each_database!(
    with[("org_require_country", "true")],
    async fn an_instance_may_ask_for_a_country(world: World) {
        let reply = world.dot.post(ORGS, json!({ "name": "Bolts" })).await;

        assert_eq!(reply.errors(), [("#/country_code", "missing_field")]);
        world.dot.post(ORGS, json!({ "name": "Bolts", "country_code": "DE" })).await.expect(201);
    }
);

on_each_database!(
    async fn all_broken_rules_are_told_at_once(world: World) {
        let reply = world.dot.post(ORGS, json!({ "name": "", "slug": "a--b", "website": "x", "phone": "1" })).await;

        assert_eq!(reply.body["code"], "validation_failed");
        let mut errors = reply.errors();
        errors.sort_unstable();
        assert_eq!(
            errors,
            [
                ("#/name", "name_empty"),
                ("#/phone", "phone_invalid"),
                ("#/slug", "slug_invalid"),
                ("#/website", "url_invalid")
            ]
        );
    }
);
