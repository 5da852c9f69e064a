//! Roles that an organization makes for itself, beside those that every organization has.

use super::audit::{self, Event, Origin, Target};
use super::invitations;
use super::members;
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::paging::{Key, Order, Walk};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, RoleId};
use domain::page::{self, Page};
use domain::policy::{Permission, Role};
use domain::role::{NewRole, RolePatch, RoleView, RolesQuery, is_key};
use domain::time::Timestamp;
use uuid::Uuid;

mod reassignment;
pub(crate) mod sql;

/// The roles of the organization: the system's, then its own in the order in which they were made.
///
/// # Errors
/// `permission_denied`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &RolesQuery) -> Result<Page<RoleView>> {
    caller.require(Permission::RoleRead)?;
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let kind = match query.system.as_deref().map(|text| page::flag("system", text)).transpose()? {
        None => sql::Kind::Both,
        Some(true) => sql::Kind::System,
        Some(false) => sql::Kind::Own,
    };
    let order = Order { name: "place", descending: false, numeric: true };
    let walk = Walk::new(app, "roles", order, &(caller.org, kind), query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, caller.org, kind).await? } else { 0 };
    let rows = sql::list(&mut tx, caller.org, kind, &walk).await?;
    let page = walk.page(app, rows, total, |row| (Key::Number(row.place), as_uuid(row.role.id)));
    Ok(page.map(|row| row.role.complete()))
}

/// One role, by id or key.
///
/// # Errors
/// `permission_denied`, `role_not_found`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller, reference: &str) -> Result<RoleView> {
    caller.require(Permission::RoleRead)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, caller.org, reference).await?.ok_or_else(|| Code::RoleNotFound.into())
}

/// Makes a role. Nobody gives it more than they have.
///
/// # Errors
/// `permission_denied`, invalid fields, `permission_escalation`, `role_key_taken`, `role_limit_reached`.
#[crate::operation]
pub async fn create(app: &App, caller: &Caller, new: Submitted<NewRole>) -> Result<RoleView> {
    caller.require(Permission::RoleWrite)?;
    let draft = new.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::RoleWrite).await?;
    let now = app.now();
    caller.authority().may_grant(draft.permissions)?;
    if Role::find(&draft.key).is_some() {
        return Err(key_taken());
    }
    if sql::count(&mut tx, caller.org, sql::Kind::Own).await? >= app.config.limits.roles {
        return Err(Code::RoleLimitReached.into());
    }
    let id = new_role_id();
    sql::insert(&mut tx, caller.org, id, &draft, now).await?;
    let event = Event::new(caller.org, Action::RoleCreated, Target::role(id, draft.name.as_str()))
        .with(Changes::default().of("permissions", (), draft.permissions));
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    let role = reread(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(role)
}

