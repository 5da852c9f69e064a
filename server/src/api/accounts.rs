//! Accounts: signing up, in and out, passwords, oneself.

use super::extract::Nothing;
use super::extract::Query;
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

pub(super) async fn sign_up(State(app): State<App>, request: Request, new: Submitted<SignUp>) -> ApiResult<StatusCode> {
    accounts::sign_up(&app, &request, new).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn verify_email(
    State(app): State<App>,
    request: Request,
    proof: Submitted<EmailProof>,
) -> ApiResult<StatusCode> {
    accounts::verify_email(&app, &request, proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn login(
    State(app): State<App>,
    visit: Visit,
    credentials: Submitted<Credentials>,
) -> ApiResult<impl IntoResponse> {
    let user = accounts::sign_in(&app, &visit, credentials).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({ "user": user }))))
}

pub(super) async fn logout(State(app): State<App>, visit: Visit, _: Principal) -> ApiResult<StatusCode> {
    accounts::sign_out(&app, &visit).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reauthenticate(
    State(app): State<App>,
    principal: Principal,
    visit: Visit,
    given: Submitted<Reauthentication>,
) -> ApiResult<StatusCode> {
    accounts::reauthenticate(&app, &principal, &visit, given).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn forgot_password(
    State(app): State<App>,
    request: Request,
    forgotten: Submitted<ForgottenPassword>,
) -> ApiResult<StatusCode> {
    passwords::forgot(&app, &request, forgotten).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn reset_password(
    State(app): State<App>,
    request: Request,
    new: Submitted<NewPassword>,
) -> ApiResult<StatusCode> {
    passwords::reset(&app, &request, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(
    State(app): State<App>,
    principal: Principal,
    Query(Nothing {}): Query<Nothing>,
) -> ApiResult<Json<Me>> {
    Ok(Json(accounts::me(&app, &principal).await?))
}

pub(super) async fn request_verification(State(app): State<App>, principal: Principal) -> ApiResult<StatusCode> {
    accounts::request_verification(&app, &principal).await?;
    Ok(StatusCode::ACCEPTED)
}
