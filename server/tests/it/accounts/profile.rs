//! Changing one's own account.

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use reqwest::Method;
use serde_json::json;

const ME: &str = "/users/@me";

on_each_database!(
    async fn cy_changes_what_she_is_called_and_how_things_look(world: World) {
        let before = world.cy.get(ME).await.expect(200)["version"].as_i64().expect("a version");

        let new = json!({ "full_name": "Zoë Member", "username": "zoe_m", "time_zone": "europe/oslo",
                          "locale": "nb-no", "theme": "dark" });
        let reply = world.cy.patch(ME, new.clone()).await;

        assert_eq!(reply.expect(200)["full_name"], "Zoë Member");
        assert_eq!(reply.body["time_zone"], "Europe/Oslo");
        assert_eq!((&reply.body["locale"], &reply.body["theme"]), (&json!("nb-NO"), &json!("dark")));
        assert_eq!(reply.body["version"], before + 1);
        let members = "/organizations/acme/members";
        assert_eq!(world.ada.get(&format!("{members}?search=zoe_m")).await.column("full_name"), ["Zoë Member"]);
        let last = world.ada.get(members).await;
        assert_eq!(last.column("full_name").last(), Some(&"Zoë Member"));
        let event = "select changes from audit_events where action = 'user.updated' order by created_at desc limit 1";
        let changes = world.database.texts(event).await.remove(0);
        assert!(changes.contains(r#"{"field":"full_name","from":"Cy Member","to":"Zoë Member"}"#), "{changes}");

        let events = world.count("audit_events").await;
        assert_eq!(world.cy.patch(ME, new).await.expect(200)["version"], before + 1);
        assert_eq!(world.cy.patch(ME, json!({})).await.expect(200)["version"], before + 1);
        assert_eq!(world.count("audit_events").await, events);
        let cleared = json!({ "full_name": null, "username": null, "time_zone": null, "locale": null });
        let reply = world.cy.patch(ME, cleared).await;
        assert!(["full_name", "username", "time_zone", "locale"].iter().all(|field| reply.body[*field].is_null()));
        assert_eq!(world.ada.get(&format!("{members}?search=cy@acme")).await.column("email"), ["cy@acme.test"]);
    }
);

on_each_database!(
    async fn a_field_that_is_not_right_changes_nothing(world: World) {
        world.ben.patch(ME, json!({ "username": "ben" })).await.expect(200);
        let before = world.rows().await;
        for (field, value, code) in [
            ("full_name", json!(""), "name_empty"),
            ("full_name", json!("a".repeat(129)), "name_too_long"),
            ("username", json!("Zoe"), "username_invalid"),
            ("username", json!("z\u{0}"), "username_invalid"),
            ("time_zone", json!("Mars/Base"), "value_unknown"),
            ("time_zone", json!("../../etc/passwd"), "value_unknown"),
            ("time_zone", json!(""), "value_unknown"),
            ("locale", json!("english"), "value_unknown"),
            ("theme", json!("pink"), "value_unknown"),
            ("theme", json!(null), "wrong_type"),
            ("password", json!(null), "wrong_type"),
            ("platform_admin", json!(true), "unknown_field"),
            ("email", json!("new@x.test"), "unknown_field"),
        ] {
            let reply = world.cy.patch(ME, json!({ "full_name": "Zoë", field: value })).await;
            assert_eq!((reply.status, reply.errors()), (422, vec![(format!("#/{field}").as_str(), code)]), "{value}");
        }
        let taken = world.cy.patch(ME, json!({ "full_name": "Zoë", "username": "ben" })).await;
        assert_eq!(
            (taken.refusal(), taken.errors()),
            ((409, "username_taken"), vec![("#/username", "username_taken")])
        );
        let stale = world.cy.call(Method::PATCH, ME).header("if-match", "\"0-x\"").json(&json!({ "full_name": "Zoë" }));
        assert_eq!(stale.send().await.refusal(), (412, "precondition_failed"));
        let program = world.bearer(&world.cy, &["user:write"]).await;
        assert_eq!(program.patch(ME, json!({ "full_name": "Zoë" })).await.refusal(), (403, "session_required"));
        assert_eq!(world.cy.get(ME).await.expect(200)["full_name"], "Cy Member");
        // One event for the token of the program.
        assert_eq!(world.rows().await[..5], before[..5]);
    }
);

on_each_database!(
    async fn a_new_password_ends_the_other_sign_ins(world: World) {
        let (old, other) = (world.cy.copied(), world.cy.fresh());
        other.log_in(PASSWORD).await.expect(200);
        let program = world.bearer(&world.cy, &["user:read"]).await;
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        let reset = world.last_token("cy@acme.test").await;

        let change = json!({ "password": OTHER_PASSWORD, "current_password": PASSWORD, "theme": "dark" });
        assert_eq!(world.cy.patch(ME, change).await.expect(200)["theme"], "dark");

        assert!(world.cy.is_signed_in().await);
        assert_ne!(world.cy.cookie(), old.cookie());
        assert!(!old.is_signed_in().await && !other.is_signed_in().await);
        program.get(ME).await.expect(200);
        assert_eq!(world.cy.fresh().log_in(PASSWORD).await.refusal(), (401, "invalid_credentials"));
        world.cy.fresh().log_in(OTHER_PASSWORD).await.expect(200);
        let late = world.anon.post("/auth/password/reset", json!({ "token": reset, "password": PASSWORD })).await;
        assert_eq!(late.refusal(), (410, "reset_token_expired"));
        assert_eq!(world.count("audit_events where action = 'user.password_changed'").await, 1);
    }
);

on_each_database!(
    async fn the_present_password_is_needed_for_a_new_one(world: World) {
        for (change, status, code) in [
            (json!({ "password": OTHER_PASSWORD }), 422, "missing_field"),
            (json!({ "password": OTHER_PASSWORD, "current_password": OTHER_PASSWORD }), 403, "wrong_password"),
            (json!({ "password": "short", "current_password": PASSWORD }), 422, "password_too_short"),
            (json!({ "password": "passwordpassword", "current_password": PASSWORD }), 422, "password_weak"),
        ] {
            let mut body = change.clone();
            body["full_name"] = json!("Zoë");
            assert_eq!(world.cy.patch(ME, body).await.refusal(), (status, code), "{change}");
        }
        assert_eq!(world.cy.get(ME).await.expect(200)["full_name"], "Cy Member");
        world.cy.fresh().log_in(PASSWORD).await.expect(200);
    }
);
