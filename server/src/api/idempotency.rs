//! Requests that may come again: of several with one key and one body, one has an effect, and all have its answer.

use super::endpoints::Gate;
use super::extract::{Identity, Path};
use super::problem::{ApiError, problem};
use super::representation::RowVersion;
use crate::App;
use crate::auth::Principal;
use crate::http::largest_body;
use crate::idempotency::{self, Answer, Found, Slot};
use crate::visit;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::response::Parts as Told;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::time::Timestamp;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const KEY: &str = "idempotency-key";
/// Fields that belong to an answer itself. All others are made anew each time.
const KEPT: [HeaderName; 4] = [header::CONTENT_TYPE, header::LOCATION, header::CACHE_CONTROL, header::WWW_AUTHENTICATE];
/// A path that is longer names nothing here.
const LONGEST_PATH: usize = 1024;

/// Where answers are kept, and who gets them again.
#[derive(Clone)]
pub(super) struct Once {
    pub(super) app: App,
    /// Who may call each POST, by its path.
    pub(super) gates: Arc<BTreeMap<String, Gate>>,
}

impl Once {
    /// Who may see no more what was answered is told what anybody else would be.
    async fn judge_again(&self, principal: &Principal, parts: &mut Parts) -> Result<()> {
        let matched = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let route = matched.strip_prefix("/api/v1").or(matched.strip_prefix("/api")).unwrap_or(matched);
        let Some(gate) = self.gates.get(route) else { return Ok(()) };
        let path = Path::from_request_parts(parts, &()).await.map_err(|ApiError(error)| error)?;
        gate.judge(&self.app, principal, path.get("org")).await
    }
}

/// Answers a request that was answered before as it was then.
pub(super) async fn once(
    State(once): State<Once>,
    Extension(known): Extension<visit::Request>,
    Extension(identity): Extension<Identity>,
    request: Request,
    next: Next,
) -> Response {
    // Nobody in particular has no keys; the route says whether somebody has to be known.
    let (Ok(principal), true) = (identity.0, takes_keys(&request)) else { return next.run(request).await };
    let Some(key) = known.idempotency_key else {
        let rule = "Give one key of 1 to 255 visible ASCII characters.";
        return problem(&Error::header("Idempotency-Key", Code::IdempotencyKeyInvalid, rule), &known.id);
    };
    match answered_once(&once, &principal, key, request, next).await {
        Ok(response) => response,
        Err(error) => problem(&error, &known.id),
    }
}

/// What passwords or invitation tokens are sent to keeps nothing of it.
fn takes_keys(request: &Request) -> bool {
    let path = request.uri().path();
    let holds_secrets = path.starts_with("/auth/") || path.starts_with("/invitations/") || path.ends_with("/accept");
    request.method() == Method::POST
        && request.headers().contains_key(KEY)
        && !holds_secrets
        && path.len() <= LONGEST_PATH
}

async fn answered_once(
    once: &Once,
    principal: &Principal,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response> {
    let app = &once.app;
    let (mut parts, body) = request.into_parts();
    let body = match Limited::new(body, largest_body(parts.uri.path())).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(Code::PayloadTooLarge.into()),
        Err(_) => return Err(Code::BadRequest.into()),
    };
    let query = parts.uri.query().unwrap_or_default();
    let slot = Slot {
        principal: principal.account(),
        route: format!("POST {}", parts.uri.path()),
        key,
        body_digest: app.keys.digest_request(&[query.as_bytes(), &body]),
    };
    match idempotency::begin(app, &slot).await? {
        Found::First(begun) => {
            let response = next.run(Request::from_parts(parts, Body::from(body))).await;
            keep(app, &slot, begun, response).await
        }
        Found::Answered(answer) => {
            once.judge_again(principal, &mut parts).await?;
            replayed(answer)
        }
        Found::Running => Err(Code::IdempotencyInProgress.into()),
        Found::Other => {
            let rule = "This key was used for another request.";
            Err(Error::header("Idempotency-Key", Code::IdempotencyKeyReused, rule))
        }
    }
}

/// Keeps the answer, and gives it on as it is. One that may be another the next time is not kept.
async fn keep(app: &App, slot: &Slot, begun: Timestamp, response: Response) -> Result<Response> {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(|_| Error::Internal)?.to_bytes();
    let passing = parts.status.is_server_error() || parts.status == StatusCode::TOO_MANY_REQUESTS;
    let kept = if passing {
        idempotency::give_back(app, slot, begun).await
    } else {
        idempotency::keep(app, slot, begun, &answer(&parts, &bytes)).await
    };
    if let Err(error) = kept {
        // What was done is done: a client that asks again is told to wait until the slot is free.
        tracing::warn!(%error, "an answer could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn answer(parts: &Told, bytes: &Bytes) -> Answer {
    let field = |name: &HeaderName| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).map(|value| (name.to_string(), value.to_owned()))
    };
    Answer {
        status: parts.status.as_u16(),
        version: parts.extensions.get().map(|RowVersion(version)| *version),
        headers: KEPT.iter().filter_map(field).collect(),
        body: without_secrets(&String::from_utf8_lossy(bytes)),
    }
}

/// An access token is shown once. The link of an invitation can be looked up again by those who may have it; a copy of
/// the database opens none.
///
/// What holds no secret stays as it is to the last byte: its entity tag depends on it.
fn without_secrets(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    let had_token = value.as_object_mut().is_some_and(|members| members.remove("token").is_some());
    let had_link = hide_links(&mut value);
    if had_token || had_link { value.to_string() } else { text.to_owned() }
}

/// Says whether there were any.
fn hide_links(value: &mut Value) -> bool {
    let mut found = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "accept_url" {
                    found |= !member.take().is_null();
                } else {
                    found |= hide_links(member);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                found |= hide_links(item);
            }
        }
        _ => {}
    }
    found
}

fn replayed(answer: Answer) -> Result<Response> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| Error::Internal)?;
    let mut response = (status, Body::from(answer.body)).into_response();
    if let Some(version) = answer.version {
        response.extensions_mut().insert(RowVersion(version));
    }
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_secret_is_kept() {
        let answer = json!({ "token": "t", "id": 1, "results": [{ "invitation": { "accept_url": "u", "id": 2 } }] });
        let expected = json!({ "id": 1, "results": [{ "invitation": { "accept_url": null, "id": 2 } }] });
        assert_eq!(without_secrets(&answer.to_string()), expected.to_string());
        let harmless = r#"{"b": 1, "a": {"token": "of something else"}}"#;
        assert_eq!(without_secrets(harmless), harmless);
    }
}
