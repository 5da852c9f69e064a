//! Older names of routes. They work as ever, and say what they are called now (RFC 9745).

use axum::extract::{MatchedPath, OriginalUri, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Each older name with the present one, below the beginning that all have.
const ALIASES: &[(&str, &str)] = &[
    ("organizations/industries", "organizations/industry-choices"),
    ("organizations/invite/{token}/accept", "invitations/{token}/accept"),
    ("organizations/{org}/transfer", "organizations/{org}/transfer-ownership"),
    ("organizations/{org}/upload-avatar", "organizations/{org}/avatar"),
    ("organizations/{org}/members/{member}/role", "organizations/{org}/members/{member}"),
    ("organizations/{org}/invite", "organizations/{org}/invitations"),
    ("organizations/{org}/invitations/{invitation}/cancel", "organizations/{org}/invitations/{invitation}"),
    ("organizations/{org}/teams/{team}/members/{member}/role", "organizations/{org}/teams/{team}/members/{member}"),
    ("organizations/{org}/audit-logs", "organizations/{org}/audit-log"),
    ("users/{user}/orgs", "users/{user}/organizations"),
];

/// Since when older names are kept for older clients only: the first day of 2026, as a structured field writes a date.
const SINCE: HeaderValue = HeaderValue::from_static("@1767225600");

/// Answers under an older name carry the present one.
pub(super) async fn declare(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<OriginalUri>().map(|OriginalUri(uri)| uri.path().to_owned());
    let matched = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let mut response = next.run(request).await;
    let Some((path, matched)) = path.zip(matched) else { return response };
    let present = present(&path, &matched);
    if present != path
        && let Ok(link) = HeaderValue::try_from(format!("<{present}>; rel=\"canonical\""))
    {
        response.headers_mut().insert(HeaderName::from_static("deprecation"), SINCE);
        response.headers_mut().append(header::LINK, link);
    }
    response
}

/// What the route of this path is called now, if this is an older name.
pub(super) fn present_name(path: &str) -> Option<String> {
    let path = path.trim_start_matches('/');
    ALIASES.iter().find(|(old, _)| *old == path).map(|(_, new)| format!("/{new}"))
}

/// The present path of what was asked for under `path`, which the route `matched` answers.
fn present(path: &str, matched: &str) -> String {
    let (given, pattern) = (below(path), below(matched));
    let whole = match ALIASES.iter().find(|(old, _)| *old == pattern.join("/")) {
        Some((_, new)) => new.split('/').map(|name| filled(name, &pattern, &given)).collect::<Vec<_>>().join("/"),
        None => given.join("/"),
    };
    format!("/api/v1/{whole}")
}

/// The segments after `/api` or `/api/v1`; organizations under the name that they have.
fn below(path: &str) -> Vec<&str> {
    let rest = path.strip_prefix("/api").unwrap_or(path);
    let rest = rest.strip_prefix("/v1/").or(rest.strip_prefix('/')).unwrap_or(rest);
    let mut segments: Vec<_> = rest.split('/').collect();
    if let Some(first) = segments.first_mut().filter(|first| **first == "orgs") {
        *first = "organizations";
    }
    segments
}

/// A `{parameter}` is what the path has in its place.
fn filled<'a>(name: &'a str, pattern: &[&str], given: &[&'a str]) -> &'a str {
    let place = pattern.iter().position(|found| *found == name && found.starts_with('{'));
    place.and_then(|place| given.get(place)).copied().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_older_name_leads_to_the_present_one() {
        for (path, matched, expected) in [
            ("/api/v1/organizations/acme", "/api/v1/organizations/{org}", "/api/v1/organizations/acme"),
            ("/api/organizations", "/api/organizations", "/api/v1/organizations"),
            ("/api/v1/orgs/orgs/members", "/api/v1/orgs/{org}/members", "/api/v1/organizations/orgs/members"),
            ("/api/orgs/a%20b/invite", "/api/orgs/{org}/invite", "/api/v1/organizations/a%20b/invitations"),
            (
                "/api/v1/organizations/invite/t/accept",
                "/api/v1/organizations/invite/{token}/accept",
                "/api/v1/invitations/t/accept",
            ),
            (
                "/api/v1/organizations/acme/members/7/role",
                "/api/v1/organizations/{org}/members/{member}/role",
                "/api/v1/organizations/acme/members/7",
            ),
        ] {
            assert_eq!(present(path, matched), expected);
        }
    }
}
