//! Members: showing them, removing them, leaving.

use super::audit::{self, Event, Origin, Target};
use super::{invitations, orgs, teams};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::paging::{Key, Order, Walk};
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::member::{Member, MemberStatus, MembersQuery, RemovalPreview, owner_must_transfer};
use domain::page::Page;
use domain::policy::{Permission, Permissions, Role};

mod bulk;
mod changing;
mod export;
mod filters;
mod listing;
pub(crate) mod roles;
pub(crate) mod sql;
mod suspension;
pub(crate) mod workspaces;

pub use bulk::change_many;
pub(crate) use changing::require_managed_here;
pub use changing::{change, replace};
pub use export::{Export, export};
pub use suspension::{restore, suspend};

pub(crate) use roles::{Standing, standing_of};

/// The members of the caller's organization.
///
/// # Errors
/// `permission_denied`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &MembersQuery) -> Result<Page<Member>> {
    caller.require(Permission::MemberRead)?;
    let mut tx = app.db.read().await?;
    let filters = filters::read(&mut tx, caller, query).await?;
    let order = match query.sort.as_deref().unwrap_or("name") {
        "name" => Order { name: "name", descending: false, numeric: false },
        "-name" => Order { name: "name", descending: true, numeric: false },
        "email" => Order { name: "email", descending: false, numeric: false },
        "-email" => Order { name: "email", descending: true, numeric: false },
        "joined_at" => Order { name: "joined_at", descending: false, numeric: true },
        "-joined_at" => Order { name: "joined_at", descending: true, numeric: true },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by name, email or joined_at.")),
    };
    let walk = Walk::new(app, "members", order, &filters, query.window()?)?;
    let search_is_capped = listing::is_capped(&mut tx, &filters).await?;
    let total = if walk.counts() { listing::count(&mut tx, &filters).await? } else { 0 };
    let rows = listing::list(&mut tx, &filters, order.name, &walk).await?;
    let page = walk.page(app, rows, total, |row| {
        let key = match order.name {
            "email" => Key::Text(row.member.email.clone()),
            "joined_at" => Key::Number(row.member.joined_at.as_millis()),
            _ => Key::Text(row.name_folded.clone()),
        };
        (key, row.member.user_id.0)
    });
    let mut page = Page { search_is_capped, ..page }.map(|row| seen_by(caller, row.member));
    complete(&mut tx, caller.org, &mut page.data).await?;
    Ok(page)
}

/// One member; everybody may see themselves.
///
/// # Errors
/// `member_not_found`, `permission_denied`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller, reference: &str) -> Result<Member> {
    let allowed = caller.require(Permission::MemberRead);
    let mut tx = app.db.read().await?;
    let member = sql::find(&mut tx, caller.org, reference, caller.principal.user).await?;
    match &member {
        Some(member) if is_oneself(caller, member) => allowed.or_else(|_| caller.require(Permission::OrgRead))?,
        _ => allowed?,
    }
    shown(&mut tx, caller, member.ok_or(Code::MemberNotFound)?).await
}

/// Removes a member; oneself, that is leaving. Who may not remove others is not told whether they are there.
///
/// # Errors
/// `permission_denied`, `member_not_found`, `owner_protected`, `permission_escalation`, `precondition_failed`; those of
/// [`leave`].
#[crate::operation]
pub async fn remove(app: &App, caller: &Caller, reference: &str) -> Result<()> {
    let named = sql::find(&mut app.db.read().await?, caller.org, reference, caller.principal.user).await?;
    if named.is_some_and(|member| is_oneself(caller, &member)) {
        return leave(app, caller).await;
    }
    caller.require(Permission::MemberWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::MemberWrite).await?;
    let target = find_for_change(&mut tx, &caller, reference).await?;
    require_power_over(&caller, &standing(&mut tx, &caller, &target).await?)?;
    take_out(app, &mut tx, &caller, &target, Action::MemberRemoved).await?;
    tx.commit().await
}

/// What goes with a member who is removed, without removing anybody.
///
/// # Errors
/// As [`remove`].
#[crate::operation]
pub async fn preview_removal(app: &App, caller: &Caller, reference: &str) -> Result<RemovalPreview> {
    let mut tx = app.db.read().await?;
    let named = sql::find(&mut tx, caller.org, reference, caller.principal.user).await?;
    let target = match named {
        Some(oneself) if is_oneself(caller, &oneself) => {
            require_leaver(caller)?;
            require_no_owner(app, &mut tx, caller, &oneself).await?;
            oneself
        }
        named => {
            caller.require(Permission::MemberWrite)?;
            let target = named.ok_or(Code::MemberNotFound)?;
            require_power_over(caller, &standing(&mut tx, caller, &target).await?)?;
            target
        }
    };
    sql::preview_removal(&mut tx, caller.org, target.user_id, app.now()).await
}

