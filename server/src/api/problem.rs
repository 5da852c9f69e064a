//! How a refusal looks over HTTP: problem details (RFC 9457), the same for every endpoint.

use crate::visit::Request;
use axum::Json;
use axum::extract::{OriginalUri, Request as HttpRequest};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::error::{At, Error, Violation};
use serde_json::{Map, Value, json};

/// A refusal on its way out. [`finish`] gives it its body, once the request's id is at hand.
#[derive(Debug, Clone)]
pub struct ApiError(pub Error);

pub(super) type ApiResult<T> = Result<T, ApiError>;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of every refusal of the API, and sends callers of a former slug to the present one.
pub(super) async fn finish(request: HttpRequest, next: Next) -> Response {
    let method = request.method().clone();
    // The router below has cut off what comes before its own paths.
    let whole = request.extensions().get::<OriginalUri>().map(|OriginalUri(uri)| uri.clone());
    let uri = whole.unwrap_or_else(|| request.uri().clone());
    let id = request.extensions().get::<Request>().map(|request| request.id.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<ApiError>() {
        Some(ApiError(Error::Moved(slug))) => moved(&method, &uri, &slug),
        Some(ApiError(error)) => dress(response, &error, &id),
        None => response,
    }
}

/// A refusal as a whole answer.
pub(crate) fn problem(error: &Error, request_id: &str) -> Response {
    dress(ApiError(error.clone()).into_response(), error, request_id)
}

fn dress(bare: Response, error: &Error, request_id: &str) -> Response {
    let (parts, _) = bare.into_parts();
    let mut response = (parts.status, Json(body(error, request_id))).into_response();
    let headers = response.headers_mut();
    for (name, value) in &parts.headers {
        if name == header::ALLOW {
            headers.insert(name, value.clone());
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(challenge) = challenge(error) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(wait) = retry_after(error) {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    response
}

/// The members of RFC 9457, then ours.
fn body(error: &Error, request_id: &str) -> Value {
    let code = error.code();
    let instance = format!("/requests/{request_id}");
    let mut body = json!({
        "type": format!("/problems/{}", code.slug()),
        "title": code.title(),
        "status": code.status(),
        "detail": detail(error),
        "instance": instance,
        "code": code.name(),
        "request_id": request_id,
    });
    if let Some(members) = body.as_object_mut() {
        if let Error::Refused(refused) = error {
            members.extend(refused.members.clone().into_iter().filter(|(name, _)| name != "retry_after"));
        }
        if !error.violations().is_empty() {
            members.insert("errors".to_owned(), error.violations().iter().map(entry).collect());
        }
    }
    body
}

fn detail(error: &Error) -> String {
    match error.violations() {
        [] => error.code().title().to_owned(),
        [one] => one.message.clone(),
        many => format!("{} fields were rejected", many.len()),
    }
}

fn entry(violation: &Violation) -> Value {
    let mut entry = Map::new();
    let (kind, place) = match &violation.at {
        At::Pointer(pointer) => ("pointer", format!("#{pointer}")),
        At::Parameter(name) => ("parameter", name.clone()),
        At::Header(name) => ("header", name.clone()),
    };
    entry.insert(kind.to_owned(), place.into());
    entry.insert("code".to_owned(), violation.code.name().into());
    entry.insert("detail".to_owned(), violation.message.clone().into());
    entry.into()
}

/// RFC 6750 section 3.
fn challenge(error: &Error) -> Option<HeaderValue> {
    let text = match error.code() {
        Code::InvalidToken | Code::TokenExpired => r#"Bearer realm="api", error="invalid_token""#.to_owned(),
        Code::InsufficientScope => {
            let scope = error.member("scope").and_then(Value::as_str).unwrap_or_default();
            format!(r#"Bearer realm="api", error="insufficient_scope", scope="{scope}""#)
        }
        code if code.status() == 401 => r#"Bearer realm="api""#.to_owned(),
        _ => return None,
    };
    HeaderValue::from_str(&text).ok()
}

fn retry_after(error: &Error) -> Option<u64> {
    match error.code() {
        Code::RateLimited => error.member("retry_after").and_then(Value::as_u64),
        Code::ServiceUnavailable | Code::IdempotencyInProgress => Some(1),
        _ => None,
    }
}

/// To the same path with the present slug: 301 for reading, 308 where the method has to stay.
fn moved(method: &Method, uri: &Uri, slug: &str) -> Response {
    let mut segments: Vec<&str> = uri.path().split('/').collect();
    if let Some(at) = segments.iter().position(|segment| matches!(*segment, "organizations" | "orgs"))
        && let Some(place) = segments.get_mut(at + 1)
    {
        *place = slug;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let status = match *method {
        Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
        _ => StatusCode::PERMANENT_REDIRECT,
    };
    (status, [(header::LOCATION, segments.join("/") + &query)]).into_response()
}
