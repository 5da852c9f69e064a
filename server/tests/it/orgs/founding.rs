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
