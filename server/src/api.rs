//! The JSON API: every route, and what all of them have in common.

mod accounts;
mod affiliations;
mod aliases;
mod audit;
mod avatars;
mod conditional;
mod csv;
mod endpoints;
mod extract;
mod idempotency;
mod invitations;
mod json;
mod members;
mod openapi;
mod orgs;
mod parts;
mod platform;
mod preferences;
mod problem;
mod quotas;
mod reference;
mod representation;
mod roles;
mod stats;
mod teams;
mod tokens;
mod upload;
mod wallet;
mod workspaces;

pub(crate) use conditional::tell_codings_apart;
pub use openapi::document;
pub(crate) use problem::problem;

use crate::App;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::code::Code;
use endpoints::{Endpoints, public};
use problem::ApiError;
use serde_json::json;
use std::sync::LazyLock;

/// The API under `/api/v1` and, for older clients, under `/api`; with the health checks and its reference beside it.
pub fn router(app: App) -> Router {
    let api = routes(app.clone());
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(health).with_state(app))
        .merge(reference::routes())
        .nest("/api/v1", api.clone())
        .nest("/api", api)
}

/// What all answers have in common. The last layer named is the first one passed.
fn routes(app: App) -> Router {
    let once = idempotency::Once { app: app.clone(), gates: ENDPOINTS.gates() };
    ENDPOINTS
        .router()
        .fallback(async || ApiError::from(Code::NotFound))
        .method_not_allowed_fallback(async || ApiError::from(Code::MethodNotAllowed))
        .with_state(app.clone())
        .layer(middleware::from_fn(negotiate))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn_with_state(once, idempotency::once))
        .layer(middleware::from_fn(extract::believe))
        .layer(middleware::from_fn_with_state(app.clone(), quotas::count))
        .layer(middleware::from_fn_with_state(app.clone(), extract::identify))
        .layer(middleware::from_fn_with_state(app, representation::represent))
        .layer(middleware::from_fn(aliases::declare))
        .layer(middleware::from_fn(common_headers))
}

/// Every endpoint, with what the document says of it. They are the same for every instance.
static ENDPOINTS: LazyLock<Endpoints> = LazyLock::new(endpoints);

fn endpoints() -> Endpoints {
    let organizations = organizations();
    system()
        .merge(accounts::endpoints())
        .merge(avatars::of_people())
        .merge(affiliations::endpoints())
        .merge(tokens::own())
        .merge(invitations::received())
        .merge(roles::vocabulary())
        .twin("/orgs", &organizations)
        .nest("/organizations", organizations)
        .nest("/admin", platform::endpoints().merge(wallet::of_platform()).merge(audit::of_platform()))
}

fn organizations() -> Endpoints {
    orgs::endpoints()
        .merge(avatars::endpoints())
        .merge(stats::endpoints())
        .merge(members::endpoints())
        .merge(roles::endpoints())
        .merge(invitations::endpoints())
        .merge(tokens::endpoints())
        .merge(wallet::endpoints())
        .merge(audit::endpoints())
        .nest("/{org}/teams", teams::endpoints())
        .nest("/{org}/workspaces", workspaces::endpoints())
}

fn system() -> Endpoints {
    let words = json!({ "status": { "type": "string" }, "database": { "type": "string" } });
    let state = json!({ "type": "object", "required": ["status", "database"], "properties": words });
    let checks_health = public("check_health", "Whether the service works").shows(state.clone()).shows_as(
        "503",
        "The database does not answer.",
        state,
    );
    let shows_document = public("get_document", "This document").shows(json!({ "type": "object" }));
    Endpoints::of("System").get("/health", health, checks_health).get("/openapi.json", openapi::show, shows_document)
}

/// Alive, whatever else is the matter.
async fn live() -> impl IntoResponse {
    axum::Json(json!({ "status": "ok" }))
}

async fn health(State(app): State<App>) -> Response {
    let (status, word) = match app.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    (status, axum::Json(json!({ "status": word, "database": word }))).into_response()
}

/// Only JSON is spoken here; who takes none is told so (RFC 9110 section 12.5.1). Pictures are asked for as pictures,
/// files by name, and lists for spreadsheets by their format.
async fn negotiate(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let otherwise = ["/avatar", "/avatar/{digest}", "/export"].iter().any(|end| route.ends_with(end));
    let of_csv = if asks_for_csv(&request) { CSV } else { &[] };
    if otherwise || accepts.is_none_or(|accept| takes_any(accept, JSON) || takes_any(accept, of_csv)) {
        next.run(request).await
    } else {
        ApiError::from(Code::NotAcceptable).into_response()
    }
}

/// Ranges that JSON is in.
const JSON: &[&str] = &["*/*", "application/*", "application/json", "application/problem+json", ""];
const CSV: &[&str] = &["text/*", "text/csv"];

fn asks_for_csv(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "format" && value == "csv")
}

fn takes_any(accept: &str, kinds: &[&str]) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts
            .any(|parameter| parameter.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        !refused && kinds.contains(&kind.as_str())
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
