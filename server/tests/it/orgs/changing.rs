//! Changing the ordinary fields of an organization.

use crate::support::World;
use serde_json::{Value, json};

const ACME: &str = "/organizations/acme";

on_each_database!(
    async fn ben_changes_what_an_admin_may(world: World) {
        let patch = json!({
            "name": "Acme Wheels", "bio": "We roll.", "description": "Long", "avatar_url": "https://e.test/a.png",
            "website": "https://e.test", "industry": "ai-ml", "country_code": "fr", "email": "Hi@Acme.test",
            "phone": "(030) 12345", "visibility": "public",
            "settings": { "default_role": "viewer", "invitation_ttl_days": 3, "members_can_invite": true },
        });

        let org = world.ben.patch(ACME, patch).await;

        for (field, value) in [
            ("name", json!("Acme Wheels")),
            ("slug", json!("acme")),
            ("bio", json!("We roll.")),
            ("description", json!("Long")),
            ("avatar_url", json!("https://e.test/a.png")),
            ("website", json!("https://e.test")),
            ("industry", json!("ai-ml")),
            ("country_code", json!("FR")),
            ("email", json!("hi@acme.test")),
            ("phone", json!("(030) 12345")),
            ("visibility", json!("public")),
            ("version", json!(2)),
            (
                "settings",
                json!({ "default_role": "viewer", "invitation_ttl_days": 3, "members_can_invite": true, "require_2fa": false }),
            ),
        ] {
            assert_eq!(org.expect(200)[field], value, "{field}");
        }
        let stored = world.cy.get(ACME).await;
        assert_eq!((&stored.body["name"], &stored.body["phone"]), (&org.body["name"], &org.body["phone"]));
    }
);

on_each_database!(
    async fn null_clears_what_may_be_absent(world: World) {
        let optional = ["bio", "description", "avatar_url", "website", "industry", "country_code", "email", "phone"];
        let full = json!({
            "bio": "b", "description": "d", "avatar_url": "https://e.test/a", "website": "https://e.test",
            "industry": "media", "country_code": "FR", "email": "a@x.test", "phone": "12345",
        });
        world.ada.patch(ACME, full).await.expect(200);

        for field in optional {
            let org = world.ada.patch(ACME, json!({ field: null })).await;
            assert_eq!(org.expect(200)[field], Value::Null, "{field}");
        }

        let org = world.ada.get(ACME).await;
        assert!(optional.iter().all(|field| org.body[field].is_null()), "{}", org.text);
        assert_eq!(org.body["name"], "Acme Gears");
    }
);

