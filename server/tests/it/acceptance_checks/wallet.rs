//! Check 12: no money moves twice, and none that is not there.

use crate::support::World;
use crate::wallet::books::{CHARGE, code, credited, ledger, patiently, with_key};
use serde_json::json;

on_each_database!(
    async fn check_12_a_charge_is_made_once_and_never_below_the_limit(world: World) {
        credited(&world, 1010).await;
        world.pat.patch("/admin/organizations/acme/wallet", json!({ "overdraft_limit": 250 })).await.expect(200);
        let charge = json!({ "amount": 10, "service": "seats" });

        let first = with_key(&world.pat, CHARGE, "once", &charge).await;
        let again = with_key(&world.pat, CHARGE, "once", &charge).await;
        assert_eq!(again.expect(200)["transaction"]["id"], first.expect(200)["transaction"]["id"]);
        assert_eq!(again.header("idempotency-replayed"), "true");
        let twin = world.pat.post(CHARGE, charge).await;
        assert_eq!(twin.refusal(), (409, "possible_duplicate"));
        assert_eq!(twin.body["transaction_id"], first.body["transaction"]["id"]);
        assert_eq!(ledger(&world).await, [1010, -10]);

        let charges: Vec<_> = (0..100)
            .map(|number| {
                let pat = world.pat.clone();
                let body = json!({ "amount": 30, "service": "seats", "allow_overdraft": number % 2 == 0 });
                tokio::spawn(async move { patiently(&pat, CHARGE, &format!("charge-{number}"), &body).await })
            })
            .collect();
        let mut charged = 0;
        for charge in charges {
            match code(&charge.await.expect("an answer")) {
                "" => charged += 1,
                code => assert_eq!(code, "insufficient_balance"),
            }
        }
        let moved = ledger(&world).await;
        assert_eq!(moved.len(), charged + 2);
        let balance: i64 = moved.iter().sum();
        assert!((-250..=-220).contains(&balance), "{balance}");
        let numbers = world.database.number("select count(distinct number) from wallet_transactions").await;
        assert_eq!(numbers, world.database.number("select max(number) from wallet_transactions").await);
        assert_eq!(world.ada.get("/organizations/acme/wallet").await.expect(200)["balance"], balance);
    }
);
