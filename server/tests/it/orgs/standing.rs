//! Status, verification and what else the platform decides; and what each status lets members do.

use crate::support::World;
use crate::support::world::PASSWORD;
use serde_json::{Value, json};
use std::time::Duration;

const ACME: &str = "/organizations/acme";

on_each_database!(
    async fn the_platform_sets_what_others_may_not(world: World) {
        let patch = json!({
            "verified": true, "type": "internal", "memberLimit": 3, "name": "Acme Wheels",
            "managedBy": [{ "Type": "scim", "ID": "okta-1" }, { "type": "partner", "id": "7" }],
        });

        let org = world.pat.patch(ACME, patch).await;

        for (field, value) in [
            ("verified", json!(true)),
            ("type", json!("internal")),
            ("member_limit", json!(3)),
            ("name", json!("Acme Wheels")),
            ("managed_by", json!([{ "type": "scim", "id": "okta-1" }, { "type": "partner", "id": "7" }])),
            ("version", json!(2)),
        ] {
            assert_eq!(org.expect(200)[field], value, "{field}");
        }
        let verified_at = org.body["verified_at"].clone();
        assert!(verified_at.is_string());
        world.advance(Duration::from_secs(60));
        let nothing = world.pat.patch(ACME, json!({ "status": null, "verified": null })).await;
        assert_eq!((&nothing.expect(200)["version"], &nothing.body["verified_at"]), (&json!(2), &verified_at));
        let cleared = json!({ "verified": false, "managed_by": null, "member_limit": null });
        let cleared = world.pat.patch(ACME, cleared).await;
        assert_eq!(cleared.expect(200)["managed_by"], json!([]));
        assert!(cleared.body["verified_at"].is_null() && cleared.body["member_limit"].is_null());
        let actions = "select action from audit_events where actor_kind = 'platform_admin' order by id";
        let told = world.database.texts(actions).await;
        assert_eq!(told, ["org.updated", "org.verified_changed", "org.updated", "org.verified_changed"]);
    }
);

