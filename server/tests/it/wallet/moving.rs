//! Charges, credits and reversals.

use super::books::{CHARGE, CREDIT, credited, ledger, reverse_path};
use crate::support::World;
use serde_json::{Value, json};
use std::time::Duration;

on_each_database!(
    async fn pat_credits_and_charges_and_the_members_see_it(world: World) {
        let credit = json!({ "amount": 5000, "reason": "Paid by transfer", "reference": "INV-7", "sms_point": 10 });
        let credited = world.pat.post(CREDIT, credit).await;
        let charge = json!({ "amount": 1200, "service": "sms", "smsPoint": 400, "reason": "Campaign" });
        let org = credited.expect(200)["wallet"]["organization_id"].as_str().expect("an id");
        let charged = world.pat.post(&format!("/api/admin/organizations/{org}/charge"), charge).await;

        let first = &credited.expect(200)["transaction"];
        assert_eq!(
            (&first["number"], &first["kind"], &first["amount"], &first["signed_amount"], &first["balance_after"]),
            (&json!(1), &json!("credit"), &json!(5000), &json!(5000), &json!(5000))
        );
        assert_eq!((&first["service"], &first["reference"]), (&Value::Null, &json!("INV-7")));
        assert_eq!(
            (&first["actor"]["type"], &first["actor"]["name"]),
            (&json!("platform_admin"), &json!("Pat Platform"))
        );
        let second = &charged.expect(200)["transaction"];
        assert_eq!(
            (&second["number"], &second["kind"], &second["amount"], &second["signed_amount"], &second["balance_after"]),
            (&json!(2), &json!("charge"), &json!(1200), &json!(-1200), &json!(3800))
        );
        assert_eq!((&second["sms_point"], &second["sms_points_after"]), (&json!(400), &json!(410)));
        let wallet = &charged.body["wallet"];
        assert_eq!(
            (&wallet["balance"], &wallet["sms_points"], &wallet["currency"]),
            (&json!(3800), &json!(410), &json!("USD"))
        );
        assert_eq!(world.bil.get("/organizations/acme/wallet").await.expect(200), wallet);
        let seen = world.ada.get("/organizations/acme/wallet/transactions").await;
        assert_eq!(seen.expect(200)["data"], json!([second, first]));
    }
);

on_each_database!(
    async fn nothing_is_taken_that_is_not_there(world: World) {
        credited(&world, 1000).await;

        let refused = world.pat.post(CHARGE, json!({ "amount": 1001, "service": "seats" })).await;
        assert_eq!(refused.refusal(), (409, "insufficient_balance"));
        assert_eq!((&refused.body["balance"], &refused.body["required"]), (&json!(1000), &json!(1001)));
        let overdraft = json!({ "amount": 1001, "service": "seats", "allow_overdraft": true });
        let refused = world.pat.post(CHARGE, overdraft.clone()).await;
        assert_eq!(refused.refusal(), (409, "insufficient_balance"));
        world.pat.patch("/admin/organizations/acme/wallet", json!({ "overdraft_limit": 1 })).await.expect(200);
        let charged = world.pat.post(CHARGE, overdraft).await;

        assert_eq!(charged.expect(200)["wallet"]["balance"], -1);
        let refused = world.pat.patch("/admin/organizations/acme/wallet", json!({ "overdraft_limit": 0 })).await;
        assert_eq!(refused.refusal(), (409, "insufficient_balance"));
        let paid = world.pat.post(CREDIT, json!({ "amount": 1, "reason": "Paid" })).await;
        assert_eq!(paid.expect(200)["wallet"]["balance"], 0);
        assert_eq!(ledger(&world).await, [1000, -1001, 1]);
    }
);

on_each_database!(
    async fn no_wallet_holds_more_than_the_limit(world: World) {
        credited(&world, 1).await;
        // As if it had been filled by a million credits; put right before the rules are checked.
        let fill = "update wallets set balance = 999999999999999";
        world.database.execute(fill, &[]).await;

        let refused = world.pat.post(CREDIT, json!({ "amount": 2, "reason": "Too much" })).await;
        world.database.execute("update wallets set balance = 1", &[]).await;

        assert_eq!(refused.refusal(), (422, "balance_limit"));
        assert_eq!(refused.errors(), [("#/amount", "balance_limit")]);
    }
);

on_each_database!(
    async fn a_transaction_is_reversed_once_and_as_a_whole(world: World) {
        let credit = credited(&world, 1000).await;
        let charge = json!({ "amount": 300, "service": "sms", "sms_point": 20 });
        let charged = world.pat.post(CHARGE, charge).await.expect(200)["transaction"].clone();
        let reverse = reverse_path(&charged);

        let reversed = world.pat.post(&reverse, json!({ "reason": "Sent to the wrong people" })).await;

        let reversal = &reversed.expect(200)["transaction"];
        assert_eq!(
            (&reversal["kind"], &reversal["amount"], &reversal["signed_amount"], &reversal["reverses"]),
            (&json!("reversal"), &json!(300), &json!(300), &charged["id"])
        );
        let wallet = &reversed.body["wallet"];
        assert_eq!((&wallet["balance"], &wallet["sms_points"]), (&json!(1000), &json!(0)));
        let again = world.pat.post(&reverse, json!({ "reason": "Once more" })).await;
        assert_eq!(again.refusal(), (409, "already_reversed"));
        assert_eq!(again.body["transaction_id"], reversal["id"]);
        let back = world.pat.post(&reverse_path(reversal), json!({ "reason": "No, it was right" })).await;
        assert_eq!(back.refusal(), (409, "not_reversible"));
        world.pat.post(CHARGE, json!({ "amount": 600, "service": "seats" })).await.expect(200);
        let spent = world.pat.post(&reverse_path(&credit), json!({ "reason": "Bounced" })).await;
        assert_eq!(spent.refusal(), (409, "not_reversible"));
        assert_eq!(spent.body["balance"], 400);
        let list = world.bil.get("/organizations/acme/wallet/transactions?sort=created_at").await;
        assert_eq!(list.expect(200)["data"][1]["reversed_by"], reversal["id"]);
        assert_eq!(ledger(&world).await, [1000, -300, 300, -600]);
    }
);

