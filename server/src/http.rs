//! What every request passes through before it is anybody's, and the loop that takes connections.

mod cross_origin;
mod framing;
mod host;
mod lingering;
mod listen;

pub use listen::{Connection, serve};

use crate::App;
use crate::api::{problem, tell_codings_apart};
use crate::pictures;
use crate::visit;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::{Extension, Router};
use domain::code::Code;
use domain::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tower_http::compression::CompressionLayer;
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;
use tracing::Instrument as _;

const URI: usize = 8 * 1024;
const HEADERS: usize = 32 * 1024;
const HEADER_FIELDS: usize = 64;
/// Most entity tags in one header.
const TAGS: usize = 32;
/// Largest body of most routes.
pub(crate) const BODY: usize = 64 * 1024;
/// Largest list of people who are invited at once.
const LIST: usize = 1024 * 1024;
/// Largest body around a picture: the file, and what a form writes around it.
const PICTURE_BODY: usize = pictures::LARGEST + 16 * 1024;
/// Longest time a request may take.
const TIME: Duration = Duration::from_secs(10);

/// Puts a router behind everything that all requests have in common. The last layer named is the first one passed.
pub fn page_layers(router: Router, app: &App) -> Router {
    let secure = app.config.is_https();
    let sessions = SessionManagerLayer::new(app.sessions())
        .with_name(cookie_name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(visit::lasting());
    // Around the router as a whole: around each of its routes they would be made, and carried, hundreds of times.
    Router::new()
        .fallback_service(router)
        .layer(sessions)
        .layer(middleware::from_fn_with_state(cookie_name(secure), drop_doubled_cookie))
        .layer(middleware::from_fn_with_state(app.clone(), cross_origin::refuse))
        .layer(middleware::from_fn(finish_what_began))
        .layer(middleware::from_fn_with_state(app.clone(), host::require))
        .layer(middleware::from_fn(bound))
        .layer(middleware::from_fn(lingering::hear_out))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(tell_codings_apart))
        .layer(middleware::from_fn_with_state(app.clone(), security_headers))
        .layer(middleware::from_fn_with_state(app.clone(), introduce))
}

/// The prefix makes browsers keep the cookie to this host over TLS; plain http cannot have it.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

/// Of two cookies of our name at most one is ours, and nobody can tell which: neither signs anybody in.
async fn drop_doubled_cookie(State(name): State<&'static str>, mut request: Request, next: Next) -> Response {
    let fields = request.headers().get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
    let pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.split_once('='));
    if pairs.filter(|(found, _)| found.trim() == name).count() > 1 {
        request.headers_mut().remove(header::COOKIE);
    }
    next.run(request).await
}

/// Says who comes and from where, gives the request its id, which then stands beside whatever is logged for it, and writes
/// one line about it when it is done.
async fn introduce(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Connection>().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.ip());
    let headers = request.headers();
    let known = visit::Request {
        ip: client_ip(&app, peer, headers),
        user_agent: text(headers, &header::USER_AGENT).map(|text| text.chars().take(512).collect()),
        id: request_id(headers),
        expected: expected_version(app.config.require_if_match, request.method(), headers),
        idempotency_key: idempotency_key(headers),
    };
    let id = known.id.clone();
    let (method, path) = (request.method().clone(), redacted(request.uri()));
    request.extensions_mut().insert(known);
    let began = Instant::now();
    let mut response = next.run(request).instrument(tracing::info_span!("request", id)).await;
    let took = began.elapsed().as_millis();
    tracing::info!(request_id = id, %method, path, status = response.status().as_u16(), took, "answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// What a proxy says counts only when the proxy is one of ours; of its list the last entry that is not ours.
fn client_ip(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let ours = |ip: &IpAddr| app.config.trusted_proxies.iter().any(|network| network.contains(ip));
    if !ours(&peer) {
        return peer;
    }
    // A proxy may add to the field or add a field: together they are one list (RFC 9110 section 5.3).
    let fields: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let list = fields.join(",");
    list.rsplit(',').map_while(|entry| entry.trim().parse().ok()).find(|ip| !ours(ip)).unwrap_or(peer)
}

/// Of the entity tags in `If-Match` only the version counts; `*` is any version, and a tag that is none of ours matches
/// nothing.
fn expected_version(required: bool, method: &Method, headers: &HeaderMap) -> visit::Expected {
    if !headers.contains_key(header::IF_MATCH) {
        let changes_a_row = matches!(*method, Method::PATCH | Method::PUT | Method::DELETE);
        return if required && changes_a_row { visit::Expected::Unsaid } else { visit::Expected::Any };
    }
    let fields: Vec<_> = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
    let tags = fields.join(",");
    if tags.split(',').any(|tag| tag.trim() == "*") {
        return visit::Expected::Any;
    }
    let version = |tag: &str| tag.trim().strip_prefix('"')?.split('-').next()?.trim_end_matches('"').parse().ok();
    visit::Expected::OneOf(tags.split(',').filter_map(version).collect())
}

/// 1 to 255 visible characters of ASCII, given once.
fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    let mut fields = headers.get_all("idempotency-key").iter();
    let key = fields.next().filter(|_| fields.next().is_none())?.to_str().ok()?;
    let good = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| key.to_owned())
}

