//! Changing what a member may, and where.

use super::roles::{self, Standing};
use super::{find_in, require_grantable, require_power_over, shown, sql, standing, target_of, workspaces};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::service::audit::{self, Event, Origin};
use crate::service::invitations;
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::member::{Member, MemberPatch, MemberReplacement};
use domain::org::{Manager, ManagerKind};
use domain::policy::Permission;
use domain::time::Timestamp;

/// Gives a member other roles, or other workspaces.
///
/// # Errors
/// `permission_denied`, `role_unknown`, `role_conflict`, `workspace_unknown`, `member_not_found`,
/// `precondition_failed`, `managed_externally`, `owner_protected`, `cannot_change_own_role`, `permission_escalation`.
#[crate::operation]
pub async fn change(app: &App, caller: &Caller, reference: &str, patch: Submitted<MemberPatch>) -> Result<Member> {
    caller.require(Permission::MemberWrite)?;
    let patch = patch.open()?;
    patch.require_form()?;
    change_one(app, caller, reference, &patch).await.map(|(member, _)| member)
}

/// Says anew what a member may, and where.
///
/// # Errors
/// As [`change`].
#[crate::operation]
pub async fn replace(
    app: &App,
    caller: &Caller,
    reference: &str,
    whole: Submitted<MemberReplacement>,
) -> Result<Member> {
    caller.require(Permission::MemberWrite)?;
    change(app, caller, reference, Submitted::from(MemberPatch::from(whole.open()?))).await
}

/// Also says whether anything changed.
pub(super) async fn change_one(
    app: &App,
    caller: &Caller,
    reference: &str,
    patch: &MemberPatch,
) -> Result<(Member, bool)> {
    let (mut tx, caller) = caller.locked(app, Permission::MemberWrite).await?;
    let now = app.now();
    let target = find_in(&mut tx, &caller, reference).await?;
    let before = standing(&mut tx, &caller, &target).await?;
    let after = roles::wanted(&mut tx, caller.org, patch, &before).await?;
    let places = match &patch.workspaces {
        Some(references) => Some(workspaces::resolve(&mut tx, caller.org, references).await?),
        None => None,
    };
    caller.principal.request.require_version(target.version)?;
    let regraded = match after.filter(|after| differs(&before, after)) {
        Some(after) => {
            regrade(&mut tx, &caller, &target, &before, &after, now).await?;
            true
        }
        None => false,
    };
    let moved = match places {
        Some(places) => relocate(&mut tx, &caller, &target, &before, &places, now).await?,
        None => false,
    };
    if !regraded && !moved {
        return Ok((shown(&mut tx, &caller, target).await?, false));
    }
    sql::touch(&mut tx, caller.org, target.user_id, now).await?;
    let changed = sql::find(&mut tx, caller.org, reference, caller.principal.user).await?.ok_or(Error::Internal)?;
    let changed = shown(&mut tx, &caller, changed).await?;
    tx.commit().await?;
    Ok((changed, true))
}

fn differs(before: &Standing, after: &Standing) -> bool {
    let held = |standing: &Standing| {
        let mut ids: Vec<_> = standing.own.iter().map(|role| role.id).collect();
        ids.sort_unstable();
        (standing.role, ids)
    };
    held(before) != held(after)
}

async fn regrade(
    tx: &mut Tx,
    caller: &Caller,
    target: &Member,
    before: &Standing,
    after: &Standing,
    now: Timestamp,
) -> Result<()> {
    require_managed_here(tx, caller).await?;
    require_power_over(caller, before)?;
    if target.user_id == caller.principal.user {
        return Err(Code::CannotChangeOwnRole.into());
    }
    require_grantable(caller, Some(after.role), after.permissions())?;
    if after.role != before.role {
        sql::set_role(tx, caller.org, target.user_id, before.role, after.role).await?;
    }
    roles::set_own(tx, caller.org, target.user_id, before, after).await?;
    let changes = Changes::default().of("role", before.role, after.role).of("roles", before.keys(), after.keys());
    let event = Event::new(caller.org, Action::MemberRoleChanged, target_of(target)).with(changes);
    audit::record(tx, &Origin::from(caller), event, now).await?;
    invitations::revoke_beyond(tx, caller, target.user_id, after.permissions(), now).await
}

/// Says whether the member was not in exactly these workspaces before; a refusal undoes what was written. Who manages
/// members may choose their own.
async fn relocate(
    tx: &mut Tx,
    caller: &Caller,
    target: &Member,
    standing: &Standing,
    places: &[workspaces::Place],
    now: Timestamp,
) -> Result<bool> {
    let Some(moved) = workspaces::set(tx, caller.org, target.user_id, places, now).await? else { return Ok(false) };
    require_managed_here(tx, caller).await?;
    if target.user_id != caller.principal.user {
        require_power_over(caller, standing)?;
    }
    let changes = Changes::default().of("workspaces", moved.from, moved.to);
    let event = Event::new(caller.org, Action::MemberWorkspacesChanged, target_of(target)).with(changes);
    audit::record(tx, &Origin::from(caller), event, now).await?;
    Ok(true)
}

/// Where a directory says who may what, it would be undone here. The platform may put things right.
pub(crate) async fn require_managed_here(tx: &mut Tx, caller: &Caller) -> Result<()> {
    if caller.authority().platform || !is_in_a_directory(tx, caller.org).await? {
        return Ok(());
    }
    Err(Code::ManagedExternally.into())
}

async fn is_in_a_directory(tx: &mut Tx, org: OrgId) -> Result<bool> {
    let (managers,): (String,) = tx.sql("select managed_by from organizations where id = $1").bind(org).one().await?;
    let managers: Vec<Manager> = serde_json::from_str(&managers).map_err(|_| Error::Internal)?;
    Ok(managers.iter().any(|manager| manager.kind == ManagerKind::Scim))
}
