//! Sending an invitation again.

use super::ceiling::require_offer;
use super::offers::Offer;
use super::quotas::{Mails, require_pause, require_room, require_sendings_left};
use super::{Row, find_in, find_org, shown, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::outbox::{self, Mail};
use crate::service::audit::{self, Event, Origin, Target};
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::InvitationId;
use domain::invitation::{Invitation, InvitationStatus, Resend};
use domain::org::Organization;
use domain::policy::Permission;
use domain::time::Timestamp;

/// The highest version of a link that its token has room for.
const LAST_VERSION: i64 = 65_535;

/// Sends an invitation again and gives it new time. An expired one gets a new link, the old one is dead.
///
/// # Errors
/// `permission_denied`, invalid fields, `invitation_not_found`, `invitation_not_pending`, `already_invited`,
/// `rate_limited`.
#[crate::operation]
pub async fn resend(app: &App, caller: &Caller, id: &str, resend: Submitted<Resend>) -> Result<Invitation> {
    caller.require(Permission::InviteWrite)?;
    let resend = resend.open()?;
    resend.require_form()?;
    let (mut tx, caller) = caller.locked(app, Permission::InviteWrite).await?;
    let now = app.now();
    let row = find_in(&mut tx, caller.org, id).await?;
    let org = find_org(&mut tx, &caller, now).await?;
    let row = send_again(app, &mut tx, &caller, row.id, &resend, &org, now).await?;
    let invitation = shown(app, &mut tx, &caller, row).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// The same for one that is known, in a transaction that is under way.
pub(super) async fn send_again(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: InvitationId,
    resend: &Resend,
    org: &Organization,
    now: Timestamp,
) -> Result<Row> {
    let row = find_in(tx, caller.org, &id.to_string()).await?;
    if !matches!(row.status, InvitationStatus::Pending | InvitationStatus::Expired) {
        return Err(Code::InvitationNotPending.into());
    }
    require_offer(caller.authority(), &Offer::of(tx, &row).await?.standing)?;
    let expires_at = resend.expires_at(&org.settings, now);
    let expired = row.is_expired(now);
    if row.status == InvitationStatus::Expired
        && let Some(newer) = sql::find_open(tx, caller.org, &row.email).await?
    {
        return Err(pointing_to(app, caller, newer, Code::AlreadyInvited.into()));
    }
    if expired {
        // It did not count while it was over.
        require_room(app, org)?;
    }
    require_pause(app, &row, now)?;
    require_sendings_left(app, tx, &row, now).await?;
    if row.token_version >= LAST_VERSION {
        return Err(Code::InvitationNotPending.into());
    }
    let by_mail = resend.send_email.unwrap_or(true);
    if by_mail {
        Mails::read(app, tx, caller.org, std::slice::from_ref(&row.email), now).await?.require_left(&row.email)?;
        outbox::enqueue(tx, Mail::Invitation(row.id), &row.email, now).await?;
    }
    sql::renew(tx, &row, expires_at, resend.rotate_token || expired, by_mail, now).await?;
    let event = Event::new(caller.org, Action::InvitationResent, Target::invitation(row.id, &row.email));
    audit::record(tx, &Origin::from(caller), event, now).await?;
    find_in(tx, caller.org, &id.to_string()).await
}

/// The refusal, with the invitation that is open already and where to send that one again.
pub(super) fn pointing_to(app: &App, caller: &Caller, open: InvitationId, refusal: Error) -> Error {
    let path = format!("/api/v1/organizations/{}/invitations/{open}/resend", caller.slug);
    refusal.and("invitation_id", open.to_string()).and("resend_url", app.config.link(&path))
}
