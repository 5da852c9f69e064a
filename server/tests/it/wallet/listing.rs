//! The list of transactions.

use super::books::{CHARGE, credited, ledger};
use crate::support::World;
use serde_json::json;
use std::time::Duration;

const TRANSACTIONS: &str = "/organizations/acme/wallet/transactions";

/// Twelve transactions, one a minute; gives the time of the seventh.
async fn move_money(world: &World) -> String {
    credited(world, 10_000).await;
    let mut times = Vec::new();
    for amount in 1..=11 {
        world.advance(Duration::from_secs(60));
        let service = ["seats", "email", "storage"][amount % 3];
        let reply = world.pat.post(CHARGE, json!({ "amount": amount, "service": service })).await;
        times.push(reply.expect(200)["transaction"]["created_at"].as_str().expect("a time").to_owned());
    }
    times.swap_remove(5)
}

/// The amounts of every page of a list.
async fn walk(world: &World, query: &str) -> Vec<i64> {
    let (mut amounts, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.bil.get(&format!("{TRANSACTIONS}?{query}&limit=2{cursor}")).await;
        let rows = page.expect(200)["data"].as_array().expect("a list");
        amounts.extend(rows.iter().filter_map(|row| row["signed_amount"].as_i64()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return amounts,
        }
    }
}

on_each_database!(
    async fn transactions_are_filtered_and_walked(world: World) {
        let seventh = move_money(&world).await;
        let all = ledger(&world).await;
        let latest_first: Vec<i64> = all.iter().rev().copied().collect();

        assert_eq!(walk(&world, "sort=created_at").await, all);
        assert_eq!(walk(&world, "sort=-created_at").await, latest_first);
        assert_eq!(walk(&world, "kind=credit").await, [10_000]);
        assert_eq!(walk(&world, "kind=charge&service=seats").await, [-9, -6, -3]);
        assert_eq!(walk(&world, "service=email&sort=created_at").await, [-1, -4, -7, -10]);
        assert_eq!(walk(&world, &format!("sort=created_at&to={seventh}")).await, all[..6]);
        assert_eq!(walk(&world, &format!("sort=created_at&from={seventh}")).await, all[6..]);
        let page = world.bil.get(&format!("{TRANSACTIONS}?kind=charge&page=2&per_page=4")).await;
        assert_eq!(page.expect(200)["total"], 11);
        assert_eq!(page.body["data"][0]["signed_amount"], -7);
        for (query, code) in [
            ("kind=refund", "invalid_parameter"),
            ("service=SMS", "invalid_parameter"),
            ("from=yesterday", "invalid_parameter"),
            ("to=1751406022", "invalid_parameter"),
            ("format=xml", "invalid_parameter"),
            ("sort=amount", "invalid_sort"),
            ("actor=x", "unknown_parameter"),
            ("cursor=x", "invalid_cursor"),
        ] {
            assert_eq!(world.bil.get(&format!("{TRANSACTIONS}?{query}")).await.refusal(), (400, code), "{query}");
        }
        let cursor = world.bil.get(&format!("{TRANSACTIONS}?limit=1")).await.body["next_cursor"].clone();
        let cursor = cursor.as_str().expect("more");
        let elsewhere = world.bil.get(&format!("{TRANSACTIONS}?cursor={cursor}&kind=charge")).await;
        assert_eq!(elsewhere.refusal(), (400, "invalid_cursor"));
    }
);

on_each_database!(
    async fn transactions_are_taken_along_as_a_file(world: World) {
        credited(&world, 1000).await;
        let charge = json!({ "amount": 5, "service": "seats", "reason": "=1+1", "reference": "@SUM(A1)" });
        world.pat.post(CHARGE, charge).await.expect(200);

        let file = world.bil.get(&format!("{TRANSACTIONS}?format=csv&sort=created_at")).await;

        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(file.header("content-disposition").contains("wallet-transactions.csv"));
        assert_eq!(file.header("x-total-is-capped"), "false");
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with(r#""number","id","created_at","kind","signed_amount","#), "{}", lines[0]);
        let charge = r#","charge","-5","995","seats","","0","'=1+1","'@SUM(A1)","Pat Platform","","#;
        assert!(lines[2].contains(charge), "{}", lines[2]);
        let log = world.ada.get("/organizations/acme/audit-log?action=export.created").await;
        assert_eq!(log.expect(200)["data"][0]["target"]["id"], "wallet_transactions");
        assert_eq!(world.cy.get(&format!("{TRANSACTIONS}?format=csv")).await.refusal(), (403, "permission_denied"));
    }
);

on_each_database!(
    with[("rate_limits", "export=2/3600s")],
    async fn files_are_not_taken_along_all_the_time(world: World) {
        for path in [TRANSACTIONS, "/organizations/acme/audit-log"] {
            assert_eq!(world.ada.get(&format!("{path}?format=csv&sort=odd")).await.refusal(), (400, "invalid_sort"));
            assert_eq!(world.ada.get(&format!("{path}?format=csv")).await.status, 200);
        }
        for part in ["limit=1", "cursor=x", "page=1", "per_page=1"] {
            let reply = world.ada.get(&format!("{TRANSACTIONS}?format=csv&{part}")).await;
            assert_eq!(reply.refusal(), (400, "pagination_conflict"), "{part}");
        }
        let refused = world.ada.get(&format!("{TRANSACTIONS}?format=csv")).await;
        assert_eq!(refused.refusal(), (429, "rate_limited"));
        assert_eq!(world.ada.get(TRANSACTIONS).await.status, 200);
    }
);
