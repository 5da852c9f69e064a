//! How much is sent: open invitations, seats, pauses, and mails to one address.

use super::{Row, sql};
use crate::App;
use crate::db::Tx;
use domain::code::Code;
use domain::error::Result;
use domain::ids::OrgId;
use domain::org::Organization;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Mails to one address from one organization in a day.
const MAILS_A_DAY: i64 = 3;
/// How often one invitation is sent in a day, the first time included.
const SENDINGS_A_DAY: i64 = 10;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Refuses one more open invitation than the operator, or the organization's seats, allow. Open invitations hold seats.
pub(super) fn require_room(app: &App, org: &Organization) -> Result<()> {
    let open = org.pending_member_count;
    if open >= app.config.limits.open_invitations {
        return Err(Code::InvitationLimitReached.into());
    }
    match org.member_limit {
        Some(limit) if org.member_count + open >= limit => Err(Code::MemberLimitReached.into()),
        _ => Ok(()),
    }
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

/// How many mails each of some addresses has had from the organization lately: nobody's mailbox is flooded from here.
pub(super) struct Mails(HashMap<String, i64>);

impl Mails {
    /// Of at most a hundred addresses. Nothing is counted when limits are off.
    pub(super) async fn read(app: &App, tx: &mut Tx, org: OrgId, emails: &[String], now: Timestamp) -> Result<Self> {
        if app.config.rate_limits.is_none() {
            return Ok(Self(HashMap::new()));
        }
        Ok(Self(sql::count_mails(tx, org, emails, now.minus(DAY)).await?.into_iter().collect()))
    }

    /// # Errors
    /// `rate_limited`.
    pub(super) fn require_left(&self, email: &str) -> Result<()> {
        if self.0.get(email).is_none_or(|mails| *mails < MAILS_A_DAY) {
            return Ok(());
        }
        Err(Code::RateLimited.with("retry_after", DAY.as_secs()))
    }
}
