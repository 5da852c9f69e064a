//! The JSON API: every route, and what all of them have in common.

mod accounts;
mod avatars;
mod csv;
mod extract;
mod invitations;
mod json;
mod members;
mod orgs;
mod platform;
mod problem;

pub(crate) use problem::problem;

use crate::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use domain::code::Code;
use problem::ApiError;

/// The API under `/api/v1` and, for older clients, under `/api`; with the health checks beside it.
pub fn router(app: App) -> Router {
    let api = routes(app.clone());
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(health).with_state(app))
        .nest("/api/v1", api.clone())
        .nest("/api", api)
}

fn routes(app: App) -> Router {
    Router::new()
        .merge(account_routes())
        .merge(invitation_routes())
        .nest("/organizations", organization_routes())
        .nest("/orgs", organization_routes())
        .nest("/admin", admin_routes())
        .route("/health", get(health))
        .fallback(async || ApiError::from(Code::NotFound))
        .method_not_allowed_fallback(async || ApiError::from(Code::MethodNotAllowed))
        .with_state(app)
        .layer(middleware::from_fn(negotiate))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn(common_headers))
}

fn account_routes() -> Router<App> {
    use accounts::*;
    Router::new()
        .route("/auth/sign-up", post(sign_up))
        .route("/auth/verify-email", post(verify_email))
        .route("/auth/login", post(login))
        .route("/auth/logout", post(logout))
        .route("/auth/reauthenticate", post(reauthenticate))
        .route("/auth/password/forgot", post(forgot_password))
        .route("/auth/password/reset", post(reset_password))
        .route("/users/@me", get(me))
        .route("/users/@me/verification", post(request_verification))
}

fn invitation_routes() -> Router<App> {
    use invitations::*;
    Router::new()
        .route("/invitations/{token}", get(view))
        .route("/invitations/{token}/accept", post(accept))
        .route("/invitations/{token}/decline", post(decline))
        .route("/users/@me/invitations", get(list_own))
        .route("/users/@me/invitations/{invitation}/accept", post(accept_own))
        .route("/users/@me/invitations/{invitation}/decline", post(decline_own))
}

fn organization_routes() -> Router<App> {
    use {invitations::*, members::*};
    Router::new()
        .route("/", get(orgs::list).post(orgs::create))
        .route("/check-slug", get(orgs::check_slug))
        .route("/industry-choices", get(orgs::industries))
        .route("/industries", get(orgs::industries))
        .route("/invite/{token}/accept", post(accept))
        .route("/{org}", get(orgs::show).patch(orgs::update).delete(orgs::delete))
        .route("/{org}/restore", post(orgs::restore))
        .route("/{org}/avatar", get(avatars::organization))
        .route("/{org}/leave", post(leave))
        .route("/{org}/transfer-ownership", post(orgs::transfer))
        .route("/{org}/transfer", post(orgs::transfer))
        .route("/{org}/members", get(list_members))
        .route("/{org}/members/{member}", get(get_member).patch(change_role).delete(remove_member))
        .route("/{org}/members/{member}/role", patch(change_role).put(change_role))
        .route("/{org}/invitations", get(list).post(create))
        .route("/{org}/invite", post(invite))
        .route("/{org}/invitations/{invitation}", get(show).delete(revoke))
        .route("/{org}/invitations/{invitation}/cancel", post(revoke))
        .route("/{org}/invitations/{invitation}/resend", post(resend))
}

/// Whoever is no platform administrator finds nothing here: every handler takes one of [`extract::Platform`] and
/// [`extract::PlatformPrincipal`], before anything else.
fn admin_routes() -> Router<App> {
    use platform::*;
    Router::new()
        .route("/organizations", get(list_organizations))
        .route("/organizations/{org}", get(show_organization).patch(update_organization).delete(delete_organization))
        .route("/organizations/{org}/status", post(set_status))
        .route("/organizations/{org}/verify", post(verify))
        .route("/organizations/{org}/transfer-ownership", post(transfer))
        .route("/organizations/{org}/members", post(admit))
        .route("/users", get(list_people))
        .route("/users/{user}", patch(update_person))
        .route("/outbox", get(list_mail))
        .route("/outbox/{mail}/retry", post(retry_mail))
        .route("/stats", get(show_stats))
}

/// Alive, whatever else is the matter.
async fn live() -> impl IntoResponse {
    axum::Json(serde_json::json!({ "status": "ok" }))
}

async fn health(State(app): State<App>) -> Response {
    let (status, word) = match app.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    (status, axum::Json(serde_json::json!({ "status": word, "database": word }))).into_response()
}

/// Only JSON is spoken here; who takes none is told so (RFC 9110 section 12.5.1). Pictures are asked for as pictures.
async fn negotiate(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let picture = request.uri().path().ends_with("/avatar");
    if picture || accepts.is_none_or(takes_json) {
        next.run(request).await
    } else {
        ApiError::from(Code::NotAcceptable).into_response()
    }
}

fn takes_json(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts
            .any(|parameter| parameter.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        let json = ["*/*", "application/*", "application/json", "application/problem+json", ""];
        !refused && json.contains(&kind.as_str())
    })
}

async fn common_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    let vary = HeaderValue::from_static("Authorization, Cookie, Prefer, Accept, Accept-Encoding");
    headers.insert(header::VARY, vary);
    response
}
