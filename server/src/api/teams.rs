//! Teams, and who is in them.

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
use domain::page::Page;
use domain::team::{
    Moved, NewTeam, NewTeamMember, Team, TeamMember, TeamMembersQuery, TeamMove, TeamPatch, TeamPlace, TeamRoleChange,
    TeamsQuery,
};

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
