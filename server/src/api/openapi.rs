//! The document of the API (OpenAPI 3.1). It is made once, from the endpoints, and is the same for everybody.

use super::conditional::tag;
use super::endpoints::Description;
use super::extract::NoQuery;
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What holds for every operation, and is said once.
const ABOUT: &str = include_str!("openapi/about.md");
/// A document that does not change while the program runs; a newer program may have another one.
const CACHING: &str = "public, max-age=300";

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| assemble(super::ENDPOINTS.describe()));
static SENT: LazyLock<Bytes> = LazyLock::new(|| DOCUMENT.to_string().into());

/// The document of the JSON API.
pub fn document() -> &'static Value {
    &DOCUMENT
}

pub(super) async fn show(_: NoQuery) -> Response {
    let bytes = SENT.clone();
    let etag = tag(0, &bytes).unwrap_or(HeaderValue::from_static("\"0\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        // A file stays as it is, in whichever case and envelope the client wishes its answers.
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"openapi.json\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHING)),
        (header::ETAG, etag),
    ];
    (headers, bytes).into_response()
}

fn assemble(endpoints: Description) -> Value {
    let mut responses = endpoints.responses;
    responses.extend(common_responses());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall",
            "summary": "Organizations, members, invitations and roles",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "tags": subjects(&endpoints.paths),
        "paths": endpoints.paths,
        "components": {
            "schemas": endpoints.schemas.finish(),
            "responses": responses,
            "headers": headers(),
            "securitySchemes": security_schemes(),
        },
    })
}

/// Every subject, in the order in which it is first met.
fn subjects(paths: &BTreeMap<String, Map<String, Value>>) -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    let operations = paths.values().flat_map(Map::values);
    for name in operations.filter_map(|operation| operation["tags"][0].as_str()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn common_responses() -> [(String, Value); 2] {
    let moved = json!({
        "description": "The organization has another slug now; the address has the present one.",
        "headers": { "Location": { "$ref": "#/components/headers/Location" } },
    });
    let not_modified = json!({
        "description": "The client has this answer already.",
        "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
    });
    [("Moved".to_owned(), moved), ("NotModified".to_owned(), not_modified)]
}

fn headers() -> Value {
    let text = |about: &str| json!({ "description": about, "schema": { "type": "string" } });
    let number = |about: &str| json!({ "description": about, "schema": { "type": "integer", "minimum": 0 } });
    json!({
        "ETag": text("Version and content of the answer, for `If-Match` and `If-None-Match`."),
        "Location": text("The address of what was made, or of what has moved."),
        "Link": text("The other parts of a list (RFC 8288): `next`, `prev`, `first`, and `last` of numbered pages."),
        "X-Total-Count": number("How many entries there are, when pages are asked for by number."),
        "Retry-After": number("After how many seconds to try again."),
        "WWW-Authenticate": text("How to say who one is (RFC 6750)."),
    })
}

fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of a person or of an organization. Its scopes are names of permissions.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-sid",
            "description": "The session of a person who has signed in. Over plain http the cookie is called `sid`. \
                            Changes need `Sec-Fetch-Site: same-origin` or the `Origin` of this instance.",
        },
    })
}

#[cfg(test)]
mod tests;