/// Leaves the organization. The owner transfers it first.
///
/// # Errors
/// `owner_must_transfer` with `member_count` and `candidates_url`, `organization_banned`.
#[crate::operation]
pub async fn leave(app: &App, caller: &Caller) -> Result<()> {
    require_leaver(caller)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let target = find_for_change(&mut tx, &caller, "@me").await?;
    require_no_owner(app, &mut tx, &caller, &target).await?;
    take_out(app, &mut tx, &caller, &target, Action::MemberLeft).await?;
    tx.commit().await
}

/// No role is needed to go, and an organization may be closed to every other change.
fn require_leaver(caller: &Caller) -> Result<()> {
    caller.require_readable()?;
    caller.principal.require_scope(Permission::MemberWrite)
}

async fn require_no_owner(app: &App, tx: &mut Tx, caller: &Caller, oneself: &Member) -> Result<()> {
    if oneself.role != Role::Owner {
        return Ok(());
    }
    let (members,): (i64,) =
        tx.sql("select member_count from organizations where id = $1").bind(caller.org).one().await?;
    let candidates = app.config.link(&format!("/api/v1/organizations/{}/members", caller.slug));
    Err(owner_must_transfer(members, candidates))
}

fn is_oneself(caller: &Caller, member: &Member) -> bool {
    member.user_id == caller.principal.user
}

/// Everything that goes with a membership.
pub(crate) async fn take_out(app: &App, tx: &mut Tx, caller: &Caller, target: &Member, action: Action) -> Result<()> {
    let now = app.now();
    let held = standing(tx, caller, target).await?;
    roles::count_out(tx, caller.org, &held).await?;
    teams::forget_member(tx, caller.org, target.user_id, now).await?;
    super::workspaces::forget_member(tx, caller.org, target.user_id, now).await?;
    sql::delete(tx, caller.org, target.user_id).await?;
    if target.status == MemberStatus::Active {
        orgs::count_member(tx, caller.org, -1, now).await?;
    }
    let event = Event::new(caller.org, action, target_of(target));
    audit::record(tx, &Origin::from(caller), event, now).await?;
    invitations::revoke_beyond(tx, caller, target.user_id, Permissions::NONE, now).await
}

/// A member of the caller's organization.
pub(super) async fn find_in(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Member> {
    let found = sql::find(tx, caller.org, reference, caller.principal.user).await?;
    found.ok_or_else(|| Code::MemberNotFound.into())
}

/// The member who is to be changed, in the version that is meant.
async fn find_for_change(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Member> {
    let target = find_in(tx, caller, reference).await?;
    caller.principal.request.require_version(target.version)?;
    Ok(target)
}

async fn standing(tx: &mut Tx, caller: &Caller, member: &Member) -> Result<Standing> {
    roles::standing(tx, caller.org, member.user_id, member.role).await
}

fn require_power_over(caller: &Caller, target: &Standing) -> Result<()> {
    caller.authority().may_manage(target.permissions())
}

/// Ownership is not a role that is given: only a transfer gives it.
pub(crate) fn require_grantable(caller: &Caller, role: Option<Role>, permissions: Permissions) -> Result<()> {
    if role == Some(Role::Owner) && (caller.is_owner() || caller.authority().platform) {
        return Err(Code::OwnerProtected.into());
    }
    caller.authority().may_grant(permissions)
}

pub(crate) fn target_of(member: &Member) -> Target {
    Target::user(member.user_id, &member.display_name())
}

/// Some fields are only for those who manage members.
pub(crate) fn seen_by(caller: &Caller, mut member: Member) -> Member {
    if !caller.effective().has(Permission::MemberWrite) {
        member.two_factor_enabled = None;
        member.last_active_at = None;
    }
    member
}

/// What is read beside the rows of members, for all of a page at once.
pub(crate) async fn complete(tx: &mut Tx, org: OrgId, members: &mut [Member]) -> Result<()> {
    roles::fill(tx, org, members).await?;
    teams::fill_in(tx, org, members).await?;
    super::workspaces::fill_in(tx, org, members).await
}

/// One member, as the caller sees it.
async fn shown(tx: &mut Tx, caller: &Caller, member: Member) -> Result<Member> {
    let mut member = seen_by(caller, member);
    complete(tx, caller.org, std::slice::from_mut(&mut member)).await?;
    Ok(member)
}

/// These people, at most a page of them, in this order.
pub(super) async fn of_page(tx: &mut Tx, caller: &Caller, people: &[UserId]) -> Result<Vec<Member>> {
    let members = sql::find_all(tx, caller.org, people).await?;
    let mut members: Vec<Member> = members.into_iter().map(|member| seen_by(caller, member)).collect();
    members.sort_by_key(|member| people.iter().position(|user| *user == member.user_id));
    complete(tx, caller.org, &mut members).await?;
    Ok(members)
}

/// The membership of a person, as the caller sees it.
pub(crate) async fn of(tx: &mut Tx, caller: &Caller, user: UserId) -> Result<Option<Member>> {
    match sql::find(tx, caller.org, &user.to_string(), user).await? {
        Some(member) => shown(tx, caller, member).await.map(Some),
        None => Ok(None),
    }
}
