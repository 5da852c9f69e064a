//! Many at once, and again: no money is moved twice, none is taken that is not there, and what is written stays.

use super::books::{CHARGE, CREDIT, code, credited, ledger, patiently, reverse_path, with_key};
use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn one_of_ten_reversals_at_once_is_made(world: World) {
        let reverse = reverse_path(&credited(&world, 100).await);

        let reversals: Vec<_> = (0..10)
            .map(|_| {
                let (pat, reverse) = (world.pat.clone(), reverse.clone());
                tokio::spawn(async move { pat.post(&reverse, json!({ "reason": "Bounced" })).await })
            })
            .collect();
        let mut codes = Vec::new();
        for reversal in reversals {
            codes.push(code(&reversal.await.expect("an answer")).to_owned());
        }

        codes.sort_unstable();
        assert_eq!(codes[0], "");
        assert!(codes[1..].iter().all(|code| code == "already_reversed"), "{codes:?}");
        assert_eq!(ledger(&world).await, [100, -100]);
    }
);

on_each_database!(
    async fn a_request_that_comes_again_moves_nothing_more(world: World) {
        let credit = json!({ "amount": 100, "reason": "Paid" });
        let charge = json!({ "amount": 10, "service": "sms", "sms_point": 5 });
        let mut first = Vec::new();
        for (path, body) in [(CREDIT, &credit), (CHARGE, &charge)] {
            first.push(with_key(&world.pat, path, "key-1", body).await.expect(200)["transaction"].clone());
        }
        let (reverse, why) = (reverse_path(&first[1]), json!({ "reason": "By mistake" }));
        first.push(with_key(&world.pat, &reverse, "key-1", &why).await.expect(200)["transaction"].clone());

        // As if the server had died after the money moved and before the answer was kept.
        world.database.execute("delete from idempotency_keys", &[]).await;
        for (at, (path, body)) in [(CREDIT, &credit), (CHARGE, &charge), (&reverse, &why)].into_iter().enumerate() {
            let again = with_key(&world.pat, path, "key-1", body).await;
            assert_eq!(again.expect(200)["transaction"]["id"], first[at]["id"], "{path}");
        }
        let other = json!({ "amount": 11, "service": "sms", "sms_point": 5 });
        let reused = with_key(&world.pat, CHARGE, "key-1", &other).await;

        assert_eq!(reused.refusal(), (422, "idempotency_key_reused"));
        assert_eq!(ledger(&world).await, [100, -10, 10]);
        with_key(&world.pat, CHARGE, "key-2", &charge).await.expect(200);
        with_key(&world.pat, CHARGE, "key-3", &charge).await.expect(200);
        assert_eq!(ledger(&world).await, [100, -10, 10, -10, -10]);
        world.advance(std::time::Duration::from_secs(25 * 60 * 60));
        world.app.tidy().await.expect("the database answers");
        assert_eq!(world.database.count("wallet_keys").await, 0);
    }
);

on_each_database!(
    async fn of_twenty_equal_requests_at_once_one_moves_money(world: World) {
        credited(&world, 1000).await;
        let body = json!({ "amount": 10, "service": "seats" });

        let charges: Vec<_> = (0..20)
            .map(|_| {
                let (pat, body) = (world.pat.clone(), body.clone());
                tokio::spawn(async move { patiently(&pat, CHARGE, "once", &body).await })
            })
            .collect();
        for charge in charges {
            let reply = charge.await.expect("an answer");
            assert_eq!(reply.expect(200)["transaction"]["number"], 2);
        }

        assert_eq!(ledger(&world).await, [1000, -10]);
    }
);

on_each_database!(
    async fn what_is_in_a_ledger_stays_there(world: World) {
        credited(&world, 1000).await;

        for sql in [
            "update wallet_transactions set amount = 1",
            "update wallet_transactions set reason = 'Nothing'",
            "delete from wallet_transactions",
            "update audit_events set actor_name = 'Nobody'",
            "delete from audit_events",
        ] {
            let refusal = world.database.refusal(sql).await;
            assert!(refusal.contains("only added to"), "{sql}: {refusal}");
        }

        assert_eq!(ledger(&world).await, [1000]);
    }
);
