//! Requests with an `Idempotency-Key`. What one did is written with its transaction, so that the same request, when it
//! comes again after its answer was lost, moves nothing more.

use super::sql;
use crate::auth::Caller;
use crate::db::Tx;
use crate::keys::digest;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, TransactionId};
use domain::time::Timestamp;
use domain::wallet::Receipt;
use serde::Serialize;
use std::time::Duration;

/// As long as answers are kept. A key that is older is a new one.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A key with what it is used for.
#[derive(Debug)]
pub(super) struct Key {
    principal: String,
    org: OrgId,
    request: String,
    key: String,
    body_digest: String,
}

impl Key {
    /// The key that came with the caller's request, if one did.
    pub(super) fn of(caller: &Caller, request: String, body: &impl Serialize) -> Result<Option<Self>> {
        let Some(key) = caller.principal.request.idempotency_key.clone() else { return Ok(None) };
        let body = serde_json::to_vec(body).map_err(|_| Error::Internal)?;
        let principal = caller.principal.account();
        Ok(Some(Self { principal, org: caller.org, request, key, body_digest: digest(&body) }))
    }
}

/// What the same request has done before.
///
/// # Errors
/// `idempotency_key_reused` when it was another one.
pub(super) async fn receipt(tx: &mut Tx, key: Option<&Key>, now: Timestamp) -> Result<Option<Receipt>> {
    let Some(key) = key else { return Ok(None) };
    let row: Option<(String, TransactionId)> = tx
        .sql(
            "select body_digest, transaction_id from wallet_keys
             where principal = $1 and organization_id = $2 and request = $3 and key = $4 and created_at > $5",
        )
        .bind(key.principal.clone())
        .bind(key.org)
        .bind(key.request.clone())
        .bind(key.key.clone())
        .bind(now.minus(KEPT))
        .optional()
        .await?;
    let Some((body_digest, id)) = row else { return Ok(None) };
    if body_digest != key.body_digest {
        let rule = "This key was used for another request.";
        return Err(Error::header("Idempotency-Key", Code::IdempotencyKeyReused, rule));
    }
    let transaction = sql::find_transaction(tx, key.org, id).await?.ok_or(Error::Internal)?;
    let wallet = sql::find(tx, key.org).await?.ok_or(Error::Internal)?;
    Ok(Some(Receipt { transaction, wallet }))
}

pub(super) async fn remember(tx: &mut Tx, key: &Key, transaction: TransactionId, now: Timestamp) -> Result<()> {
    tx.sql(
        "insert into wallet_keys (principal, organization_id, request, key, body_digest, transaction_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (principal, organization_id, request, key) do update
         set body_digest = excluded.body_digest, transaction_id = excluded.transaction_id,
             created_at = excluded.created_at",
    )
    .bind(key.principal.clone())
    .bind(key.org)
    .bind(key.request.clone())
    .bind(key.key.clone())
    .bind(key.body_digest.clone())
    .bind(transaction)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(crate) async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.sql("delete from wallet_keys where created_at <= $1").bind(now.minus(KEPT)).execute().await.map(drop)
}
