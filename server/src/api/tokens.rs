//! Access tokens, of a person and of an organization.

use super::extract::{NoQuery, Optional, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::service::tokens::{organization, personal};
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::page::Page;
use domain::token::{NewOrganizationToken, NewPersonalToken, Rotation, Token, TokensQuery};

/// For answers that hold a secret.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(super) async fn list_own(
    State(app): State<App>,
    principal: Principal,
    Query(query): Query<TokensQuery>,
) -> ApiResult<Json<Page<Token>>> {
    Ok(Json(personal::list(&app, &principal, &query).await?))
}

pub(super) async fn create_own(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
    new: Submitted<NewPersonalToken>,
) -> ApiResult<impl IntoResponse> {
    Ok((StatusCode::CREATED, NO_STORE, Json(personal::create(&app, &principal, new).await?)))
}

pub(super) async fn rotate_own(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    _: NoQuery,
    Optional(rotation): Optional<Rotation>,
) -> ApiResult<impl IntoResponse> {
    Ok((NO_STORE, Json(personal::rotate(&app, &principal, path.get("token_id"), rotation).await?)))
}

pub(super) async fn revoke_own(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    personal::revoke(&app, &principal, path.get("token_id")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<TokensQuery>,
) -> ApiResult<Json<Page<Token>>> {
    Ok(Json(organization::list(&app, &caller, &query).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    new: Submitted<NewOrganizationToken>,
) -> ApiResult<impl IntoResponse> {
    Ok((StatusCode::CREATED, NO_STORE, Json(organization::create(&app, &caller, new).await?)))
}

pub(super) async fn rotate(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    Optional(rotation): Optional<Rotation>,
) -> ApiResult<impl IntoResponse> {
    Ok((NO_STORE, Json(organization::rotate(&app, &caller, path.get("token_id"), rotation).await?)))
}

pub(super) async fn revoke(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<StatusCode> {
    organization::revoke(&app, &caller, path.get("token_id")).await?;
    Ok(StatusCode::NO_CONTENT)
}
