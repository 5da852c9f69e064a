//! Conditional requests (RFC 9110 section 13): entity tags, and answers that say that nothing has changed.
//!
//! `If-Match` is judged by the operations, inside their transactions.

use crate::keys::digest;
use crate::visit;
use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

/// How the tag of one answer ends when it is sent compressed.
const CODINGS: [&str; 2] = ["-gzip\"", "-br\""];

/// What of a request the form of its answer depends on.
pub(super) struct Asked {
    pub(super) request_id: String,
    pub(super) method: Method,
    /// As it was sent, with the path before the router's own.
    pub(super) uri: Uri,
    /// The answers that the client has already.
    known: Vec<String>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let whole = request.extensions().get::<OriginalUri>().map(|OriginalUri(uri)| uri.clone());
        Self {
            request_id: request.extensions().get().map(|known: &visit::Request| known.id.clone()).unwrap_or_default(),
            method: request.method().clone(),
            uri: whole.unwrap_or_else(|| request.uri().clone()),
            known: tags(request.headers()),
        }
    }
}

/// None of our tags has a comma in it.
fn tags(headers: &HeaderMap) -> Vec<String> {
    let fields = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    fields.flat_map(|field| field.split(',')).map(|tag| tag.trim().to_owned()).collect()
}

/// A strong tag: the version of the row, and a part that changes with every byte of the answer.
pub(super) fn tag(version: i64, bytes: &[u8]) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::try_from(format!("\"{version}-{}\"", &digest(bytes)[..16]))
}

/// The answer, or 304 when the client has it already.
pub(super) fn answer(asked: &Asked, mut response: Response) -> Response {
    let looked_at = matches!(asked.method, Method::GET | Method::HEAD) && response.status() == StatusCode::OK;
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let Some(held) = asked.known.iter().find(|held| looked_at && !tag.is_empty() && names(held, tag)) else {
        return response;
    };
    // Under the tag that the client has, which also says how it was compressed.
    let held = if held == "*" { tag } else { held.trim_start_matches("W/") };
    let held = HeaderValue::from_str(held);
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.body_mut() = Body::empty();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
    if let Ok(held) = held {
        headers.insert(header::ETAG, held);
    }
    response
}

/// Whether `held` is the tag of this answer; compared weakly (RFC 9110 section 13.1.2).
fn names(held: &str, tag: &str) -> bool {
    let held = held.trim_start_matches("W/");
    let plain = tag.trim_end_matches('"');
    held == "*" || held == tag || held.strip_prefix(plain).is_some_and(|coding| CODINGS.contains(&coding))
}

/// Of one answer in two codings the bytes differ, and so do their strong tags (RFC 9110 section 8.8.3.3). This goes
/// around the layer that compresses.
pub(crate) async fn tell_codings_apart(request: Request, next: Next) -> Response {
    let ours = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let (true, Some(coding), Some(tag)) = (ours, text(header::CONTENT_ENCODING), text(header::ETAG))
        && let Ok(tag) = HeaderValue::try_from(format!("{}-{coding}\"", tag.trim_end_matches('"')))
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_every_coding() {
        for held in ["*", "\"3-ab\"", "W/\"3-ab\"", "\"3-ab-gzip\"", "W/\"3-ab-br\""] {
            assert!(names(held, "\"3-ab\""), "{held}");
        }
        for held in ["", "3-ab", "\"3-abc\"", "\"3-ab-zip\"", "\"2-ab\"", "\"3\""] {
            assert!(!names(held, "\"3-ab\""), "{held}");
        }
    }
}
