//! The outbox as the platform sees it: to whom, how often tried, and what went wrong; never what a mail says.

use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use crate::paging::{Key, Order, Walk};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::MailId;
use domain::page::{self, DEEPEST, Page};
use domain::platform::{MailState, OutboxQuery, OutgoingMail};
use domain::policy::Permission;
use domain::time::Timestamp;

/// All mail of late, the newest first.
///
/// # Errors
/// `not_found`, `insufficient_scope`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &OutboxQuery) -> Result<Page<OutgoingMail>> {
    principal.require_platform(Permission::AdminRead)?;
    let state = query.state.as_deref().map(|text| page::choice("state", text, MailState::find)).transpose()?;
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let order = Order { name: "created_at", descending: true, numeric: true };
    let walk = Walk::new(app, "outbox", order, &state, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { count(&mut tx, state).await? } else { 0 };
    let rows = read(&mut tx, state, &walk).await?;
    Ok(walk.page(app, rows, total, |mail| (Key::Number(mail.created_at.as_millis()), mail.id.0)))
}

/// Makes a mail due now that has failed or waits for its next attempt. One that has left, or that nobody needs any
/// more, stays as it is.
///
/// # Errors
/// `not_found`, `insufficient_scope`.
#[crate::operation]
pub async fn retry(app: &App, principal: &Principal, id: &str) -> Result<OutgoingMail> {
    principal.require_platform(Permission::AdminWrite)?;
    let id = id.parse().map_err(|_| Code::NotFound)?;
    let mut tx = app.db.write().await?;
    let mail = find(&mut tx, id).await?.ok_or(Code::NotFound)?;
    if !matches!(mail.state, MailState::Failed | MailState::Queued) {
        return Ok(mail);
    }
    requeue(&mut tx, id, app.now()).await?;
    let mail = find(&mut tx, id).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    tracing::info!(mail = %id, by = %principal.user, "a mail is tried again");
    Ok(mail)
}

macro_rules! mail {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select id, kind, recipient, state, attempts, last_error, next_attempt_at, created_at, sent_at
             from outbox where ",
            $($rest),+
        )
    };
}

/// `$1` is the state; key, id, limit and offset follow.
macro_rules! part {
    ($condition:literal, $than:literal, $direction:literal) => {
        mail!(
            $condition,
            " and (created_at, id) ",
            $than,
            " ($2, $3) order by created_at ",
            $direction,
            ", id ",
            $direction,
            " limit $4 offset $5"
        )
    };
}

async fn read(tx: &mut Tx, state: Option<MailState>, walk: &Walk) -> Result<Vec<OutgoingMail>> {
    let text = match (state, walk.falling) {
        (None, true) => part!("$1 is null", "<", "desc"),
        (None, false) => part!("$1 is null", ">", "asc"),
        (Some(_), true) => part!("state = $1", "<", "desc"),
        (Some(_), false) => part!("state = $1", ">", "asc"),
    };
    let statement = tx.sql(text).bind(state).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

async fn count(tx: &mut Tx, state: Option<MailState>) -> Result<i64> {
    let text = match state {
        None => {
            "select count(*)
             from (select 1 from outbox where $1 is null and created_at >= 0 limit $2) counted"
        }
        Some(_) => "select count(*) from (select 1 from outbox where state = $1 limit $2) counted",
    };
    let (count,): (i64,) = tx.sql(text).bind(state).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

async fn find(tx: &mut Tx, id: MailId) -> Result<Option<OutgoingMail>> {
    tx.sql(mail!("id = $1")).bind(id).optional().await
}

/// The invitation that the mail is about, if it is about one, shows how far it has come.
async fn requeue(tx: &mut Tx, id: MailId, now: Timestamp) -> Result<()> {
    tx.sql("update outbox set state = 'queued', next_attempt_at = $2 where id = $1 and state in ('failed', 'queued')")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    tx.sql(
        "update invitations set delivery_state = 'queued', delivery_failed_at = null, delivery_reason = null
         where id in (select subject_id from outbox where id = $1 and kind = 'invitation')",
    )
    .bind(id)
    .execute()
    .await
    .map(drop)
}
