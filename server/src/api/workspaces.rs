//! Workspaces, and who belongs to them.

use super::endpoints::{Endpoints, needs};
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
use domain::code::Code;
use domain::member::Member;
use domain::page::Page;
use domain::policy::Permission;
use domain::workspace::{NewWorkspace, Workspace, WorkspaceMembersQuery, WorkspacePatch, WorkspacesQuery};

/// Why a workspace cannot be called that.
const TAKEN: &[Code] = &[Code::WorkspaceNameTaken, Code::WorkspaceSlugTaken];

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Workspaces")
        .get(
            "/",
            list,
            needs(Permission::WorkspaceRead, "list_workspaces", "The workspaces of an organization")
                .lists::<WorkspacesQuery, Workspace>(),
        )
        .post(
            "/",
            create,
            needs(Permission::WorkspaceWrite, "create_workspace", "Make a workspace")
                .takes::<NewWorkspace>()
                .makes::<Workspace>()
                .refuses(TAKEN)
                .refuses(&[Code::WorkspaceLimitReached]),
        )
        .get(
            "/{workspace}",
            show,
            needs(Permission::WorkspaceRead, "get_workspace", "One workspace")
                .answers::<Workspace>()
                .refuses(&[Code::WorkspaceNotFound]),
        )
        .patch(
            "/{workspace}",
            update,
            needs(Permission::WorkspaceWrite, "update_workspace", "Change a workspace")
                .patches_with::<WorkspacePatch>()
                .answers::<Workspace>()
                .refuses(TAKEN)
                .refuses(&[Code::WorkspaceNotFound]),
        )
        .delete(
            "/{workspace}",
            delete,
            needs(Permission::WorkspaceWrite, "delete_workspace", "Delete a workspace")
                .says_nothing()
                .refuses(&[Code::WorkspaceNotFound]),
        )
        .get(
            "/{workspace}/members",
            list_members,
            needs(Permission::WorkspaceRead, "list_workspace_members", "Who belongs to a workspace")
                .lists::<WorkspaceMembersQuery, Member>()
                .refuses(&[Code::WorkspaceNotFound]),
        )
        .put(
            "/{workspace}/members/{member}",
            put_member,
            needs(Permission::WorkspaceWrite, "put_workspace_member", "Let a member into a workspace")
                .says_nothing()
                .refuses(&[Code::WorkspaceNotFound, Code::MemberNotFound]),
        )
        .delete(
            "/{workspace}/members/{member}",
            remove_member,
            needs(Permission::WorkspaceWrite, "remove_workspace_member", "Take a member out of a workspace")
                .says_nothing()
                .refuses(&[Code::WorkspaceNotFound, Code::MemberNotFound]),
        )
}

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
