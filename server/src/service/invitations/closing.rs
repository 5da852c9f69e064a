//! The ends that an invitation comes to on the organization's side: withdrawn, or over.

use super::ceiling::require_offer;
use super::offers::roles_of_inviter;
use super::{find_in, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::members::Standing;
use domain::audit::Action;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{InvitationId, UserId};
use domain::invitation::InvitationStatus;
use domain::policy::{Authority, Permission, Permissions};
use domain::time::Timestamp;

/// Withdraws an invitation; its sender may do so too.
///
/// # Errors
/// `organization_…` by status, `permission_denied`, `invitation_not_found`, `invitation_not_pending` for an accepted
/// one, `precondition_failed`.
#[crate::operation]
pub async fn revoke(app: &App, caller: &Caller, id: &str) -> Result<()> {
    caller.require_writable()?;
    caller.principal.require_scope(Permission::InviteWrite)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    caller.require_writable()?;
    let now = app.now();
    let allowed = caller.require(Permission::InviteWrite);
    let row = match find_in(&mut tx, caller.org, id).await {
        Ok(row) if row.inviter_id == Some(caller.principal.user) => row,
        found => allowed.and(found)?,
    };
    match row.status {
        InvitationStatus::Revoked | InvitationStatus::Declined => return Ok(()),
        InvitationStatus::Accepted => return Err(Code::InvitationNotPending.into()),
        InvitationStatus::Pending | InvitationStatus::Expired => {}
    }
    // Not above: who withdraws it once more has nothing left to overwrite.
    caller.principal.request.require_version(row.version)?;
    close_as_revoked(&mut tx, &caller, row.id, &row.email, now).await?;
    tx.commit().await
}

/// Withdraws the open invitations of one who may no longer send them: `own` is what the inviter may from now on.
pub(crate) async fn revoke_beyond(
    tx: &mut Tx,
    caller: &Caller,
    inviter: UserId,
    own: Permissions,
    now: Timestamp,
) -> Result<()> {
    let authority = Authority { own, platform: false };
    let may_invite = own.has(Permission::InviteWrite) || sql::members_invite(tx, caller.org).await?;
    let roles = roles_of_inviter(tx, caller.org, inviter).await?;
    for (id, email, role) in sql::open_of_inviter(tx, caller.org, inviter).await? {
        let own = roles.iter().filter(|offered| offered.invitation_id == id).map(|offered| offered.role.clone());
        let offered = Standing { role, own: own.collect() };
        if !may_invite || require_offer(authority, &offered).is_err() {
            close_as_revoked(tx, caller, id, &email, now).await?;
        }
    }
    Ok(())
}

async fn close_as_revoked(tx: &mut Tx, caller: &Caller, id: InvitationId, email: &str, now: Timestamp) -> Result<()> {
    if !sql::close(tx, id, InvitationStatus::Revoked, now).await? {
        return Ok(());
    }
    let event = Event::new(caller.org, Action::InvitationRevoked, Target::invitation(id, email));
    audit::record(tx, &Origin::from(caller), event, now).await
}
