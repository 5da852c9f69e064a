//! Accounts: signing up, in and out, passwords, oneself.

use super::extract::NoQuery;
use super::problem::ApiResult;
use crate::App;
use crate::auth::Principal;
use crate::service::{accounts, passwords};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::user::{Credentials, EmailProof, ForgottenPassword, Me, NewPassword, Reauthentication, SignUp};
use serde_json::json;

pub(super) async fn sign_up(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    new: Submitted<SignUp>,
) -> ApiResult<StatusCode> {
    accounts::sign_up(&app, &request, new).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn verify_email(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    proof: Submitted<EmailProof>,
) -> ApiResult<StatusCode> {
    accounts::verify_email(&app, &request, proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn login(
    State(app): State<App>,
    visit: Visit,
    _: NoQuery,
    credentials: Submitted<Credentials>,
) -> ApiResult<impl IntoResponse> {
    let user = accounts::sign_in(&app, &visit, credentials).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({ "user": user }))))
}

pub(super) async fn logout(
    State(app): State<App>,
    visit: Visit,
    principal: Principal,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    accounts::sign_out_as(&app, &visit, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reauthenticate(
    State(app): State<App>,
    principal: Principal,
    visit: Visit,
    _: NoQuery,
    given: Submitted<Reauthentication>,
) -> ApiResult<StatusCode> {
    accounts::reauthenticate(&app, &principal, &visit, given).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn forgot_password(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    forgotten: Submitted<ForgottenPassword>,
) -> ApiResult<StatusCode> {
    passwords::forgot(&app, &request, forgotten).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn reset_password(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    new: Submitted<NewPassword>,
) -> ApiResult<StatusCode> {
    passwords::reset(&app, &request, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(State(app): State<App>, principal: Principal, _: NoQuery) -> ApiResult<Json<Me>> {
    Ok(Json(accounts::me(&app, &principal).await?))
}

pub(super) async fn request_verification(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    accounts::request_verification(&app, &principal).await?;
    Ok(StatusCode::ACCEPTED)
}
