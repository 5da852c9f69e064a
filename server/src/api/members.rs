//! Members.

use super::extract::{NoQuery, Optional, Path, Query};
use super::problem::{self, ApiResult};
use crate::App;
use crate::auth::Caller;
use crate::service::members;
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::member::{BulkChange, BulkReport, Member, MemberPatch, MemberReplacement, MembersQuery, Suspension};
use domain::page::Page;
use serde::Deserialize;
use serde_json::Value;

mod export;

pub(super) async fn list_members(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MembersQuery>,
) -> ApiResult<Json<Page<Member>>> {
    Ok(Json(members::list(&app, &caller, &query).await?))
}

pub(super) async fn get_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::get(&app, &caller, path.get("member")).await?))
}

pub(super) async fn change_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<MemberPatch>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::change(&app, &caller, path.get("member"), patch).await?))
}

pub(super) async fn replace_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    whole: Submitted<MemberReplacement>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::replace(&app, &caller, path.get("member"), whole).await?))
}

pub(super) async fn suspend_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    Optional(suspension): Optional<Suspension>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::suspend(&app, &caller, path.get("member"), suspension).await?))
}

pub(super) async fn restore_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::restore(&app, &caller, path.get("member")).await?))
}

pub(super) async fn change_members(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    change: Submitted<BulkChange>,
) -> ApiResult<Json<BulkReport<Value>>> {
    let report = members::change_many(&app, &caller, change).await?;
    Ok(Json(report.map_problems(|error| problem::body(&error, &caller.principal.request.id))))
}

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default)]
    format: Option<String>,
}

/// A file for a spreadsheet, or for a program.
pub(super) async fn export_members(
    State(app): State<App>,
    caller: Caller,
    Query(file): Query<File>,
) -> ApiResult<Response> {
    let export = members::export(&app, &caller, file.format.as_deref()).await?;
    Ok(export::file(export))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DryRun {
    True,
    #[default]
    False,
}

#[derive(Deserialize)]
pub(super) struct Removal {
    #[serde(default)]
    dry_run: DryRun,
}

pub(super) async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    Query(removal): Query<Removal>,
) -> ApiResult<Response> {
    Ok(match removal.dry_run {
        DryRun::True => Json(members::preview_removal(&app, &caller, path.get("member")).await?).into_response(),
        DryRun::False => {
            members::remove(&app, &caller, path.get("member")).await?;
            StatusCode::NO_CONTENT.into_response()
        }
    })
}

pub(super) async fn leave(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<StatusCode> {
    members::leave(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
