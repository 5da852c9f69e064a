//! Workspaces, and who belongs to them.

use super::extract::{NoQuery, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::{workspace_members, workspaces};
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::member::Member;
use domain::page::Page;
use domain::workspace::{NewWorkspace, Workspace, WorkspaceMembersQuery, WorkspacePatch, WorkspacesQuery};

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<WorkspacesQuery>,
) -> ApiResult<Json<Page<Workspace>>> {
    Ok(Json(workspaces::list(&app, &caller, &query).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    new: Submitted<NewWorkspace>,
) -> ApiResult<impl IntoResponse> {
    let workspace = workspaces::create(&app, &caller, new).await?;
    let location = app.config.link(&format!("/api/v1/organizations/{}/workspaces/{}", caller.slug, workspace.slug));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(workspace)))
}

pub(super) async fn show(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<Json<Workspace>> {
    Ok(Json(workspaces::get(&app, &caller, path.get("workspace")).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<WorkspacePatch>,
) -> ApiResult<Json<Workspace>> {
    Ok(Json(workspaces::update(&app, &caller, path.get("workspace"), patch).await?))
}

pub(super) async fn delete(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<StatusCode> {
    workspaces::delete(&app, &caller, path.get("workspace")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list_members(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    Query(query): Query<WorkspaceMembersQuery>,
) -> ApiResult<Json<Page<Member>>> {
    Ok(Json(workspace_members::list(&app, &caller, path.get("workspace"), &query).await?))
}

pub(super) async fn put_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    workspace_members::put(&app, &caller, path.get("workspace"), path.get("member")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    workspace_members::remove(&app, &caller, path.get("workspace"), path.get("member")).await?;
    Ok(StatusCode::NO_CONTENT)
}
