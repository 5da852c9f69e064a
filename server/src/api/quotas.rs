//! How often one may ask, over the whole API, and telling it in every answer.

use super::extract::Identity;
use super::problem::problem;
use crate::App;
use crate::limits::{Policy, Standing, bucket};
use crate::visit;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use domain::time::Timestamp;

/// Counts the request for who sends it. Nothing is counted, and nothing told, when limits are off.
pub(super) async fn count(
    State(app): State<App>,
    Extension(known): Extension<visit::Request>,
    Extension(identity): Extension<Identity>,
    request: Request,
    next: Next,
) -> Response {
    let standing = match identity.0 {
        Ok(principal) => app.limiter.count(Policy::Default, principal.account()),
        // Also a bad credential: nobody tries out tokens at will.
        Err(error) if error.code().status() < 500 => app.limiter.count(Policy::Anonymous, bucket(known.ip)),
        Err(_) => None,
    };
    let Some(standing) = standing else { return next.run(request).await };
    let mut response = match standing.require() {
        Ok(()) => next.run(request).await,
        Err(error) => problem(&error, &known.id),
    };
    tell(&standing, app.now(), response.headers_mut());
    response
}

/// The fields of the IETF draft, and the older ones that more clients know.
fn tell(standing: &Standing, now: Timestamp, headers: &mut HeaderMap) {
    let (name, quota) = (standing.policy, standing.quota);
    let (left, wait) = (standing.left, standing.wait.as_secs_f64().ceil());
    let full_again = now.plus(standing.wait).as_millis().div_euclid(1000);
    for (field, value) in [
        ("ratelimit-policy", format!("\"{name}\";q={};w={}", quota.times, quota.within.as_secs())),
        ("ratelimit", format!("\"{name}\";r={left};t={wait}")),
        ("x-ratelimit-limit", quota.times.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset", full_again.to_string()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(field), value);
        }
    }
}
