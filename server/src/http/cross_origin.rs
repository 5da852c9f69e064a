//! Refuses changes that another site makes a browser send.
//!
//! The logic is that of Go's `net/http.CrossOriginProtection`, stricter in one place: a request with a cookie that says
//! nothing of its origin is refused too. It needs no token in forms, so plain forms work.

use crate::App;
use crate::api::problem;
use crate::visit;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::code::Code;

pub(super) async fn refuse(
    State(app): State<App>,
    Extension(known): Extension<visit::Request>,
    request: Request,
    next: Next,
) -> Response {
    if is_safe(request.method()) || is_same_origin(request.headers(), &app.config.origin()) {
        next.run(request).await
    } else {
        problem(&Code::CsrfRejected.into(), &known.id)
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers do not send an `Authorization` of their own: a request with one is not theirs to forge.
fn is_same_origin(headers: &HeaderMap, ours: &str) -> bool {
    if headers.contains_key(header::AUTHORIZATION) {
        return true;
    }
    let site = headers.get("sec-fetch-site").map(|value| value == "same-origin");
    let origin = headers.get(header::ORIGIN).map(|value| value.as_bytes() == ours.as_bytes());
    match (site, origin) {
        (Some(site), Some(origin)) => site && origin,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn allowed(fields: &[(&'static str, &'static str)]) -> bool {
        let headers = fields
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_same_origin(&headers, "https://good.test")
    }

    #[test]
    fn a_change_from_our_own_pages_is_let_through() {
        assert!(allowed(&[("cookie", "sid=1"), ("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("cookie", "sid=1"), ("origin", "https://good.test")]));
        assert!(allowed(&[("cookie", "sid=1"), ("origin", "https://evil.test"), ("authorization", "Bearer x")]));
        assert!(allowed(&[]));
    }

    #[test]
    fn a_change_from_elsewhere_is_refused() {
        for site in ["cross-site", "same-site", "none", "x"] {
            assert!(!allowed(&[("cookie", "sid=1"), ("sec-fetch-site", site)]), "{site}");
            assert!(!allowed(&[("sec-fetch-site", site)]), "{site} without a cookie");
        }
        for origin in ["https://evil.test", "http://good.test", "https://good.test.evil.test", "null"] {
            assert!(!allowed(&[("cookie", "sid=1"), ("origin", origin)]), "{origin}");
        }
        assert!(!allowed(&[("cookie", "sid=1")]), "a cookie without any word of its origin");
    }
}
