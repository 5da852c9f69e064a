//! Teams, and who is in them.

use super::endpoints::{Endpoints, needs};
use super::extract::{NoQuery, Optional, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::{team_members, teams};
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::code::Code;
use domain::page::Page;
use domain::policy::Permission;
use domain::team::{
    Moved, NewTeam, NewTeamMember, Team, TeamMember, TeamMembersQuery, TeamMove, TeamPatch, TeamPlace, TeamRoleChange,
    TeamsQuery,
};

/// Why somebody cannot be put into a team.
const UNACCEPTABLE: &[Code] = &[
    Code::TeamNotFound,
    Code::NotAMember,
    Code::MemberSuspended,
    Code::LeadGrantDenied,
    Code::TeamRoleUnknown,
    Code::TeamMemberNotFound,
    Code::MemberNotFound,
];
/// Why a team cannot be called that.
const TAKEN: &[Code] = &[Code::TeamNameTaken, Code::TeamSlugTaken];

pub(super) fn endpoints() -> Endpoints {
    let changes_role = needs(Permission::TeamWrite, "change_team_role", "Change somebody's role in a team")
        .patches_with::<TeamRoleChange>()
        .answers::<TeamMember>()
        .refuses(UNACCEPTABLE);
    Endpoints::of("Teams")
        .get(
            "/",
            list,
            needs(Permission::TeamRead, "list_teams", "The teams of an organization").lists::<TeamsQuery, Team>(),
        )
        .post(
            "/",
            create,
            needs(Permission::TeamWrite, "create_team", "Make a team")
                .takes::<NewTeam>()
                .makes::<Team>()
                .refuses(TAKEN)
                .refuses(&[Code::TeamLimitReached]),
        )
        .get(
            "/{team}",
            show,
            needs(Permission::TeamRead, "get_team", "One team").answers::<Team>().refuses(&[Code::TeamNotFound]),
        )
        .patch(
            "/{team}",
            update,
            needs(Permission::TeamWrite, "update_team", "Change a team")
                .patches_with::<TeamPatch>()
                .answers::<Team>()
                .refuses(TAKEN)
                .refuses(&[Code::TeamNotFound]),
        )
        .delete(
            "/{team}",
            delete,
            needs(Permission::TeamWrite, "delete_team", "Delete a team").says_nothing().refuses(&[Code::TeamNotFound]),
        )
        .get(
            "/{team}/members",
            list_members,
            needs(Permission::TeamRead, "list_team_members", "Who is in a team")
                .lists::<TeamMembersQuery, TeamMember>()
                .refuses(&[Code::TeamNotFound]),
        )
        .post(
            "/{team}/members",
            add_member,
            needs(Permission::TeamWrite, "add_team_member", "Put somebody into a team")
                .also_by_others()
                .takes::<NewTeamMember>()
                .makes::<TeamMember>()
                .answers::<TeamMember>()
                .refuses(UNACCEPTABLE)
                .refuses(&[Code::AlreadyTeamMember]),
        )
        .put(
            "/{team}/members/{member}",
            put_member,
            needs(Permission::TeamWrite, "put_team_member", "Have somebody in a team")
                .may_take::<TeamPlace>()
                .makes::<TeamMember>()
                .answers::<TeamMember>()
                .refuses(UNACCEPTABLE),
        )
        .patch("/{team}/members/{member}", change_role, changes_role.clone())
        .delete(
            "/{team}/members/{member}",
            remove_member,
            needs(Permission::TeamWrite, "remove_team_member", "Take somebody out of a team")
                .says_nothing()
                .refuses(UNACCEPTABLE),
        )
        .patch("/{team}/members/{member}/role", change_role, changes_role.called("change_team_role_by_older_name"))
        .post(
            "/{team}/members/{member}/move",
            move_member,
            needs(Permission::TeamWrite, "move_team_member", "Take somebody from one team to another")
                .also_by_others()
                .takes::<TeamMove>()
                .answers::<Moved>()
                .refuses(UNACCEPTABLE)
                .refuses(&[Code::TeamUnknown, Code::AlreadyTeamMember]),
        )
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<TeamsQuery>,
) -> ApiResult<Json<Page<Team>>> {
    Ok(Json(teams::list(&app, &caller, &query).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    new: Submitted<NewTeam>,
) -> ApiResult<impl IntoResponse> {
    let team = teams::create(&app, &caller, new).await?;
    let location = app.config.link(&format!("/api/v1/organizations/{}/teams/{}", caller.slug, team.slug));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(team)))
}

pub(super) async fn show(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<Json<Team>> {
    Ok(Json(teams::get(&app, &caller, path.get("team")).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<TeamPatch>,
) -> ApiResult<Json<Team>> {
    Ok(Json(teams::update(&app, &caller, path.get("team"), patch).await?))
}

pub(super) async fn delete(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<StatusCode> {
    teams::delete(&app, &caller, path.get("team")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list_members(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    Query(query): Query<TeamMembersQuery>,
) -> ApiResult<Json<Page<TeamMember>>> {
    Ok(Json(team_members::list(&app, &caller, path.get("team"), &query).await?))
}

pub(super) async fn add_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    new: Submitted<NewTeamMember>,
) -> ApiResult<impl IntoResponse> {
    let (member, is_new) = team_members::add(&app, &caller, path.get("team"), new).await?;
    Ok((made_or_found(is_new), Json(member)))
}

pub(super) async fn put_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    Optional(place): Optional<TeamPlace>,
) -> ApiResult<impl IntoResponse> {
    let (member, is_new) = team_members::put(&app, &caller, path.get("team"), path.get("member"), place).await?;
    Ok((made_or_found(is_new), Json(member)))
}

pub(super) async fn change_role(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    change: Submitted<TeamRoleChange>,
) -> ApiResult<Json<TeamMember>> {
    Ok(Json(team_members::change_role(&app, &caller, path.get("team"), path.get("member"), change).await?))
}

pub(super) async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    team_members::remove(&app, &caller, path.get("team"), path.get("member")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn move_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    wanted: Submitted<TeamMove>,
) -> ApiResult<Json<Moved>> {
    Ok(Json(team_members::move_to(&app, &caller, path.get("team"), path.get("member"), wanted).await?))
}

fn made_or_found(is_new: bool) -> StatusCode {
    if is_new { StatusCode::CREATED } else { StatusCode::OK }
}
