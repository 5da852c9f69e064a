//! Checks 14 and 15: what an organization's status lets happen, and who sets it.

use crate::support::World;
use serde_json::json;

const ACME: &str = "/organizations/acme";
const MEMBERS: &str = "/organizations/acme/members";

on_each_database!(
    async fn check_14_a_suspended_one_is_read_a_banned_one_is_closed_and_both_come_back(world: World) {
        let bil = format!("{MEMBERS}/{}", world.bil.id);
        let standing = async |status: &str| {
            let body = json!({ "status": status, "status_reason": "Unpaid." });
            world.pat.patch(ACME, body).await.expect(200);
        };

        standing("suspended").await;
        let org = world.cy.get(ACME).await;
        assert_eq!((&org.expect(200)["status"], &org.body["status_reason"]), (&json!("suspended"), &json!("Unpaid.")));
        world.cy.get(MEMBERS).await.expect(200);
        let before = world.rows().await;
        for reply in [
            world.ada.patch(ACME, json!({ "name": "x" })).await,
            world.ada.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await,
            world.ada.patch(&bil, json!({ "role": "viewer" })).await,
            world.ada.delete(&bil).await,
            world.ada.post("/organizations/acme/transfer-ownership", json!({ "new_owner_uid": world.ben.id })).await,
        ] {
            assert_eq!(reply.refusal(), (403, "organization_suspended"));
        }
        assert_eq!(world.rows().await, before);
        world.vi.post_nothing("/organizations/acme/leave").await.expect(204);

        standing("banned").await;
        for reply in [
            world.ada.get(ACME).await,
            world.cy.get(MEMBERS).await,
            world.ada.patch(ACME, json!({ "name": "x" })).await,
            world.cy.post_nothing("/organizations/acme/leave").await,
        ] {
            assert_eq!(reply.refusal(), (403, "organization_banned"));
            assert_eq!(reply.body["status_reason"], "Unpaid.");
        }
        assert_eq!(world.dot.get(ACME).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.cy.get("/organizations").await.column("status"), ["banned"]);

        for status in ["banned", "suspended"] {
            standing(status).await;
            world.pat.delete("/organizations/acme?confirm=acme").await.expect(202);
            let back = world.pat.post_nothing("/organizations/acme/restore").await;
            assert_eq!(
                (back.expect(200)["status"].as_str(), back.body["status_reason"].as_str()),
                (Some(status), Some("Unpaid."))
            );
        }
    }
);

on_each_database!(
    async fn check_15_a_field_that_one_may_not_set_refuses_all_of_them(world: World) {
        let before = world.rows().await;
        let platform = json!({
            "name": "Mine", "status": "banned", "statusReason": "x", "verified": true, "type": "internal",
            "managedBy": [{ "Type": "scim", "ID": "1" }], "memberLimit": 1,
        });
        let fields = ["status", "status_reason", "verified", "type", "managed_by", "member_limit"];

        let owner = world.ada.patch(ACME, platform.clone()).await;
        assert_eq!(owner.refusal(), (403, "field_not_permitted"));
        let places: Vec<_> = owner.errors().into_iter().map(|(place, _)| place.to_owned()).collect();
        assert_eq!(places, fields.map(|field| format!("#/{field}")));
        for (body, field) in [
            (json!({ "bio": "x", "status": "inactive" }), "#/status"),
            (json!({ "bio": "x", "owner": world.ben.id }), "#/owner"),
            (json!({ "bio": "x", "handle": "gears" }), "#/handle"),
            (json!({ "bio": "x", "verified": false }), "#/verified"),
        ] {
            let admin = world.ben.patch(ACME, body).await;
            assert_eq!((admin.refusal(), admin.errors()[0].0), ((403, "field_not_permitted"), field));
        }
        assert_eq!(world.cy.patch(ACME, platform).await.refusal(), (403, "permission_denied"));

        assert_eq!(world.rows().await, before);
        let org = world.ada.get(ACME).await;
        assert_eq!((&org.expect(200)["name"], &org.body["version"]), (&json!("Acme Gears"), &json!(1)));
    }
);
