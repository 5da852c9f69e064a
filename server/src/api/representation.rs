//! The form of every answer: the case of its keys, its envelope, its entity tag, or no body at all.

mod envelope;
mod keys;
mod outline;

use super::conditional::{self, Asked};
use super::preferences::{Returned, Wanted};
use super::problem::problem;
use crate::App;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::response::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::error::Error;
use http_body_util::BodyExt as _;
use outline::Outline;
use serde_json::Value;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// The version of the row that is shown, for answers that do not name it themselves: an extension of the response.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowVersion(pub(super) i64);

/// Gives every answer the form that its client wishes.
pub(super) async fn represent(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let wanted = match Wanted::take(&mut request) {
        Ok(wanted) => wanted,
        Err(error) => return problem(&error, &asked.request_id),
    };
    let response = next.run(request).await;
    match formed(&app, &asked, &wanted, response).await {
        Ok(response) => conditional::answer(&asked, response),
        Err(error) => {
            tracing::error!(%error, request_id = asked.request_id, "an answer could not be read");
            problem(&Error::Internal, &asked.request_id)
        }
    }
}

/// What an answer holds, where that is ours to form. Files, pictures and redirections stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Resource,
    Problem,
    Nothing,
}

impl Kind {
    fn of(parts: &Parts, body: &Body) -> Option<Self> {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if parts.headers.contains_key(header::CONTENT_DISPOSITION) {
            None
        } else if kind.starts_with("application/json") {
            Some(Self::Resource)
        } else if kind == "application/problem+json" {
            Some(Self::Problem)
        } else {
            (parts.status.is_success() && body.is_end_stream()).then_some(Self::Nothing)
        }
    }
}

async fn formed(app: &App, asked: &Asked, wanted: &Wanted, response: Response) -> anyhow::Result<Response> {
    let (mut parts, body) = response.into_parts();
    let Some(kind) = Kind::of(&parts, &body) else { return Ok(Response::from_parts(parts, body)) };
    let bytes = body.collect().await?.to_bytes();
    let outline = if kind == Kind::Resource { Outline::of(&bytes) } else { Outline::default() };
    outline.lead_on(app, &asked.uri, &mut parts.headers);
    let method = &asked.method;
    let mut shown = shown(wanted, kind, method, parts.status, &bytes)?;
    if let Some(version) = version(method, kind, &outline, &parts) {
        parts.headers.entry(header::ETAG).or_insert(conditional::tag(version, &shown)?);
    }
    let mut returned = kind == Kind::Resource && matches!(*method, Method::POST | Method::PATCH | Method::PUT);
    if wanted.returned == Some(Returned::Minimal) {
        returned = returned && outline.can_be_left_out(method, parts.status);
        if returned {
            shown = left_out(wanted, method, &mut parts)?;
        }
    }
    label(&mut parts, kind, wanted, shown.is_empty());
    if let Some(applied) = wanted.applied(returned) {
        parts.headers.insert(HeaderName::from_static("preference-applied"), applied);
    }
    Ok(Response::from_parts(parts, Body::from(shown)))
}

/// What is sent in place of a body that the client can do without.
fn left_out(wanted: &Wanted, method: &Method, parts: &mut Parts) -> Result<Bytes, serde_json::Error> {
    if parts.status == StatusCode::OK {
        parts.status = StatusCode::NO_CONTENT;
    }
    shown(wanted, Kind::Nothing, method, parts.status, &Bytes::new())
}

/// The bytes that are sent. What nobody wishes otherwise goes out as it was written.
fn shown(
    wanted: &Wanted,
    kind: Kind,
    method: &Method,
    status: StatusCode,
    bytes: &Bytes,
) -> Result<Bytes, serde_json::Error> {
    if !wanted.envelope && (!wanted.camel() || kind == Kind::Nothing) {
        return Ok(bytes.clone());
    }
    let value = if kind == Kind::Nothing { Value::Null } else { serde_json::from_slice(bytes)? };
    let value = match (wanted.envelope, kind) {
        (false, _) => value,
        (true, Kind::Problem) => envelope::around_problem(value),
        (true, Kind::Resource | Kind::Nothing) => envelope::around(method, status, value),
    };
    let value = if wanted.camel() { keys::camel(value) } else { value };
    Ok(value.to_string().into())
}

/// The version in the entity tag: of what is looked at in any case, of what was changed where it has one. A list is not
/// one thing with a version.
fn version(method: &Method, kind: Kind, outline: &Outline, parts: &Parts) -> Option<i64> {
    if kind != Kind::Resource || !parts.status.is_success() || outline.is_list() {
        return None;
    }
    let known = outline.version.or_else(|| parts.extensions.get::<RowVersion>().map(|version| version.0));
    let looked_at = matches!(*method, Method::GET | Method::HEAD);
    // Rows count from 1: nothing that is changed by version has this one.
    known.or(looked_at.then_some(0))
}

fn label(parts: &mut Parts, kind: Kind, wanted: &Wanted, is_empty: bool) {
    let headers = &mut parts.headers;
    headers.remove(header::CONTENT_LENGTH);
    if is_empty {
        headers.remove(header::CONTENT_TYPE);
    } else if kind != Kind::Problem || wanted.envelope {
        headers.insert(header::CONTENT_TYPE, JSON);
    }
    if wanted.envelope && parts.status == StatusCode::NO_CONTENT {
        parts.status = StatusCode::OK;
    }
}
