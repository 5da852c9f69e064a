//! `002`: ids, keys in camelCase, no envelope.

use super::client::{Client, text};
use crate::support::World;
use serde_json::{Value, json};

on_each_database!(
    async fn seed_002_post_organizations(world: World) {
        let client = Client::of_002(&world.ada);

        let new = json!({
            "name": "Bolts", "slug": "bolts-and-nuts", "countryCode": "DEU", "avatarUrl": "https://bolts.test/a.png",
            "description": "Bolts of every size.", "email": "hello@bolts.test", "phone": "+49 30 1234567",
        });
        let made = client.post("/organizations", new, 201).await;
        assert_eq!((text(&made, "slug"), text(&made, "countryCode")), ("bolts-and-nuts", "DE"));
        assert_eq!((text(&made, "status"), &made["verified"]), ("active", &json!(false)));
        assert_eq!((text(&made, "owner"), &made["managedBy"]), (world.ada.id.as_str(), &json!([])));
        assert_eq!((&made["memberCount"], &made["pendingMemberCount"]), (&json!(1), &json!(0)));
        assert_eq!(client.get(&format!("/organizations/{}", text(&made, "id"))).await, made);
    }
);

on_each_database!(
    async fn seed_002_patch_status_status_reason_owner_verified(world: World) {
        let client = Client::of_002(&world.pat);
        let id = world.ada.get("/organizations/acme").await.expect(200)["id"].as_str().expect("an id").to_owned();
        let one = format!("/organizations/{id}");

        let handed = client.patch(&one, json!({ "owner": world.ben.id })).await;
        assert_eq!(text(&handed, "owner"), world.ben.id);
        let body = json!({
            "status": "banned", "statusReason": "Fraud.", "verified": true,
            "managedBy": [{ "Type": "partner", "ID": "7" }],
        });
        let changed = client.patch(&one, body).await;
        assert_eq!((text(&changed, "status"), text(&changed, "statusReason")), ("banned", "Fraud."));
        assert_eq!((text(&changed, "owner"), &changed["verified"]), (world.ben.id.as_str(), &json!(true)));
        assert_eq!(changed["managedBy"], json!([{ "Type": "partner", "ID": "7" }]));
        let left = client.patch(&one, json!({ "status": null, "verified": null })).await;
        assert_eq!((text(&left, "status"), &left["verified"]), ("banned", &json!(true)));
        let active = client.patch(&one, json!({ "status": "active", "verified": false })).await;
        assert_eq!((&active["statusReason"], &active["verifiedAt"]), (&Value::Null, &Value::Null));
    }
);
