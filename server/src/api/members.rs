//! Members.

use super::extract::{NoQuery, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::members;
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::member::{Member, MemberPatch, MembersQuery};
use domain::page::Page;
use serde::Deserialize;

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

pub(super) async fn change_role(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<MemberPatch>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::change_role(&app, &caller, path.get("member"), patch).await?))
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
