//! Who sees a wallet, who moves its money, and on what terms.

use super::books::{CHARGE, CREDIT, credited, reverse_path};
use crate::support::World;
use reqwest::Method;
use serde_json::json;

const WALLET: &str = "/organizations/acme/wallet";
const TERMS: &str = "/admin/organizations/acme/wallet";

on_each_database!(
    with[("currency", "EUR")],
    async fn a_wallet_is_there_from_the_first_look_on(world: World) {
        let reply = world.bil.get(WALLET).await;

        let wallet = reply.expect(200);
        for (field, value) in [
            ("balance", json!(0)),
            ("currency", json!("EUR")),
            ("sms_points", json!(0)),
            ("overdraft_limit", json!(0)),
            ("version", json!(1)),
        ] {
            assert_eq!(wallet[field], value, "{field}");
        }
        assert_eq!(world.ada.get(WALLET).await.expect(200), wallet);
        assert_eq!(world.database.count("wallets").await, 1);
        for (person, refusal) in [
            (&world.cy, (403, "permission_denied")),
            (&world.vi, (403, "permission_denied")),
            (&world.dot, (404, "organization_not_found")),
            (&world.anon, (401, "unauthenticated")),
        ] {
            for path in [WALLET, "/organizations/acme/wallet/transactions"] {
                assert_eq!(person.get(path).await.refusal(), refusal, "{path}");
            }
        }
        let program = world.bearer(&world.ada, &["member:read"]).await;
        assert_eq!(program.get(WALLET).await.refusal(), (403, "insufficient_scope"));
    }
);

on_each_database!(
    async fn for_everybody_else_there_is_no_platform(world: World) {
        let reverse = reverse_path(&credited(&world, 10).await);
        let before = world.rows().await;
        let readers = world.bearer(&world.pat, &["admin:read", "org:update", "wallet:read"]).await;
        let program = world.bearer(&world.ada, &["org:read", "wallet:read"]).await;
        let written = world.rows().await[5] - before[5];

        for (method, path) in [
            (Method::POST, CHARGE),
            (Method::POST, CREDIT),
            (Method::POST, &reverse),
            (Method::PATCH, TERMS),
            (Method::GET, "/admin/audit-log"),
            (Method::GET, "/admin/nothing"),
        ] {
            for person in [&world.anon, &world.dot, &world.vi, &world.bil, &world.ben, &world.ada, &program] {
                for body in [json!({ "amount": 1, "service": "seats", "reason": "x" }), json!([])] {
                    let reply = person.call(method.clone(), path).json(&body).send().await;
                    assert_eq!(reply.refusal(), (404, "not_found"), "{method} {path}");
                }
            }
            let wrong = world.pat.with_token("gdh_pat_wrong").call(method.clone(), path).send().await;
            assert!([(401, "invalid_token"), (404, "not_found")].contains(&wrong.refusal()), "{method} {path}");
        }
        let refused = readers.post(CHARGE, json!({ "amount": 1, "service": "seats" })).await;
        assert_eq!(refused.refusal(), (403, "insufficient_scope"));
        assert!(refused.header("www-authenticate").contains("scope=\"admin:write\""));
        readers.get("/admin/audit-log").await.expect(200);
        let unknown = world.pat.post("/admin/organizations/nobody/charge", json!({ "amount": 1 })).await;
        assert_eq!(unknown.refusal(), (404, "organization_not_found"));
        let after = world.rows().await;
        assert_eq!(after[5] - before[5], written, "something was written");
        let writer = world.bearer(&world.pat, &["admin:write"]).await;
        writer.post(CHARGE, json!({ "amount": 1, "service": "seats" })).await.expect(200);
    }
);

on_each_database!(
    async fn the_currency_stays_once_money_has_moved(world: World) {
        let changed = world.pat.patch(TERMS, json!({ "currency": "CHF", "overdraft_limit": 5 })).await;
        assert_eq!((&changed.expect(200)["currency"], &changed.body["version"]), (&json!("CHF"), &json!(2)));
        credited(&world, 10).await;

        let refused = world.pat.patch(TERMS, json!({ "currency": "EUR", "overdraft_limit": 7 })).await;
        let same = world.pat.patch(TERMS, json!({ "currency": "CHF" })).await;

        assert_eq!(refused.refusal(), (409, "currency_locked"));
        assert_eq!((&same.expect(200)["overdraft_limit"], &same.body["version"]), (&json!(5), &json!(3)));
        let stale = world.pat.call(Method::PATCH, TERMS).header("if-match", "\"2-x\"");
        let stale = stale.json(&json!({ "overdraft_limit": 9 })).send().await;
        assert_eq!(stale.refusal(), (412, "precondition_failed"));
        assert_eq!(stale.body["current_version"], 3);
    }
);

on_each_database!(
    async fn a_former_slug_leads_to_the_present_one(world: World) {
        world.database.execute("update slugs set is_current = false where slug = 'acme'", &[]).await;
        let insert = "insert into slugs (slug, organization_id, is_current)
                      select 'gears', id, true from organizations where slug = 'acme'";
        world.database.execute(insert, &[]).await;
        world.database.execute("update organizations set slug = 'gears' where slug = 'acme'", &[]).await;

        let reply = world.pat.post(CHARGE, json!({ "amount": 1, "service": "seats" })).await;

        assert_eq!((reply.status, reply.header("location")), (308, "/api/v1/admin/organizations/gears/charge"));
    }
);