/// Changes a role, and with it what everybody may who holds it.
///
/// # Errors
/// `permission_denied`, invalid fields, `role_not_found`, `system_role_immutable`, `precondition_failed`,
/// `cannot_change_own_role`, `permission_escalation`.
#[crate::operation]
pub async fn update(app: &App, caller: &Caller, reference: &str, patch: Submitted<RolePatch>) -> Result<RoleView> {
    caller.require(Permission::RoleWrite)?;
    let revision = patch.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::RoleWrite).await?;
    let now = app.now();
    let before = find_own(&mut tx, &caller, reference).await?;
    let after = revision.over(&before);
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("description", &before.description, &after.description);
    changes.note("permissions", before.permissions, after.permissions);
    if changes.is_empty() {
        return Ok(before);
    }
    require_power_over(&mut tx, &caller, &before).await?;
    caller.authority().may_grant(after.permissions)?;
    sql::update(&mut tx, &after, now).await?;
    let event = Event::new(caller.org, Action::RoleUpdated, Target::role(before.id, &before.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    if after.permissions != before.permissions {
        let inviters = sql::inviters_with(&mut tx, caller.org, before.id).await?;
        judge_inviters(&mut tx, &caller, inviters, now).await?;
    }
    let role = reread(&mut tx, &caller, before.id).await?;
    tx.commit().await?;
    Ok(role)
}

/// Deletes a role; whoever holds it, or is invited to it, gets the one named by `reassign_to` instead.
///
/// # Errors
/// `permission_denied`, `role_not_found`, `system_role_immutable`, `precondition_failed`, `role_in_use` with
/// `member_count` and `invitation_count`, `role_unknown`, `cannot_change_own_role`, `permission_escalation`.
#[crate::operation]
pub async fn delete(app: &App, caller: &Caller, reference: &str, reassign_to: Option<&str>) -> Result<()> {
    caller.require(Permission::RoleWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::RoleWrite).await?;
    let now = app.now();
    let role = find_own(&mut tx, &caller, reference).await?;
    let heir = match reassign_to {
        None => None,
        Some(text) => Some(find_heir(&mut tx, &caller, &role, text).await?),
    };
    require_power_over(&mut tx, &caller, &role).await?;
    let invitations = sql::count_open_invitations(&mut tx, role.id).await?;
    let inviters = sql::inviters_with(&mut tx, caller.org, role.id).await?;
    match &heir {
        Some(heir) => reassignment::hand_on(&mut tx, &caller, &role, heir, now).await?,
        None if role.member_count + invitations > 0 => {
            let refusal = Code::RoleInUse.with("member_count", role.member_count);
            return Err(refusal.and("invitation_count", invitations));
        }
        None => {}
    }
    sql::delete(&mut tx, caller.org, role.id).await?;
    let changes = Changes::default().of("reassigned_to", (), heir.map(|heir| heir.key));
    let event = Event::new(caller.org, Action::RoleDeleted, Target::role(role.id, &role.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    judge_inviters(&mut tx, &caller, inviters, now).await?;
    tx.commit().await
}

/// The first roles of the list with their counts, for what shows figures.
pub(crate) async fn counted(tx: &mut Tx, org: OrgId) -> Result<Vec<RoleView>> {
    let roles = sql::first(tx, org).await?;
    Ok(roles.into_iter().map(RoleView::complete).collect())
}

/// A role of the organization, of either kind, by id or key.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, reference: &str) -> Result<Option<RoleView>> {
    let plain = !reference.starts_with('0') && reference.bytes().all(|byte| byte.is_ascii_digit());
    let id = match Role::find(reference) {
        Some(role) => Some(RoleId(role.id())),
        None => reference.parse().ok().filter(|_| plain).map(RoleId),
    };
    let found = match id {
        Some(id) => sql::find(tx, org, id).await?,
        None if is_key(reference) => sql::find_by_key(tx, org, reference).await?,
        None => None,
    };
    Ok(found.map(RoleView::complete))
}

/// A role that can be changed at all, in the version that is meant.
async fn find_own(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<RoleView> {
    let role = find(tx, caller.org, reference).await?.ok_or(Code::RoleNotFound)?;
    if role.system {
        return Err(Code::SystemRoleImmutable.into());
    }
    caller.principal.request.require_version(role.version)?;
    Ok(role)
}

async fn find_heir(tx: &mut Tx, caller: &Caller, role: &RoleView, reference: &str) -> Result<RoleView> {
    let heir = find(tx, caller.org, reference).await?.filter(|heir| heir.id != role.id).ok_or_else(|| {
        Error::parameter("reassign_to", Code::RoleUnknown, "There is no such role that could take its place.")
    })?;
    members::require_grantable(caller, heir.as_system(), heir.permissions)?;
    Ok(heir)
}

/// Who changes a role acts on everybody who holds it: not on oneself, and on nobody who may do more.
async fn require_power_over(tx: &mut Tx, caller: &Caller, role: &RoleView) -> Result<()> {
    if sql::holds(tx, caller.org, caller.principal.user, role.id).await? {
        return Err(Code::CannotChangeOwnRole.into());
    }
    let authority = caller.authority();
    authority.may_grant(role.permissions)?;
    for held in sql::held_beside(tx, caller.org, role.id).await? {
        authority.may_grant(held)?;
    }
    Ok(())
}

/// Withdraws what people have offered in invitations and may no longer offer.
async fn judge_inviters(
    tx: &mut Tx,
    caller: &Caller,
    inviters: Vec<domain::ids::UserId>,
    now: Timestamp,
) -> Result<()> {
    for inviter in inviters {
        let authority = invitations::authority_of(tx, caller.org, inviter).await?;
        if !authority.platform {
            invitations::revoke_beyond(tx, caller, inviter, authority.own, now).await?;
        }
    }
    Ok(())
}

async fn reread(tx: &mut Tx, caller: &Caller, id: RoleId) -> Result<RoleView> {
    sql::find(tx, caller.org, id).await?.ok_or(Error::Internal)
}

fn key_taken() -> Error {
    Code::RoleKeyTaken.of("key", "A role has this key already.")
}

/// 48 random bits, above the fixed ids of the system roles.
fn new_role_id() -> RoleId {
    RoleId(rand::random_range(1000..=(1_i64 << 48) - 1))
}

/// The place of a role in a cursor, which holds ids of the usual kind.
fn as_uuid(id: RoleId) -> Uuid {
    Uuid::from_u128(u128::try_from(id.0).unwrap_or_default())
}
