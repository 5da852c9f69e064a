//! How much is sent: open invitations, seats, pauses, and mails to one address.

use super::{Row, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::service::orgs;
use domain::code::Code;
use domain::error::Result;
use domain::ids::OrgId;
use domain::time::Timestamp;
use std::time::Duration;

/// Mails to one address from one organization in a day.
const MAILS_A_DAY: i64 = 3;
/// How often one invitation is sent in a day, the first time included.
const SENDINGS_A_DAY: i64 = 10;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn require_room(app: &App, tx: &mut Tx, caller: &Caller, now: Timestamp) -> Result<()> {
    let open = sql::count_open(tx, caller.org, now).await?;
    if open >= app.config.limits.open_invitations {
        return Err(Code::InvitationLimitReached.into());
    }
    if orgs::has_seat(tx, caller.org, open).await? { Ok(()) } else { Err(Code::MemberLimitReached.into()) }
}

/// Creating counts as the first sending. The row remembers the last one, for all instances together.
pub(super) fn require_pause(app: &App, row: &Row, now: Timestamp) -> Result<()> {
    let Some(quota) = app.config.rate_limits.as_ref().and_then(|limits| limits.0.get("invite-resend")) else {
        return Ok(());
    };
    let pause = quota.within / quota.times;
    let waited = now.since(row.last_sent_at.unwrap_or(row.updated_at));
    if waited >= pause {
        return Ok(());
    }
    Err(Code::RateLimited.with("retry_after", (pause - waited).as_secs() + 1))
}

/// Also those that send no mail are counted: each gives the invitation new time.
pub(super) async fn require_sendings_left(app: &App, tx: &mut Tx, row: &Row, now: Timestamp) -> Result<()> {
    let since = now.minus(DAY);
    if app.config.rate_limits.is_none() || sql::count_sendings(tx, row, since).await? < SENDINGS_A_DAY {
        return Ok(());
    }
    Err(Code::RateLimited.with("retry_after", DAY.as_secs()))
}

/// Nobody's mailbox is flooded from here.
pub(super) async fn require_mails_left(app: &App, tx: &mut Tx, org: OrgId, email: &str, now: Timestamp) -> Result<()> {
    if app.config.rate_limits.is_none() || sql::count_mails(tx, org, email, now.minus(DAY)).await? < MAILS_A_DAY {
        return Ok(());
    }
    Err(Code::RateLimited.with("retry_after", DAY.as_secs()))
}