on_each_database!(
    async fn points_that_are_spent_are_not_taken_back(world: World) {
        let credit = json!({ "amount": 10, "reason": "Welcome", "sms_point": 5 });
        let first = world.pat.post(CREDIT, credit).await.expect(200)["transaction"].clone();
        world.pat.post(&reverse_path(&first), json!({ "reason": "Too early" })).await.expect(200);
        assert_eq!(world.bil.get("/organizations/acme/wallet").await.expect(200)["sms_points"], 0);
        let credit = json!({ "amount": 10, "reason": "Now", "sms_point": 5 });
        let second = world.pat.post(CREDIT, credit).await.expect(200)["transaction"].clone();
        world.database.execute("update wallets set sms_points = 4", &[]).await;

        let refused = world.pat.post(&reverse_path(&second), json!({ "reason": "Too late" })).await;
        world.database.execute("update wallets set sms_points = 5", &[]).await;

        assert_eq!(refused.refusal(), (409, "not_reversible"));
    }
);

on_each_database!(
    async fn the_same_within_a_minute_is_taken_for_a_mistake(world: World) {
        credited(&world, 1000).await;
        let charge = json!({ "amount": 10, "service": "sms", "sms_point": 1, "reason": "Batch" });
        let first = world.pat.post(CHARGE, charge.clone()).await.expect(200)["transaction"]["id"].clone();

        let again = world.pat.post(CHARGE, charge.clone()).await;

        assert_eq!(again.refusal(), (409, "possible_duplicate"));
        assert_eq!(again.body["transaction_id"], first);
        for (field, value) in [("amount", json!(11)), ("sms_point", json!(2)), ("reason", json!("Other batch"))] {
            let mut other = charge.clone();
            other[field] = value;
            world.pat.post(CHARGE, other).await.expect(200);
        }
        let credit = json!({ "amount": 1000, "reason": "Filling" });
        assert_eq!(world.pat.post(CREDIT, credit.clone()).await.refusal(), (409, "possible_duplicate"));
        world.advance(Duration::from_secs(61));
        world.pat.post(CHARGE, charge).await.expect(200);
        world.pat.post(CREDIT, credit).await.expect(200);
        assert_eq!(ledger(&world).await, [1000, -10, -11, -10, -10, -10, 1000]);
    }
);

on_each_database!(
    async fn what_is_about_to_be_deleted_is_not_charged(world: World) {
        credited(&world, 1000).await;
        let charge = json!({ "amount": 10, "service": "seats" });
        for status in ["inactive", "suspended", "banned"] {
            world.database.execute(&format!("update organizations set status = '{status}'"), &[]).await;
            world.pat.post(CHARGE, json!({ "amount": 10, "service": "seats", "reason": status })).await.expect(200);
        }
        world.database.execute("update organizations set status = 'pending_deletion'", &[]).await;

        assert_eq!(world.pat.post(CHARGE, charge).await.refusal(), (409, "organization_not_chargeable"));
        world.pat.post(CREDIT, json!({ "amount": 1, "reason": "Settled" })).await.expect(200);
        world.database.execute("update organizations set status = 'active'", &[]).await;
    }
);

on_each_database!(
    async fn each_movement_has_its_event(world: World) {
        let credit = credited(&world, 1000).await;
        world.pat.post(CHARGE, json!({ "amount": 10, "service": "seats" })).await.expect(200);
        world.pat.post(CHARGE, json!({ "amount": 1000, "service": "seats" })).await;
        world.pat.patch("/admin/organizations/acme/wallet", json!({ "overdraft_limit": 50 })).await.expect(200);
        world.pat.patch("/admin/organizations/acme/wallet", json!({ "overdraft_limit": 50 })).await.expect(200);

        let log = world.ada.get("/organizations/acme/audit-log?action=wallet.*&sort=created_at").await;

        assert_eq!(log.column("action"), ["wallet.credited", "wallet.charged", "wallet.updated"]);
        let [credited, charged, updated] = [0, 1, 2].map(|at| &log.body["data"][at]);
        assert_eq!(credited["target"], json!({ "type": "wallet_transaction", "id": credit["id"], "name": "1" }));
        assert_eq!(charged["changes"], json!([{ "field": "balance", "from": 1000, "to": 990 }]));
        assert_eq!(charged["actor"]["type"], "platform_admin");
        assert_eq!(updated["changes"], json!([{ "field": "overdraft_limit", "from": 0, "to": 50 }]));
    }
);
