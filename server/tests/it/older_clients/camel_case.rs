//! `002`: ids, keys in camelCase, no envelope, bearer tokens.

use super::client::{OF_002, acme_by_id, seed_call, text};
use crate::acceptance_checks::clients::Dialect;
use crate::support::World;
use serde_json::{Value, json};

seed_call!(
    OF_002,
    async fn seed_002_post_organizations(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&world.bearer(&world.ada, &["org:create", "org:read"]).await);

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

seed_call!(
    OF_002,
    async fn seed_002_patch_status_status_reason_owner_verified(world: World, dialect: Dialect) {
        let one = acme_by_id(&world).await;
        let owner = dialect.spoken_by(&world.bearer(&world.ada, &["org:update", "org:transfer"]).await);
        let power = ["org:update", "org:transfer", "admin:write"];
        let platform = dialect.spoken_by(&world.bearer(&world.pat, &power).await);

        let handed = owner.patch(&one, json!({ "owner": world.ben.id })).await;
        assert_eq!(text(&handed, "owner"), world.ben.id);
        let body = json!({
            "status": "banned", "statusReason": "Fraud.", "verified": true,
            "managedBy": [{ "Type": "partner", "ID": "7" }],
        });
        let changed = platform.patch(&one, body).await;
        assert_eq!((text(&changed, "status"), text(&changed, "statusReason")), ("banned", "Fraud."));
        assert_eq!((text(&changed, "owner"), &changed["verified"]), (world.ben.id.as_str(), &json!(true)));
        assert_eq!(changed["managedBy"], json!([{ "Type": "partner", "ID": "7" }]));
        let left = platform.patch(&one, json!({ "status": null, "verified": null })).await;
        assert_eq!((text(&left, "status"), &left["verified"]), ("banned", &json!(true)));
        let back = json!({ "status": "active", "owner": world.ada.id, "verified": false });
        let active = platform.patch(&one, back).await;
        assert_eq!((text(&active, "status"), text(&active, "owner")), ("active", world.ada.id.as_str()));
        assert_eq!((&active["statusReason"], &active["verifiedAt"]), (&Value::Null, &Value::Null));
    }
);
