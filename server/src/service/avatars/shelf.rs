//! Which pictures are in the store, and how many have each. What nobody has is taken out, but never from under
//! somebody who is about to get it.

use crate::App;
use crate::db::Tx;
use domain::code::Code;
use domain::error::Result;
use domain::time::Timestamp;
use std::time::Duration;

/// How long a picture may be in the store before somebody has it. Who uploads it is done long before.
const WAITING: Duration = Duration::from_secs(60 * 60);
/// Longer than it takes to remove one from the store; after it another instance may try.
const HOLD: Duration = Duration::from_secs(10 * 60);
/// Most pictures that are removed in one round.
const AT_ONCE: i64 = 100;

/// Notes that a picture is about to be put into the store, so that it is found there should nobody get it.
///
/// # Errors
/// `service_unavailable` in the moment in which the same picture is being removed.
pub(super) async fn announce(app: &App, digest: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    let noted = tx
        .sql(
            "insert into pictures (digest, due_at) values ($1, $2)
             on conflict (digest) do update set due_at = excluded.due_at where pictures.removed_since is null",
        )
        .bind(digest.to_owned())
        .bind(app.now().plus(WAITING))
        .execute()
        .await?;
    tx.commit().await?;
    if noted == 1 { Ok(()) } else { Err(Code::ServiceUnavailable.into()) }
}

/// One has the second picture in place of the first.
///
/// # Errors
/// `service_unavailable` when the second has been removed since it was announced.
pub(super) async fn exchange(tx: &mut Tx, before: Option<&str>, after: Option<&str>, now: Timestamp) -> Result<()> {
    // In the order of the digests: of two that exchange the same pictures crosswise neither waits for the other.
    let mut steps = [(before, false), (after, true)];
    steps.sort_unstable();
    for (digest, comes) in steps {
        match (digest, comes) {
            (Some(digest), true) => take(tx, digest).await?,
            (Some(digest), false) => give_back(tx, digest, now).await?,
            (None, _) => {}
        }
    }
    Ok(())
}

async fn take(tx: &mut Tx, digest: &str) -> Result<()> {
    let taken = tx
        .sql("update pictures set uses = uses + 1 where digest = $1 and removed_since is null")
        .bind(digest.to_owned())
        .execute()
        .await?;
    if taken == 1 { Ok(()) } else { Err(Code::ServiceUnavailable.into()) }
}

async fn give_back(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<()> {
    tx.sql("update pictures set uses = uses - 1, due_at = $2 where digest = $1")
        .bind(digest.to_owned())
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// Removes what nobody has any more, right after somebody gave it up. What cannot be removed now is removed later.
pub(super) async fn clear_now(app: &App) {
    if let Err(error) = clear(app).await {
        tracing::warn!(%error, "pictures that nobody has stay for a while");
    }
}

/// Removes what nobody has any more from the store.
///
/// # Errors
/// When the database or the store does not answer.
pub(crate) async fn clear(app: &App) -> Result<()> {
    let now = app.now();
    let due: Vec<(String,)> = {
        let mut tx = app.db.read().await?;
        tx.sql(
            "select digest from pictures
             where uses = 0 and due_at <= $1 and (removed_since is null or removed_since <= $2)
             order by due_at, digest limit $3",
        )
        .bind(now)
        .bind(now.minus(HOLD))
        .bind(AT_ONCE)
        .all()
        .await?
    };
    for (digest,) in due {
        if claim(app, &digest, now).await? {
            app.pictures.remove(&digest).await?;
            forget(app, &digest, now).await?;
        }
    }
    Ok(())
}

/// From now on nobody gets it; of several who remove it one does.
async fn claim(app: &App, digest: &str, now: Timestamp) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let claimed = tx
        .sql(
            "update pictures set removed_since = $2
             where digest = $1 and uses = 0 and due_at <= $2 and (removed_since is null or removed_since <= $3)",
        )
        .bind(digest.to_owned())
        .bind(now)
        .bind(now.minus(HOLD))
        .execute()
        .await?;
    tx.commit().await?;
    Ok(claimed == 1)
}

async fn forget(app: &App, digest: &str, removed_since: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    tx.sql("delete from pictures where digest = $1 and removed_since = $2")
        .bind(digest.to_owned())
        .bind(removed_since)
        .execute()
        .await?;
    tx.commit().await
}
