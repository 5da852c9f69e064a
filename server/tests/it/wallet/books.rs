//! What tests of the wallet need again and again.

use crate::support::person::Person;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const CHARGE: &str = "/admin/organizations/acme/charge";
pub(crate) const CREDIT: &str = "/admin/organizations/acme/credit";

/// Fills the wallet of `acme`, and gives the transaction.
pub(crate) async fn credited(world: &World, amount: i64) -> Value {
    let reply = world.pat.post(CREDIT, json!({ "amount": amount, "reason": "Filling" })).await;
    reply.expect(200)["transaction"].clone()
}

pub(crate) fn reverse_path(transaction: &Value) -> String {
    let id = transaction["id"].as_str().expect("an id");
    format!("/admin/organizations/acme/wallet/transactions/{id}/reverse")
}

/// What has been moved, the oldest first.
pub(crate) async fn ledger(world: &World) -> Vec<i64> {
    let amounts =
        world.database.texts("select cast(signed_amount as text) from wallet_transactions order by number").await;
    amounts.iter().map(|amount| amount.parse().expect("a number")).collect()
}

/// Posts under an idempotency key.
pub(crate) async fn with_key(person: &Person, path: &str, key: &str, body: &Value) -> Reply {
    person.call(Method::POST, path).header("idempotency-key", key).json(body).send().await
}

/// Why it was refused, or nothing.
pub(crate) fn code(reply: &Reply) -> &str {
    reply.body["code"].as_str().unwrap_or_default()
}

/// Asks again while the server is too busy to answer.
pub(crate) async fn patiently(person: &Person, path: &str, key: &str, body: &Value) -> Reply {
    loop {
        let reply = with_key(person, path, key, body).await;
        if reply.status != 503 && code(&reply) != "idempotency_in_progress" {
            return reply;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