on_each_database!(
    async fn what_the_platform_sets_has_its_rules(world: World) {
        let before = world.rows().await;
        for (patch, at, code) in [
            (json!({ "status": "pending_deletion" }), "#/status", "value_unknown"),
            (json!({ "status": "gone" }), "#/status", "value_unknown"),
            (json!({ "status": "banned" }), "#/status_reason", "status_reason_required"),
            (json!({ "status": "suspended", "status_reason": " " }), "#/status_reason", "status_reason_required"),
            (json!({ "status": "banned", "status_reason": "x".repeat(501) }), "#/status_reason", "text_too_long"),
            (json!({ "verified": "yes" }), "#/verified", "wrong_type"),
            (json!({ "type": "company" }), "#/type", "value_unknown"),
            (json!({ "type": null }), "#/type", "wrong_type"),
            (json!({ "member_limit": 0 }), "#/member_limit", "amount_out_of_range"),
            (json!({ "managed_by": [{ "type": "boss", "id": "1" }] }), "#/managed_by/0/type", "value_unknown"),
            (json!({ "managed_by": [{ "type": "scim" }] }), "#/managed_by/0/id", "missing_field"),
            (json!({ "managed_by": [{ "type": "scim", "id": "1", "x": 1 }] }), "#/managed_by/0/x", "unknown_field"),
            (json!({ "owner": "x" }), "#/owner", "not_a_member"),
            (json!({ "owner": world.dot.id }), "#/owner", "not_a_member"),
            (json!({ "owner": null }), "#/owner", "wrong_type"),
        ] {
            assert_eq!(world.pat.patch(ACME, patch.clone()).await.errors()[0], (at, code), "{patch}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn the_owner_rests_the_organization_and_wakes_it(world: World) {
        let resting = world.ada.patch(ACME, json!({ "status": "inactive" })).await;
        assert_eq!(resting.expect(200)["status"], "inactive");
        assert!(resting.body["status_changed_at"].is_string());

        for (person, body) in [
            (&world.ada, json!({ "bio": "x" })),
            (&world.ada, json!({ "status": "active", "bio": "x" })),
            (&world.ben, json!({ "bio": "x" })),
        ] {
            assert_eq!(person.patch(ACME, body.clone()).await.refusal(), (409, "organization_inactive"), "{body}");
        }
        let banned = world.ada.patch(ACME, json!({ "status": "banned" })).await;
        assert_eq!(banned.refusal(), (403, "field_not_permitted"));
        world.cy.get("/organizations/acme/members").await.expect(200);
        assert_eq!(world.ada.patch(ACME, json!({ "status": "active" })).await.expect(200)["status"], "active");
        world.ada.patch(ACME, json!({ "bio": "x" })).await.expect(200);
        assert!(world.mail_to("ada@acme.test").await.iter().all(|mail| !mail.subject.contains("active")));
    }
);

on_each_database!(
    async fn only_the_platform_ends_a_suspension(world: World) {
        let program = world.bearer(&world.ben, &["org:update", "invite:write"]).await;
        let open = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let body = json!({ "status": "suspended", "statusReason": "Unpaid since May." });

        let suspended = world.pat.patch(ACME, body).await;

        assert_eq!(suspended.expect(200)["status_reason"], "Unpaid since May.");
        let told = world.mail_to("ada@acme.test").await.pop().expect("a mail");
        assert_eq!(told.subject, "Acme Gears is suspended now");
        assert!(told.text.contains("Unpaid since May."), "{}", told.text);
        for path in [ACME, "/organizations/acme/members", "/organizations/acme/invitations"] {
            world.ben.get(path).await.expect(200);
        }
        for reply in [
            world.ada.patch(ACME, json!({ "status": "active" })).await,
            world.ada.patch(ACME, json!({ "status": "inactive" })).await,
            world.ada.delete("/organizations/acme?confirm=acme").await,
            world.ada.post_nothing("/organizations/acme/restore").await,
            world.ada.patch(ACME, json!({ "owner": world.ben.id })).await,
            program.patch(ACME, json!({ "bio": "x" })).await,
            program.post("/organizations/acme/invitations", json!({ "email": "a@x.test" })).await,
        ] {
            assert_eq!(reply.refusal(), (403, "organization_suspended"));
        }
        let path = format!("/invitations/{}/accept", open.mailed);
        let accepted = world.anon.fresh().post(&path, json!({ "password": PASSWORD })).await;
        assert_eq!(accepted.refusal(), (409, "organization_not_accepting"));
        world.cy.post_nothing("/organizations/acme/leave").await.expect(204);

        let active = world.pat.patch(ACME, json!({ "status": "active" })).await;
        assert_eq!((&active.expect(200)["status_reason"], &active.body["status"]), (&Value::Null, &json!("active")));
        world.anon.fresh().post(&path, json!({ "password": PASSWORD })).await.expect(200);
    }
);

on_each_database!(
    async fn a_banned_organization_keeps_its_name_in_the_list_and_nothing_else(world: World) {
        world.ada.patch(ACME, json!({ "bio": "We roll.", "visibility": "public" })).await.expect(200);
        let body = json!({ "status": "banned", "status_reason": "Fraud." });
        world.pat.patch(ACME, body).await.expect(200);

        for reply in [
            world.ada.get(ACME).await,
            world.ada.get("/organizations/acme/members").await,
            world.ada.patch(ACME, json!({ "status": "active" })).await,
            world.ada.delete("/organizations/acme?confirm=acme").await,
        ] {
            assert_eq!(
                (reply.refusal(), reply.body["status_reason"].as_str()),
                ((403, "organization_banned"), Some("Fraud."))
            );
        }
        assert_eq!(world.dot.get(ACME).await.refusal(), (404, "organization_not_found"));
        let list = world.cy.get("/organizations").await;
        let seen = &list.expect(200)["data"][0];
        assert_eq!((seen["name"].as_str(), seen["status"].as_str()), (Some("Acme Gears"), Some("banned")));
        assert!(seen["bio"].is_null() && seen["current_user_permissions"] == json!([]), "{seen}");
        assert_eq!(world.pat.get(ACME).await.expect(200)["bio"], "We roll.");
        world.pat.get("/organizations/acme/members").await.expect(200);
    }
);

on_each_database!(
    async fn the_owner_is_changed_like_any_field(world: World) {
        let same = world.ada.patch(ACME, json!({ "owner": world.ada.id })).await;
        assert_eq!(same.expect(200)["version"], 1);

        let org = world.ada.patch(ACME, json!({ "owner": world.ben.id, "bio": "new" })).await;

        assert_eq!(
            (org.expect(200)["owner"].as_str(), org.body["bio"].as_str()),
            (Some(world.ben.id.as_str()), Some("new"))
        );
        assert_eq!(org.body["current_user_role"], "admin");
        assert_eq!(
            world.mail_to("ben@acme.test").await.pop().expect("a mail").subject,
            "Ben Admin now owns Acme Gears"
        );
        world.advance(Duration::from_secs(16 * 60));
        let stale = world.ben.patch(ACME, json!({ "owner": world.ada.id, "bio": "newer" })).await;
        assert_eq!(stale.refusal(), (403, "reauthentication_required"));
        assert_eq!(world.ben.get(ACME).await.expect(200)["bio"], "new");
        let program = world.bearer(&world.ben, &["org:update"]).await;
        let narrow = program.patch(ACME, json!({ "owner": world.ada.id })).await;
        assert_eq!(narrow.refusal(), (403, "insufficient_scope"));
    }
);
