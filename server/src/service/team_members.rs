//! Who is in a team. Those who manage all teams decide, and the leads of this one; leads name no other leads.

use super::audit::{self, Event, Origin, Target};
use super::groups::{self, TEAMS};
use super::members::sql as members;
use super::teams;
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::db::search::Search;
use crate::paging::{Key, Walk};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::member::{Member, MemberStatus};
use domain::page::{self, Page};
use domain::policy::Permission;
use domain::team::{
    Moved, NO_TEAM, NewTeamMember, Team, TeamMember, TeamMembersQuery, TeamMove, TeamPlace, TeamRole, TeamRoleChange,
};
use domain::time::Timestamp;

mod sql;

/// The members of a team.
///
/// # Errors
/// `permission_denied`, `team_not_found`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, team: &str, query: &TeamMembersQuery) -> Result<Page<TeamMember>> {
    caller.require(Permission::TeamRead)?;
    let mut tx = app.db.read().await?;
    let filters = sql::Filters {
        org: caller.org,
        team: teams::seen_by(&mut tx, caller, team).await?.id,
        search: page::search(query.search.as_deref())?.map(|text| Search::of(&text)),
        role: query.role.as_deref().map(|text| page::choice("role", text, TeamRole::find)).transpose()?,
    };
    let order = groups::by_name(query.sort.as_deref())?;
    let walk = Walk::new(app, "team members", order, &filters, query.window()?)?;
    let search_is_capped = sql::is_capped(&mut tx, &filters).await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, &walk).await?;
    let page = walk.page(app, rows, total, |row| (Key::Text(row.name_folded.clone()), row.member.user_id.0));
    Ok(Page { search_is_capped, ..page }.map(|row| row.member))
}

/// Puts a member of the organization into a team; says whether they were not in it before.
///
/// # Errors
/// `permission_denied`, invalid fields, `team_not_found`, `lead_grant_denied`, `not_a_member`, `member_suspended`,
/// `already_team_member`.
#[crate::operation]
pub async fn add(app: &App, caller: &Caller, team: &str, new: Submitted<NewTeamMember>) -> Result<(TeamMember, bool)> {
    teams::require_manager(app, caller, team).await?;
    let new = new.open()?;
    let (person, role) = new.parse()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let team = teams::managed_by(&mut tx, &caller, team).await?;
    require_grantable(&caller, role)?;
    let member = find_member(&mut tx, &caller, &person).await?;
    let member = member.ok_or_else(|| not_a_member(new.person_field()))?;
    let is_new = enter(&mut tx, &caller, &team, &member, role, now).await?;
    let entered = present(&mut tx, &team, &member).await?;
    tx.commit().await?;
    Ok((entered, is_new))
}

/// Sees to it that a member of the organization is in a team, in this role; says whether they were not in it before.
///
/// # Errors
/// `permission_denied`, `team_role_unknown`, `team_not_found`, `member_not_found`, `lead_grant_denied`,
/// `member_suspended`, `precondition_failed`.
#[crate::operation]
pub async fn put(
    app: &App,
    caller: &Caller,
    team: &str,
    member: &str,
    place: Submitted<TeamPlace>,
) -> Result<(TeamMember, bool)> {
    teams::require_manager(app, caller, team).await?;
    let role = place.open()?.parse()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let team = teams::managed_by(&mut tx, &caller, team).await?;
    let member = find_member(&mut tx, &caller, member).await?.ok_or(Code::MemberNotFound)?;
    let before = sql::find(&mut tx, team.id, member.user_id).await?;
    match &before {
        Some(before) => set_role(&mut tx, &caller, &team, before, role.unwrap_or(before.role), now).await?,
        None => {
            let role = role.unwrap_or(TeamRole::Member);
            require_grantable(&caller, role)?;
            enter(&mut tx, &caller, &team, &member, role, now).await?;
        }
    }
    let after = present(&mut tx, &team, &member).await?;
    tx.commit().await?;
    Ok((after, before.is_none()))
}

