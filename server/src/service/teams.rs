//! Teams: making, showing, listing and changing them.

use super::audit::{self, Event, Origin, Target};
use super::groups::{self, TEAMS};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::new_id;
use crate::paging::{Key, Order, Walk, pattern};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, TeamId, UserId};
use domain::member::Member;
use domain::page::{self, Page};
use domain::policy::Permission;
use domain::team::{NewTeam, Team, TeamPatch, TeamRole, TeamsQuery};
use domain::text::fold;
use domain::time::Timestamp;

mod sql;

pub(crate) use sql::find;

/// The teams of the caller's organization.
///
/// # Errors
/// `permission_denied`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &TeamsQuery) -> Result<Page<Team>> {
    caller.require(Permission::TeamRead)?;
    let me = caller.principal.user;
    let filters = sql::Filters {
        org: caller.org,
        search: page::search(query.search.as_deref())?.map(|text| pattern(&text)),
        member: groups::of_person(query.member.as_deref(), me)?,
    };
    let order = match query.sort.as_deref().unwrap_or("name") {
        "name" => Order { name: "name", descending: false, numeric: false },
        "-name" => Order { name: "name", descending: true, numeric: false },
        "created_at" => Order { name: "created_at", descending: false, numeric: true },
        "-created_at" => Order { name: "created_at", descending: true, numeric: true },
        "member_count" => Order { name: "member_count", descending: false, numeric: true },
        "-member_count" => Order { name: "member_count", descending: true, numeric: true },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by name, created_at or member_count.")),
    };
    let walk = Walk::new(app, "teams", order, &filters, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, me, order.name, &walk).await?;
    Ok(walk.page(app, rows, total, |team| {
        let key = match order.name {
            "created_at" => Key::Number(team.created_at.as_millis()),
            "member_count" => Key::Number(team.member_count),
            _ => Key::Text(fold(&team.name)),
        };
        (key, team.id.0)
    }))
}

/// Makes a team.
///
/// # Errors
/// `permission_denied`, invalid fields, `team_limit_reached`, `team_name_taken`, `team_slug_taken`.
#[crate::operation]
pub async fn create(app: &App, caller: &Caller, new: Submitted<NewTeam>) -> Result<Team> {
    caller.require(Permission::TeamWrite)?;
    let (naming, color) = new.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::TeamWrite).await?;
    let now = app.now();
    TEAMS.require_room(&mut tx, caller.org, app.config.limits.teams).await?;
    let id = TeamId(new_id());
    let slug = TEAMS.choose_slug(&mut tx, caller.org, id.0, &naming).await?;
    let team = Team {
        id,
        slug: slug.into(),
        name: naming.name.into(),
        description: naming.description,
        color: color.map(String::from),
        member_count: 0,
        current_user_role: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    sql::insert(&mut tx, caller.org, &team).await?;
    TEAMS.count(&mut tx, caller.org, 1, now).await?;
    let event = Event::new(caller.org, Action::TeamCreated, Target::team(id, &team.name));
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await?;
    Ok(team)
}

/// One team.
///
/// # Errors
/// `permission_denied`, `team_not_found`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller, reference: &str) -> Result<Team> {
    caller.require(Permission::TeamRead)?;
    let mut tx = app.db.read().await?;
    seen_by(&mut tx, caller, reference).await
}

/// Changes a team; its leads may do so too.
///
/// # Errors
/// `permission_denied`, invalid fields, `team_not_found`, `precondition_failed`, `team_name_taken`, `team_slug_taken`.
#[crate::operation]
pub async fn update(app: &App, caller: &Caller, reference: &str, patch: Submitted<TeamPatch>) -> Result<Team> {
    require_manager(app, caller, reference).await?;
    let revision = patch.open()?.parse()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    let before = managed_by(&mut tx, &caller, reference).await?;
    caller.principal.request.require_version(before.version)?;
    let after = revision.over(&before);
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    TEAMS.require_free(&mut tx, caller.org, after.id.0, &after.name, &after.slug).await?;
    sql::update(&mut tx, caller.org, &after, now).await?;
    let event = Event::new(caller.org, Action::TeamUpdated, Target::team(before.id, &before.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await?;
    Ok(Team { updated_at: now, version: before.version + 1, ..after })
}

fn changes(before: &Team, after: &Team) -> Changes {
    Changes::default()
        .of("name", &before.name, &after.name)
        .of("slug", &before.slug, &after.slug)
        .of("description", &before.description, &after.description)
        .of("color", &before.color, &after.color)
}

/// Deletes a team. Its members stay members of the organization.
///
/// # Errors
/// `permission_denied`, `team_not_found`, `precondition_failed`.
#[crate::operation]
pub async fn delete(app: &App, caller: &Caller, reference: &str) -> Result<()> {
    caller.require(Permission::TeamWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::TeamWrite).await?;
    let now = app.now();
    let team = seen_by(&mut tx, &caller, reference).await?;
    caller.principal.request.require_version(team.version)?;
    TEAMS.delete(&mut tx, caller.org, team.id.0, now).await?;
    let event = Event::new(caller.org, Action::TeamDeleted, Target::team(team.id, &team.name));
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await
}

/// A team of the caller's organization.
pub(super) async fn seen_by(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Team> {
    let team = find(tx, caller.org, reference, Some(caller.principal.user)).await?;
    team.ok_or_else(|| Code::TeamNotFound.into())
}

/// Whether the caller manages this team, before anything else is looked into: only for those who do not manage all
/// teams has it to be looked up.
pub(super) async fn require_manager(app: &App, caller: &Caller, reference: &str) -> Result<()> {
    match caller.require(Permission::TeamWrite) {
        Err(denied) if denied.code() == Code::PermissionDenied => {
            managed_by(&mut app.db.read().await?, caller, reference).await.map(drop)
        }
        judged => judged,
    }
}

/// A team, for those who manage all teams and for its own leads. Nobody else is told whether there is one.
pub(super) async fn managed_by(tx: &mut Tx, caller: &Caller, reference: &str) -> Result<Team> {
    let team = find(tx, caller.org, reference, Some(caller.principal.user)).await?;
    match caller.require(Permission::TeamWrite) {
        Err(denied) if denied.code() == Code::PermissionDenied => {
            team.filter(|team| team.current_user_role == Some(TeamRole::Lead)).ok_or(denied)
        }
        judged => judged.and(team.ok_or_else(|| Code::TeamNotFound.into())),
    }
}

/// Fills in which teams each of a page's members is in.
pub(super) async fn fill_in(tx: &mut Tx, org: OrgId, members: &mut [Member]) -> Result<()> {
    for (user, team) in sql::of_members(tx, org, members.iter().map(|member| member.user_id)).await? {
        if let Some(member) = members.iter_mut().find(|member| member.user_id == user) {
            member.teams.push(team);
        }
    }
    Ok(())
}

/// Lowers the counters of the teams that somebody is in whose membership is about to go.
pub(super) async fn forget_member(tx: &mut Tx, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
    TEAMS.forget_member(tx, org, user, now).await
}

/// Brings the copies of a person's name up to date.
pub(super) async fn rename_member(tx: &mut Tx, user: UserId, name_folded: &str) -> Result<()> {
    TEAMS.rename_member(tx, user, name_folded).await
}
