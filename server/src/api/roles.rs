//! Roles, and the permissions they are made of.

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
use domain::page::Page;
use domain::policy::Permission;
use domain::role::{NewRole, RolePatch, RoleView, RolesQuery};
use serde::Deserialize;
use serde_json::{Value, json};

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