/// An id that came along is kept when it is harmless in a log.
fn request_id(headers: &HeaderMap) -> String {
    let given = text(headers, &HeaderName::from_static("x-request-id")).unwrap_or_default();
    let harmless = (8..=64).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if harmless { given.to_owned() } else { crate::new_id().to_string() }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The path without the secrets that some hold: what follows these words is a token, but for the ids below an
/// organization's `invitations`.
fn redacted(uri: &Uri) -> String {
    let mut before = ["", "", ""];
    let mut shown = Vec::new();
    for segment in uri.path().split('/') {
        let below_org = matches!(before[0], "organizations" | "orgs");
        let secret = match before[2] {
            "invite" | "reset-password" | "verify-email" => true,
            "invitations" => !below_org && before[1] != "@me",
            _ => false,
        };
        shown.push(if secret && !segment.is_empty() { "[redacted]" } else { segment });
        before = [before[1], before[2], segment];
    }
    shown.join("/")
}

/// What the browser is told about every answer. Pages add their own content policy.
async fn security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if app.config.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

/// Largest body that the route of this path takes.
pub(crate) fn largest_body(path: &str) -> usize {
    match path.rsplit('/').next() {
        Some("bulk") if path.ends_with("/invitations/bulk") => LIST,
        Some("avatar" | "upload-avatar") => PICTURE_BODY,
        _ => BODY,
    }
}

/// Refuses what is too large to be looked at, and what says twice where it ends.
async fn bound(Extension(known): Extension<visit::Request>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let in_chunks = headers.contains_key(header::TRANSFER_ENCODING);
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let uri = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let length = text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let ambiguous = request.extensions().get::<framing::Ambiguous>().is_some_and(framing::Ambiguous::is_found);
    let refusal = if ambiguous {
        Some(Code::BadRequest.into())
    } else if length.is_some_and(|length| length > largest_body(request.uri().path())) {
        Some(Code::PayloadTooLarge.into())
    } else if uri > URI {
        Some(Code::UriTooLong.into())
    } else if headers.len() > HEADER_FIELDS || size > HEADERS {
        Some(Code::HeadersTooLarge.into())
    } else {
        let crowded = ["If-Match", "If-None-Match"].into_iter().find(|name| tags_of(headers, name) > TAGS);
        crowded.map(|name| Error::header(name, Code::InvalidHeader, format!("Send at most {TAGS} entity tags.")))
    };
    let mut response = match refusal {
        Some(refusal) => problem(&refusal, &known.id),
        None => next.run(request).await,
    };
    if in_chunks {
        // What follows is not read, so that nobody can have seen another request in it (RFC 9112 section 6.3).
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn tags_of(headers: &HeaderMap, name: &str) -> usize {
    headers.get_all(name).iter().map(|field| field.as_bytes().split(|byte| *byte == b',').count()).sum()
}

/// Runs the request as a task of its own: a client that hangs up does not stop a transaction half way. What takes too
/// long is answered as busy, and still comes to its end; what panics ends alone.
async fn finish_what_began(Extension(known): Extension<visit::Request>, request: Request, next: Next) -> Response {
    let task = tokio::spawn(next.run(request).in_current_span());
    match tokio::time::timeout(TIME, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            tracing::error!(%error, request_id = known.id, "the request's task ended early");
            problem(&Error::Internal, &known.id)
        }
        Err(_) => problem(&Code::ServiceUnavailable.into(), &known.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_in_paths_do_not_reach_the_log() {
        let shown = |path: &str| redacted(&path.parse().expect("a path"));
        assert_eq!(shown("/invitations/abc"), "/invitations/[redacted]");
        assert_eq!(shown("/api/v1/invitations/abc/accept"), "/api/v1/invitations/[redacted]/accept");
        assert_eq!(shown("/reset-password/abc"), "/reset-password/[redacted]");
        assert_eq!(shown("/api/organizations/invite/abc/accept"), "/api/organizations/invite/[redacted]/accept");
        assert_eq!(shown("/organizations/acme/invitations/1"), "/organizations/acme/invitations/1");
    }

    #[tokio::test]
    async fn a_panic_ends_one_request_and_is_told_with_its_id() {
        async fn breaks() -> &'static str {
            panic!("of the test")
        }
        let known = visit::Request { id: "request-1".to_owned(), ..visit::Request::local() };
        let router = Router::new()
            .route("/", axum::routing::get(breaks))
            .layer(middleware::from_fn(finish_what_began))
            .layer(Extension(known));
        let response = tower::ServiceExt::<Request>::oneshot(router, Request::default()).await.expect("an answer");
        assert_eq!(response.status(), 500);
        let bytes = axum::body::to_bytes(response.into_body(), BODY).await.expect("a body");
        let told: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(told["instance"], "/requests/request-1");
    }
}
