//! Changing what an open invitation says and offers.

use super::catalogue::Catalogue;
use super::ceiling::require_offer;
use super::offers::Offer;
use super::{Row, find_in, find_org, shown, sql};
use crate::App;
use crate::auth::Caller;
use crate::service::audit::{self, Event, Origin, Target};
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::code::Code;
use domain::error::Result;
use domain::invitation::{Invitation, InvitationPatch, InvitationStatus};
use domain::policy::Permission;

/// Changes an invitation that is still open. Its links stay good.
///
/// # Errors
/// `permission_denied`, invalid fields, `invitation_not_found`, `role_unknown`, `role_conflict`, `team_unknown`,
/// `workspace_unknown`, `precondition_failed`, `invitation_not_pending`, `permission_escalation`.
#[crate::operation]
pub async fn update(app: &App, caller: &Caller, id: &str, patch: Submitted<InvitationPatch>) -> Result<Invitation> {
    caller.require(Permission::InviteWrite)?;
    let revision = patch.open()?.parse(app.now())?;
    let (mut tx, caller) = caller.locked(app, Permission::InviteWrite).await?;
    let now = app.now();
    let row = find_in(&mut tx, caller.org, id).await?;
    let org = find_org(&mut tx, &caller, now).await?;
    let before = Offer::of(&mut tx, &row).await?;
    let after = Catalogue::read(&mut tx, &org, &[&revision.grants]).await?.resolve(&revision.grants, &before)?;
    caller.principal.request.require_version(row.version)?;
    if row.status != InvitationStatus::Pending || row.is_expired(now) {
        return Err(Code::InvitationNotPending.into());
    }
    let changed = Row {
        role: after.standing.role,
        name: revision.name.map(String::from).over(row.name.clone()),
        expires_at: revision.expires_at.unwrap_or(row.expires_at),
        ..row.clone()
    };
    let regranted = before.changes(&after);
    let changes =
        regranted.clone().of("name", &row.name, &changed.name).of("expires_at", row.expires_at, changed.expires_at);
    if changes.is_empty() {
        return shown(app, &mut tx, &caller, row).await;
    }
    // Who changes an invitation acts on what it offered as well as on what it offers now.
    for offered in [&before, &after] {
        require_offer(caller.authority(), &offered.standing)?;
    }
    sql::update(&mut tx, &changed, now).await?;
    if !regranted.is_empty() {
        after.replace(&mut tx, row.id).await?;
    }
    let event = Event::new(caller.org, Action::InvitationUpdated, Target::invitation(row.id, &row.email));
    audit::record(&mut tx, &Origin::from(&caller), event.with(changes), now).await?;
    let changed = find_in(&mut tx, caller.org, id).await?;
    let changed = shown(app, &mut tx, &caller, changed).await?;
    tx.commit().await?;
    Ok(changed)
}
