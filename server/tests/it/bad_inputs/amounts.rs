//! Amounts of money and of points.

use super::field::{Field, Group, group, needed};
use crate::support::World;
use reqwest::Method;
use serde_json::json;

const CHARGE: &str = "/admin/organizations/acme/charge";
const CREDIT: &str = "/admin/organizations/acme/credit";
const WALLET: &str = "/admin/organizations/acme/wallet";

/// What is no whole number that a program can hold.
fn no_numbers() -> Group {
    let values = vec![
        json!(9_223_372_036_854_775_808_u64),
        json!(1.0),
        json!(0.1),
        json!(1e-3),
        json!("1000"),
        json!("1e3"),
        json!([1000]),
        json!(""),
        json!("\u{ff11}"),
        json!("10 USD"),
        json!(true),
        json!({ "amount": 1 }),
    ];
    Group { code: "wrong_type", values }
}

on_each_database!(
    async fn amounts_and_points(world: World) {
        let out_of_range = || Group {
            code: "amount_out_of_range",
            values: vec![
                json!(0),
                json!(-1000),
                json!(1_000_000_001),
                json!(2_147_483_648_u32),
                json!(9_007_199_254_740_993_i64),
                json!(i64::MIN),
                json!(i64::MAX),
            ],
        };
        for field in [Field::charging(&world, "amount"), Field::crediting(&world, "amount")] {
            field.refuses(&world, &needed(vec![out_of_range(), no_numbers()])).await;
        }
        let points = Group { code: "amount_out_of_range", values: vec![json!(-1), json!(10_000_001), json!(i64::MIN)] };
        Field::crediting(&world, "sms_point").refuses(&world, &[points, no_numbers()]).await;
        let needless = Group { code: "sms_point_not_applicable", values: vec![json!(1), json!(10_000_000)] };
        Field::charging(&world, "sms_point").refuses(&world, &[needless, no_numbers()]).await;
        let limits = Group { code: "amount_out_of_range", values: vec![json!(-1), json!(1_000_000_000_000_001_i64)] };
        Field::agreeing(&world, "overdraft_limit").refuses(&world, &needed(vec![limits, no_numbers()])).await;
        assert_eq!(world.database.count("wallet_transactions").await, 0);
    }
);

on_each_database!(
    async fn numbers_that_are_no_json(world: World) {
        for number in ["NaN", "01", ".5", "1e999", "Infinity", "0x10", "1_000", "+1"] {
            for (method, path, body) in [
                (Method::POST, CHARGE, format!(r#"{{"amount":{number},"service":"seats"}}"#)),
                (Method::POST, CREDIT, format!(r#"{{"amount":{number},"reason":"Paid"}}"#)),
                (Method::PATCH, WALLET, format!(r#"{{"overdraft_limit":{number}}}"#)),
            ] {
                let reply = world.pat.call(method, path).body("application/json", body.as_bytes()).send().await;
                assert_eq!(reply.refusal(), (400, "malformed_json"), "{path} {number}");
            }
        }
        for (body, refusal) in [
            (json!({ "service": "seats" }), ("#/amount", "missing_field")),
            (json!({ "amount": 1 }), ("#/service", "missing_field")),
            (json!({ "amount": 1, "service": "sms" }), ("#/sms_point", "sms_point_required")),
            (json!({ "amount": 1, "service": "sms", "sms_point": 0 }), ("#/sms_point", "sms_point_required")),
            (json!({ "amount": 1, "service": "sms", "sms_point": null }), ("#/sms_point", "sms_point_required")),
            (json!({ "amount": 1, "service": "seats", "balance": 1 }), ("#/balance", "unknown_field")),
            (json!({ "amount": 1, "service": "seats", "allow_overdraft": null }), ("#/allow_overdraft", "wrong_type")),
            (json!({ "amount": 1, "service": "seats", "allow_overdraft": 1 }), ("#/allow_overdraft", "wrong_type")),
        ] {
            let reply = world.pat.post(CHARGE, body.clone()).await;
            assert_eq!(reply.status, 422, "{body}");
            assert_eq!(reply.errors(), [refusal], "{body}");
        }
    }
);

on_each_database!(
    async fn what_goes_with_an_amount(world: World) {
        let services = group("service_unknown", &["SMS", "", "sms ", "money", "sms,email", "*", "1"]);
        let wrong = Group { code: "wrong_type", values: vec![json!(["sms"]), json!(1), json!(null)] };
        Field::charging(&world, "service").refuses(&world, &[services, wrong]).await;
        let texts = || group("text_invalid_character", &["a\0b", "\u{202e}evil", "bell\u{7}"]);
        let reversing = Field::reversing(&world, "reason").await;
        for field in [&Field::charging(&world, "reason"), &Field::crediting(&world, "reason"), &reversing] {
            let long = group("text_too_long", &["a".repeat(501).as_str()]);
            field.refuses(&world, &[texts(), long, Group { code: "wrong_type", values: vec![json!(1)] }]).await;
        }
        let long = group("text_too_long", &["a".repeat(129).as_str()]);
        Field::charging(&world, "reference").refuses(&world, &[texts(), long]).await;
        for field in [&Field::crediting(&world, "reason"), &reversing] {
            field.refuses(&world, &needed(vec![group("missing_field", &["", " ", "\n"])])).await;
        }
        let currencies = group("currency_invalid", &["", "usd", "US", "USDT", "U$D", "\u{ff35}\u{ff33}\u{ff24}"]);
        let wrong = Group { code: "wrong_type", values: vec![json!(840), json!(null), json!(["USD"])] };
        Field::agreeing(&world, "currency").refuses(&world, &[currencies, wrong]).await;
    }
);
