//! The JSON API: every route, and what all of them have in common.

mod accounts;
mod affiliations;
mod aliases;
mod audit;
mod avatars;
mod conditional;
mod csv;
mod extract;
mod idempotency;
mod invitations;
mod json;
mod members;
mod orgs;
mod parts;
mod platform;
mod preferences;
mod problem;
mod quotas;
mod representation;
mod roles;
mod stats;
mod teams;
mod tokens;
mod wallet;
mod workspaces;

pub(crate) use conditional::tell_codings_apart;
pub(crate) use problem::problem;

use crate::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
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

/// Every route, and what all answers have in common. The last layer named is the first one passed.
fn routes(app: App) -> Router {
    Router::new()
        .merge(account_routes())
        .merge(invitation_routes())
        .nest("/organizations", organization_routes())
        .nest("/orgs", organization_routes())
        .nest("/admin", admin_routes())
        .route("/permissions", get(roles::permissions))
        .route("/health", get(health))
        .fallback(async || ApiError::from(Code::NotFound))
        .method_not_allowed_fallback(async || ApiError::from(Code::MethodNotAllowed))
        .with_state(app.clone())
        .layer(middleware::from_fn(negotiate))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn_with_state(app.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(app.clone(), quotas::count))
        .layer(middleware::from_fn_with_state(app.clone(), extract::identify))
        .layer(middleware::from_fn_with_state(app, representation::represent))
        .layer(middleware::from_fn(aliases::declare))
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
        .route("/users/@me", get(me).patch(update).delete(delete_account))
        .route("/users/@me/email", post(change_email))
        .route("/users/@me/verification", post(request_verification))
        .route("/users/@me/sessions", get(list_sessions).delete(end_other_sessions))
        .route("/users/@me/sessions/{session}", delete(end_session))
        .route("/users/@me/tokens", get(tokens::list_own).post(tokens::create_own))
        .route("/users/@me/tokens/{token_id}", delete(tokens::revoke_own))
        .route("/users/@me/tokens/{token_id}/rotate", post(tokens::rotate_own))
        .route("/users/{user}/organizations", get(affiliations::list))
        .route("/users/{user}/orgs", get(affiliations::list))
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
        .route("/{org}/stats", get(stats::organization))
        .route("/{org}/members/export", get(export_members))
        .route("/{org}/members/bulk", post(change_members))
        .route(
            "/{org}/members/{member}",
            get(get_member).patch(change_member).put(replace_member).delete(remove_member),
        )
        .route("/{org}/members/{member}/role", patch(change_member).put(change_member))
        .route("/{org}/members/{member}/suspend", post(suspend_member))
        .route("/{org}/members/{member}/restore", post(restore_member))
        .route("/{org}/roles", get(roles::list).post(roles::create))
        .route("/{org}/roles/{role}", get(roles::show).patch(roles::update).delete(roles::delete))
        .route("/{org}/invitations", get(list).post(create))
        .route("/{org}/invite", post(invite))
        .route("/{org}/invitations/bulk", post(invite_many))
        .route("/{org}/invitations/{invitation}", get(show).patch(update).delete(revoke))
        .route("/{org}/invitations/{invitation}/cancel", post(revoke))
        .route("/{org}/invitations/{invitation}/resend", post(resend))
        .route("/{org}/tokens", get(tokens::list).post(tokens::create))
        .route("/{org}/tokens/{token_id}", delete(tokens::revoke))
        .route("/{org}/tokens/{token_id}/rotate", post(tokens::rotate))
        .route("/{org}/wallet", get(wallet::show))
        .route("/{org}/wallet/transactions", get(wallet::transactions))
        .route("/{org}/audit-log", get(audit::list))
        .route("/{org}/audit-logs", get(audit::list))
        .nest("/{org}/teams", team_routes())
        .nest("/{org}/workspaces", workspace_routes())
}

fn team_routes() -> Router<App> {
    use teams::*;
    Router::new()
        .route("/", get(list).post(create))
        .route("/{team}", get(show).patch(update).delete(delete))
        .route("/{team}/members", get(list_members).post(add_member))
        .route("/{team}/members/{member}", put(put_member).patch(change_role).delete(remove_member))
        .route("/{team}/members/{member}/role", patch(change_role))
        .route("/{team}/members/{member}/move", post(move_member))
}

fn workspace_routes() -> Router<App> {
    use workspaces::*;
    Router::new()
        .route("/", get(list).post(create))
        .route("/{workspace}", get(show).patch(update).delete(delete))
        .route("/{workspace}/members", get(list_members))
        .route("/{workspace}/members/{member}", put(put_member).delete(remove_member))
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
        .route("/audit-log", get(audit::list_all))
        .route("/organizations/{org}/charge", post(wallet::charge))
        .route("/organizations/{org}/credit", post(wallet::credit))
        .route("/organizations/{org}/wallet", patch(wallet::update))
        .route("/organizations/{org}/wallet/transactions/{transaction}/reverse", post(wallet::reverse))
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

/// Only JSON is spoken here; who takes none is told so (RFC 9110 section 12.5.1). Pictures are asked for as pictures,
/// and files by name.
async fn negotiate(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let otherwise = ["/avatar", "/export"].iter().any(|end| request.uri().path().ends_with(end));
    if otherwise || accepts.is_none_or(takes_json) {
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
