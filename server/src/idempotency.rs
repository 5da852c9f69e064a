//! What was answered to a request that may come again (`Idempotency-Key`).

use crate::App;
use crate::db::Tx;
use domain::error::{Error, Result};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// A request that has no answer by then has none to come: its server has died.
const LEASE: Duration = Duration::from_secs(60);

/// Under which a request and its answer are kept.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) principal: String,
    /// Method and path.
    pub(crate) route: String,
    pub(crate) key: String,
    pub(crate) body_digest: String,
}

/// An answer as it was given, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Of the row that is told of, where the body does not say it.
    #[serde(default)]
    pub(crate) version: Option<i64>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What the key turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// This request is the first one, begun at this time.
    First(Timestamp),
    Answered(Answer),
    /// The first one is still running.
    Running,
    /// It belongs to another request.
    Other,
}

/// Takes the slot for a request, or says what is there already.
pub(crate) async fn begin(app: &App, slot: &Slot) -> Result<Found> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let found = if take(&mut tx, slot, now).await? || take_over(&mut tx, slot, now).await? {
        Found::First(now)
    } else {
        kept(&mut tx, slot).await?
    };
    tx.commit().await?;
    Ok(found)
}

async fn take(tx: &mut Tx, slot: &Slot, now: Timestamp) -> Result<bool> {
    let taken = tx
        .sql(
            "insert into idempotency_keys (principal, route, key, body_digest, created_at)
             values ($1, $2, $3, $4, $5) on conflict (principal, route, key) do nothing",
        )
        .bind(slot.principal.clone())
        .bind(slot.route.clone())
        .bind(slot.key.clone())
        .bind(slot.body_digest.clone())
        .bind(now)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// What is too old does not count any more, nor does a request whose server has died.
async fn take_over(tx: &mut Tx, slot: &Slot, now: Timestamp) -> Result<bool> {
    let taken = tx
        .sql(
            "update idempotency_keys set body_digest = $4, status = null, answer = null, created_at = $5
             where principal = $1 and route = $2 and key = $3
               and (created_at <= $6 or (status is null and body_digest = $4 and created_at <= $7))",
        )
        .bind(slot.principal.clone())
        .bind(slot.route.clone())
        .bind(slot.key.clone())
        .bind(slot.body_digest.clone())
        .bind(now)
        .bind(now.minus(KEPT))
        .bind(now.minus(LEASE))
        .execute()
        .await?;
    Ok(taken == 1)
}

async fn kept(tx: &mut Tx, slot: &Slot) -> Result<Found> {
    let row: Option<(String, Option<String>)> = tx
        .sql("select body_digest, answer from idempotency_keys where principal = $1 and route = $2 and key = $3")
        .bind(slot.principal.clone())
        .bind(slot.route.clone())
        .bind(slot.key.clone())
        .optional()
        .await?;
    Ok(match row {
        Some((digest, _)) if digest != slot.body_digest => Found::Other,
        Some((_, Some(answer))) => Found::Answered(serde_json::from_str(&answer).map_err(|_| Error::Internal)?),
        // Gone a moment ago: what was begun has failed, and the next try is the first one again.
        Some((_, None)) | None => Found::Running,
    })
}

/// Keeps the answer of the request that began at `begun`, unless another has taken the slot over meanwhile.
pub(crate) async fn keep(app: &App, slot: &Slot, begun: Timestamp, answer: &Answer) -> Result<()> {
    let text = serde_json::to_string(answer).map_err(|_| Error::Internal)?;
    let mut tx = app.db.write().await?;
    tx.sql(
        "update idempotency_keys set status = $5, answer = $6
         where principal = $1 and route = $2 and key = $3 and created_at = $4 and status is null",
    )
    .bind(slot.principal.clone())
    .bind(slot.route.clone())
    .bind(slot.key.clone())
    .bind(begun)
    .bind(i64::from(answer.status))
    .bind(text)
    .execute()
    .await?;
    tx.commit().await
}

/// Gives the slot back: the request came to nothing, and the next try is the first one again.
pub(crate) async fn give_back(app: &App, slot: &Slot, begun: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    tx.sql(
        "delete from idempotency_keys
         where principal = $1 and route = $2 and key = $3 and created_at = $4 and status is null",
    )
    .bind(slot.principal.clone())
    .bind(slot.route.clone())
    .bind(slot.key.clone())
    .bind(begun)
    .execute()
    .await?;
    tx.commit().await
}

pub(crate) async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.sql("delete from idempotency_keys where created_at <= $1").bind(now.minus(KEPT)).execute().await.map(drop)
}
