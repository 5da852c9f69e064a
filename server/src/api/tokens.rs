//! Access tokens, of a person and of an organization.

use super::endpoints::{Endpoints, needs, session, signed_in};
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
use domain::code::Code;
use domain::page::Page;
use domain::policy::Permission;
use domain::token::{IssuedToken, NewOrganizationToken, NewPersonalToken, Rotation, Token, TokensQuery};

/// For answers that hold a secret.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Tokens of a person.
pub(super) fn own() -> Endpoints {
    Endpoints::of("Tokens")
        .get("/users/@me/tokens", list_own, session("list_my_tokens", "One's own tokens").lists::<TokensQuery, Token>())
        .post(
            "/users/@me/tokens",
            create_own,
            session("create_my_token", "Make a token for one's programs")
                .takes::<NewPersonalToken>()
                .makes::<IssuedToken>()
                .refuses(&[Code::AdminScopeDenied, Code::TokenLimitReached, Code::EmailNotVerified]),
        )
        .delete(
            "/users/@me/tokens/{token_id}",
            revoke_own,
            signed_in("revoke_my_token", "Revoke one of one's tokens")
                .says_nothing()
                .refuses(&[Code::TokenNotFound, Code::SessionRequired]),
        )
        .post(
            "/users/@me/tokens/{token_id}/rotate",
            rotate_own,
            session("rotate_my_token", "Give one of one's tokens a new secret")
                .may_take::<Rotation>()
                .answers::<IssuedToken>()
                .refuses(&[Code::TokenNotFound, Code::TokenRevoked]),
        )
}

/// Tokens of an organization.
pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Tokens")
        .get(
            "/{org}/tokens",
            list,
            needs(Permission::TokenRead, "list_tokens", "The tokens of an organization").lists::<TokensQuery, Token>(),
        )
        .post(
            "/{org}/tokens",
            create,
            session("create_token", "Make a token for an organization's programs")
                .takes::<NewOrganizationToken>()
                .makes::<IssuedToken>()
                .refuses(&[Code::PermissionDenied, Code::PermissionEscalation, Code::AdminScopeDenied])
                .refuses(&[Code::TokenLimitReached]),
        )
        .delete(
            "/{org}/tokens/{token_id}",
            revoke,
            needs(Permission::TokenWrite, "revoke_token", "Revoke a token")
                .says_nothing()
                .refuses(&[Code::TokenNotFound, Code::PermissionEscalation]),
        )
        .post(
            "/{org}/tokens/{token_id}/rotate",
            rotate,
            session("rotate_token", "Give a token a new secret")
                .may_take::<Rotation>()
                .answers::<IssuedToken>()
                .refuses(&[Code::PermissionDenied, Code::PermissionEscalation])
                .refuses(&[Code::TokenNotFound, Code::TokenRevoked]),
        )
}

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
