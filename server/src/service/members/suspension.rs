//! Suspending members, and letting them in again.

use super::{find_for_change, require_power_over, shown, sql, standing, target_of};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::service::audit::{self, Event, Origin};
use crate::service::{invitations, orgs};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::member::{Member, MemberStatus, Suspension};
use domain::policy::{Permission, Permissions};

/// Suspends a member, who keeps roles, teams and workspaces and is a stranger meanwhile. One who is suspended already
/// stays so.
///
/// # Errors
/// `permission_denied`, invalid fields, `member_not_found`, `owner_protected`, `cannot_suspend_self`,
/// `permission_escalation`.
#[crate::operation]
pub async fn suspend(app: &App, caller: &Caller, reference: &str, suspension: Submitted<Suspension>) -> Result<Member> {
    caller.require(Permission::MemberWrite)?;
    let reason = suspension.open()?.parse()?;
    suspend_one(app, caller, reference, reason).await.map(|(member, _)| member)
}

/// Lets a suspended member in again.
///
/// # Errors
/// `permission_denied`, `member_not_found`, `permission_escalation`, `member_limit_reached`.
#[crate::operation]
pub async fn restore(app: &App, caller: &Caller, reference: &str) -> Result<Member> {
    caller.require(Permission::MemberWrite)?;
    restore_one(app, caller, reference).await.map(|(member, _)| member)
}

pub(super) async fn suspend_one(
    app: &App,
    caller: &Caller,
    reference: &str,
    reason: Option<String>,
) -> Result<(Member, bool)> {
    let (mut tx, caller) = caller.locked(app, Permission::MemberWrite).await?;
    let now = app.now();
    let target = require_target(&mut tx, &caller, reference).await?;
    if target.user_id == caller.principal.user {
        return Err(Code::CannotSuspendSelf.into());
    }
    if target.status == MemberStatus::Suspended {
        return Ok((shown(&mut tx, &caller, target).await?, false));
    }
    let changes = Changes::default().of("suspended_reason", (), &reason);
    sql::set_status(&mut tx, caller.org, target.user_id, MemberStatus::Suspended, reason, now).await?;
    orgs::count_member(&mut tx, caller.org, -1, now).await?;
    let event = Event::new(caller.org, Action::MemberSuspended, target_of(&target)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    invitations::revoke_beyond(&mut tx, &caller, target.user_id, Permissions::NONE, now).await?;
    finish(tx, &caller, &target).await
}

pub(super) async fn restore_one(app: &App, caller: &Caller, reference: &str) -> Result<(Member, bool)> {
    let (mut tx, caller) = caller.locked(app, Permission::MemberWrite).await?;
    let now = app.now();
    let target = require_target(&mut tx, &caller, reference).await?;
    if target.status == MemberStatus::Active {
        return Ok((shown(&mut tx, &caller, target).await?, false));
    }
    if !orgs::has_seat(&mut tx, caller.org, 0).await? {
        return Err(Code::MemberLimitReached.into());
    }
    let changes = Changes::default().of("suspended_reason", &target.suspended_reason, ());
    sql::set_status(&mut tx, caller.org, target.user_id, MemberStatus::Active, None, now).await?;
    orgs::count_member(&mut tx, caller.org, 1, now).await?;
    let event = Event::new(caller.org, Action::MemberRestored, target_of(&target)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    finish(tx, &caller, &target).await
}

async fn require_target(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Member> {
    let target = find_for_change(tx, caller, reference).await?;
    require_power_over(caller, &standing(tx, caller, &target).await?)?;
    Ok(target)
}

async fn finish(mut tx: Tx, caller: &Caller, target: &Member) -> Result<(Member, bool)> {
    let user = target.user_id;
    let changed = sql::find(&mut tx, caller.org, &user.to_string(), user).await?.ok_or(Error::Internal)?;
    let changed = shown(&mut tx, caller, changed).await?;
    tx.commit().await?;
    Ok((changed, true))
}