/// Gives somebody in a team the other role.
///
/// # Errors
/// `permission_denied`, `team_role_unknown`, `team_not_found`, `team_member_not_found`, `lead_grant_denied`,
/// `precondition_failed`.
#[crate::operation]
pub async fn change_role(
    app: &App,
    caller: &Caller,
    team: &str,
    member: &str,
    change: Submitted<TeamRoleChange>,
) -> Result<TeamMember> {
    teams::require_manager(app, caller, team).await?;
    let role = change.open()?.parse()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let team = teams::managed_by(&mut tx, &caller, team).await?;
    let member = find_member(&mut tx, &caller, member).await?.ok_or(Code::TeamMemberNotFound)?;
    let before = present(&mut tx, &team, &member).await?;
    set_role(&mut tx, &caller, &team, &before, role, now).await?;
    let after = present(&mut tx, &team, &member).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes somebody out of a team; everybody may take themselves out.
///
/// # Errors
/// `organization_…` by status, `permission_denied`, `team_not_found`, `team_member_not_found`, `precondition_failed`.
#[crate::operation]
pub async fn remove(app: &App, caller: &Caller, team: &str, member: &str) -> Result<()> {
    caller.require_writable()?;
    caller.principal.require_scope(Permission::TeamWrite)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let member = find_member(&mut tx, &caller, member).await?;
    let is_oneself = member.as_ref().is_some_and(|member| member.user_id == caller.principal.user);
    let team = match teams::managed_by(&mut tx, &caller, team).await {
        Err(denied) if denied.code() == Code::PermissionDenied && is_oneself => {
            own_team(&mut tx, &caller, team).await?
        }
        judged => judged?,
    };
    let member = present(&mut tx, &team, &member.ok_or(Code::TeamMemberNotFound)?).await?;
    caller.principal.request.require_version(member.version)?;
    withdraw(&mut tx, &caller, &team, &member, now).await?;
    tx.commit().await
}

/// A team that the caller is in. Who may not look at teams is not told of others.
async fn own_team(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Team> {
    match teams::seen_by(tx, caller, reference).await {
        Ok(team) if team.current_user_role.is_some() => Ok(team),
        found => caller.require(Permission::TeamRead).and(found),
    }
}

/// Takes somebody out of one team and puts them into another as a member, or into none.
///
/// # Errors
/// `permission_denied` for either team, `team_not_found`, `team_unknown`, `team_member_not_found`, `member_suspended`,
/// `already_team_member`.
#[crate::operation]
pub async fn move_to(
    app: &App,
    caller: &Caller,
    team: &str,
    member: &str,
    wanted: Submitted<TeamMove>,
) -> Result<Moved> {
    teams::require_manager(app, caller, team).await?;
    let wanted = wanted.open()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let from = teams::managed_by(&mut tx, &caller, team).await?;
    let to = destination(&mut tx, &caller, &wanted.to).await?;
    let member = find_member(&mut tx, &caller, member).await?.ok_or(Code::TeamMemberNotFound)?;
    let before = present(&mut tx, &from, &member).await?;
    if to.as_ref().is_some_and(|to| to.id == from.id) {
        return Ok(Moved { from, to });
    }
    withdraw(&mut tx, &caller, &from, &before, now).await?;
    if let Some(to) = &to {
        enter(&mut tx, &caller, to, &member, TeamRole::Member, now).await?;
    }
    let from = teams::seen_by(&mut tx, &caller, &from.id.to_string()).await?;
    let to = match to {
        Some(to) => Some(teams::seen_by(&mut tx, &caller, &to.id.to_string()).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(Moved { from, to })
}

async fn destination(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Option<Team>> {
    if reference == NO_TEAM {
        return Ok(None);
    }
    match teams::managed_by(tx, caller, reference).await {
        Err(error) if error.code() == Code::TeamNotFound => {
            Err(Error::field("to", Code::TeamUnknown, "There is no such team."))
        }
        judged => judged.map(Some),
    }
}

/// Leads manage their team but do not name other leads.
fn require_grantable(caller: &Caller, role: TeamRole) -> Result<()> {
    if role == TeamRole::Lead && !caller.may(Permission::TeamWrite) {
        return Err(Code::LeadGrantDenied.into());
    }
    Ok(())
}

async fn find_member(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Option<Member>> {
    members::find(tx, caller.org, reference, caller.principal.user).await
}

fn not_a_member(field: &str) -> Error {
    Error::field(field, Code::NotAMember, "This person is not a member of the organization.")
}

async fn present(tx: &mut Tx, team: &Team, member: &Member) -> Result<TeamMember> {
    sql::find(tx, team.id, member.user_id).await?.ok_or_else(|| Code::TeamMemberNotFound.into())
}

/// Says whether the member was not in before. Who is in with the other role stays so.
async fn enter(
    tx: &mut Tx,
    caller: &Caller,
    team: &Team,
    member: &Member,
    role: TeamRole,
    now: Timestamp,
) -> Result<bool> {
    match sql::find(tx, team.id, member.user_id).await? {
        Some(present) if present.role == role => Ok(false),
        Some(_) => Err(Code::AlreadyTeamMember.into()),
        None if member.status == MemberStatus::Suspended => Err(Code::MemberSuspended.into()),
        None => {
            admit(tx, &Origin::from(caller), caller.org, team, member, role, now).await?;
            members::touch(tx, caller.org, member.user_id, now).await.map(|()| true)
        }
    }
}

/// Puts a member who is not in it yet into a team. The organization is locked. It is a change of the member too, unless
/// the membership begins with it.
pub(crate) async fn admit(
    tx: &mut Tx,
    origin: &Origin,
    org: OrgId,
    team: &Team,
    member: &Member,
    role: TeamRole,
    now: Timestamp,
) -> Result<()> {
    sql::insert(tx, org, team.id, member.user_id, role, now).await?;
    TEAMS.count_member(tx, org, team.id.0, 1, now).await?;
    let changes = Changes::default().of(&field_of(team), None::<TeamRole>, role);
    let target = Target::user(member.user_id, &member.display_name());
    audit::record(tx, origin, Event::new(org, Action::TeamMemberAdded, target).with(changes), now).await
}

async fn set_role(
    tx: &mut Tx,
    caller: &Caller,
    team: &Team,
    before: &TeamMember,
    role: TeamRole,
    now: Timestamp,
) -> Result<()> {
    caller.principal.request.require_version(before.version)?;
    if role == before.role {
        return Ok(());
    }
    require_grantable(caller, role)?;
    sql::set_role(tx, team.id, before.user_id, role, now).await?;
    members::touch(tx, caller.org, before.user_id, now).await?;
    let changes = Changes::default().of(&field_of(team), before.role, role);
    let target = Target::user(before.user_id, &before.display_name());
    let event = Event::new(caller.org, Action::TeamMemberRoleChanged, target).with(changes);
    audit::record(tx, &Origin::from(caller), event, now).await
}

async fn withdraw(tx: &mut Tx, caller: &Caller, team: &Team, member: &TeamMember, now: Timestamp) -> Result<()> {
    sql::delete(tx, team.id, member.user_id).await?;
    TEAMS.count_member(tx, caller.org, team.id.0, -1, now).await?;
    members::touch(tx, caller.org, member.user_id, now).await?;
    let changes = Changes::default().of(&field_of(team), member.role, None::<TeamRole>);
    let target = Target::user(member.user_id, &member.display_name());
    let event = Event::new(caller.org, Action::TeamMemberRemoved, target).with(changes);
    audit::record(tx, &Origin::from(caller), event, now).await
}

/// What the audit log calls the role that somebody has in this team.
fn field_of(team: &Team) -> String {
    format!("teams.{}", team.slug)
}
