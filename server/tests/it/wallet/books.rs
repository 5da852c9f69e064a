//! What tests of the wallet need again and again.

use crate::support::World;
use serde_json::{Value, json};

pub(super) const CHARGE: &str = "/admin/organizations/acme/charge";
pub(super) const CREDIT: &str = "/admin/organizations/acme/credit";

/// Fills the wallet of `acme`, and gives the transaction.
pub(super) async fn credited(world: &World, amount: i64) -> Value {
    let reply = world.pat.post(CREDIT, json!({ "amount": amount, "reason": "Filling" })).await;
    reply.expect(200)["transaction"].clone()
}

pub(super) fn reverse_path(transaction: &Value) -> String {
    let id = transaction["id"].as_str().expect("an id");
    format!("/admin/organizations/acme/wallet/transactions/{id}/reverse")
}

/// What has been moved, the oldest first.
pub(super) async fn ledger(world: &World) -> Vec<i64> {
    let amounts =
        world.database.texts("select cast(signed_amount as text) from wallet_transactions order by number").await;
    amounts.iter().map(|amount| amount.parse().expect("a number")).collect()
}
