//! Roles, and the permissions they are made of.

use super::endpoints::{Endpoints, needs, signed_in};
use super::extract::{NoQuery, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::service::roles;
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::code::Code;
use domain::member::RoleKey;
use domain::page::Page;
use domain::policy::Permission;
use domain::role::{NewRole, RolePatch, RoleView, RolesQuery};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Roles")
        .get(
            "/{org}/roles",
            list,
            needs(Permission::RoleRead, "list_roles", "The roles of an organization").lists::<RolesQuery, RoleView>(),
        )
        .post(
            "/{org}/roles",
            create,
            needs(Permission::RoleWrite, "create_role", "Make a role")
                .takes::<NewRole>()
                .makes::<RoleView>()
                .refuses(&[Code::RoleKeyTaken, Code::RoleLimitReached, Code::PermissionEscalation]),
        )
        .get(
            "/{org}/roles/{role}",
            show,
            needs(Permission::RoleRead, "get_role", "One role").answers::<RoleView>().refuses(&[Code::RoleNotFound]),
        )
        .patch(
            "/{org}/roles/{role}",
            update,
            needs(Permission::RoleWrite, "update_role", "Change a role")
                .patches_with::<RolePatch>()
                .answers::<RoleView>()
                .refuses(&[Code::RoleNotFound, Code::SystemRoleImmutable, Code::PermissionEscalation])
                .refuses(&[Code::CannotChangeOwnRole]),
        )
        .delete(
            "/{org}/roles/{role}",
            delete,
            needs(Permission::RoleWrite, "delete_role", "Delete a role")
                .asks::<RoleKey>("reassign_to", "The role that takes its place, by key or id.")
                .says_nothing()
                .refuses(&[Code::RoleNotFound, Code::SystemRoleImmutable, Code::PermissionEscalation])
                .refuses(&[Code::RoleInUse, Code::RoleUnknown, Code::CannotChangeOwnRole]),
        )
}

/// The vocabulary that roles and tokens share.
pub(super) fn vocabulary() -> Endpoints {
    let word = json!({
        "type": "object",
        "required": ["key", "description"],
        "properties": { "key": { "type": "string" }, "description": { "type": "string" } },
    });
    let data = json!({ "type": "array", "items": word });
    let list = json!({ "type": "object", "required": ["data"], "properties": { "data": data } });
    let operation = signed_in("list_permissions", "All permissions, which are the scopes of tokens too").shows(list);
    Endpoints::of("Roles").get("/permissions", permissions, operation)
}

pub(super) async fn permissions(_: Principal, _: NoQuery) -> impl IntoResponse {
    let entry = |permission: &Permission| json!({ "key": permission.name(), "description": permission.about() });
    Json(json!({ "data": Permission::ALL.iter().map(entry).collect::<Vec<Value>>() }))
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<RolesQuery>,
) -> ApiResult<Json<Page<RoleView>>> {
    Ok(Json(roles::list(&app, &caller, &query).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    new: Submitted<NewRole>,
) -> ApiResult<impl IntoResponse> {
    let role = roles::create(&app, &caller, new).await?;
    let location = app.config.link(&format!("/api/v1/organizations/{}/roles/{}", caller.slug, role.key));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(role)))
}

pub(super) async fn show(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<Json<RoleView>> {
    Ok(Json(roles::get(&app, &caller, path.get("role")).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<RolePatch>,
) -> ApiResult<Json<RoleView>> {
    Ok(Json(roles::update(&app, &caller, path.get("role"), patch).await?))
}

#[derive(Deserialize)]
pub(super) struct Deletion {
    #[serde(default)]
    reassign_to: Option<String>,
}

pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    Query(deletion): Query<Deletion>,
) -> ApiResult<StatusCode> {
    roles::delete(&app, &caller, path.get("role"), deletion.reassign_to.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