on_each_database!(
    async fn null_does_not_clear_what_is_needed(world: World) {
        let before = world.rows().await;
        for field in ["name", "visibility", "settings"] {
            let reply = world.ada.patch(ACME, json!({ field: null })).await;
            assert_eq!(reply.errors(), [(format!("#/{field}").as_str(), "wrong_type")]);
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn an_empty_patch_changes_nothing(world: World) {
        let before = world.rows().await;

        for patch in [json!({}), json!({ "name": "Acme Gears", "bio": null }), json!({ "settings": {} })] {
            let org = world.ada.patch(ACME, patch).await;
            assert_eq!(org.expect(200)["version"], 1);
        }

        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn those_without_the_permission_change_nothing(world: World) {
        let before = world.rows().await;

        for person in [&world.cy, &world.bil, &world.vi] {
            for body in [json!({ "name": "Mine" }), json!({ "nonsense": 1 })] {
                assert_eq!(person.patch(ACME, body).await.refusal(), (403, "permission_denied"));
            }
        }
        assert_eq!(world.dot.patch(ACME, json!({ "name": "Mine" })).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.patch(ACME, json!({ "name": "Mine" })).await.refusal(), (401, "unauthenticated"));

        assert_eq!(world.rows().await, before);
        assert_eq!(world.ada.get(ACME).await.body["name"], "Acme Gears");
    }
);

on_each_database!(
    async fn one_bad_field_keeps_all_the_others_out(world: World) {
        let reply =
            world.ada.patch(ACME, json!({ "name": "Mine", "website": "ftp://e.test", "country_code": "XX" })).await;

        assert_eq!(reply.errors(), [("#/website", "url_scheme"), ("#/country_code", "country_code_unassigned")]);
        assert_eq!(world.ada.get(ACME).await.body["name"], "Acme Gears");
    }
);

on_each_database!(
    async fn fields_that_are_not_there_to_be_written_are_refused(world: World) {
        let before = world.rows().await;
        for (field, value) in [
            ("balance", json!(1)),
            ("createdAt", json!("2026-01-01T00:00:00Z")),
            ("member_count", json!(9)),
            ("organizationId", json!(world.ada.id)),
            ("__proto__", json!({ "x": 1 })),
            ("id", json!(world.ada.id)),
            ("version", json!(9)),
        ] {
            let reply = world.ada.patch(ACME, json!({ "name": "Mine", field: value })).await;
            assert_eq!(reply.refusal(), (422, "unknown_field"), "{field}");
        }
        let by_query = world.ada.patch("/organizations/acme?organizationId=b", json!({ "name": "Mine" })).await;
        assert_eq!(by_query.refusal(), (400, "unknown_parameter"));
        assert_eq!(world.rows().await, before);
        assert_eq!(world.ada.get(ACME).await.body["name"], "Acme Gears");
    }
);

on_each_database!(
    async fn settings_have_rules_of_their_own(world: World) {
        for (settings, at, code) in [
            (json!({ "default_role": "owner" }), "#/settings/default_role", "owner_role_not_invitable"),
            (json!({ "default_role": "boss" }), "#/settings/default_role", "role_unknown"),
            (json!({ "invitation_ttl_days": 0 }), "#/settings/invitation_ttl_days", "expiry_out_of_range"),
            (json!({ "invitation_ttl_days": 31 }), "#/settings/invitation_ttl_days", "expiry_out_of_range"),
            (json!({ "invitation_ttl_days": "7" }), "#/settings/invitation_ttl_days", "wrong_type"),
            (json!({ "members_can_invite": "yes" }), "#/settings/members_can_invite", "wrong_type"),
            (json!({ "colour": 1 }), "#/settings/colour", "unknown_field"),
        ] {
            let reply = world.ada.patch(ACME, json!({ "settings": settings })).await;
            assert_eq!(reply.errors(), [(at, code)], "{settings}");
        }
    }
);

on_each_database!(
    async fn settings_are_taken_as_they_were_shown(world: World) {
        let before = world.rows().await;
        let shown = world.ada.get(ACME).await.expect(200)["settings"].clone();

        let same = world.ada.patch(ACME, json!({ "settings": shown })).await;
        assert_eq!((&same.expect(200)["settings"], &same.body["version"]), (&shown, &json!(1)));
        let same = world.ada.patch(ACME, json!({ "settings": { "require2fa": false } })).await;
        assert_eq!(same.expect(200)["version"], 1);
        for person in [&world.ada, &world.ben, &world.pat] {
            let reply = person.patch(ACME, json!({ "bio": "b", "settings": { "require_2fa": true } })).await;
            assert_eq!(reply.refusal(), (409, "own_two_factor_missing"));
            assert_eq!(reply.errors(), [("#/settings/require_2fa", "own_two_factor_missing")]);
        }
        for wrong in [json!(null), json!("true"), json!(1)] {
            let reply = world.ada.patch(ACME, json!({ "settings": { "require_2fa": wrong } })).await;
            assert_eq!(reply.errors(), [("#/settings/require_2fa", "wrong_type")]);
        }
        assert_eq!(world.rows().await, before);
        assert_eq!(world.ada.get(ACME).await.expect(200)["bio"], json!(null));
    }
);

on_each_database!(
    async fn names_of_every_tongue_come_back_as_they_were_given(world: World) {
        for name in [
            "<script>alert(1)</script>",
            "</script><script>alert(1)",
            "{{7*7}}",
            "#{7*7}",
            "' OR 1=1 --",
            "../../etc/passwd",
            "%n%s%p",
            "\u{ff21}\u{ff43}\u{ff4d}\u{ff45}",
            "\u{5d0}\u{5d1}\u{5d2}",
            "NULL",
            "0",
            "a & b",
            "=1+1",
            "-1+1",
            "=cmd|'/C calc'!A0",
            "\u{ff1d}1+1",
            "हिन्दी ไทย",
        ] {
            world.ada.patch(ACME, json!({ "name": name })).await.expect(200);
            assert_eq!(world.cy.get(ACME).await.expect(200)["name"], name);
        }
    }
);
