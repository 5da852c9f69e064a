//! Plain forms: what was done or refused is left with the browser's session, and the next page shows it. With it a
//! refused form comes back with what was typed.

use crate::flash::{self, Flash, RefusedForm};
use crate::pages::reauthentication::Reauthenticate;
use crate::request::{Outcome, is_plain_form};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::code::Code;
use leptos::server_fn::ServerFn as _;
use server::Visit;
use tower_sessions::Session;

/// Larger than any form here.
const BODY: usize = 64 * 1024;

/// Most fields that are given back: more than any honest form has.
const FIELDS: usize = 24;

/// How browsers send forms, and how our own scripts send what is more than a form.
const KINDS: [&str; 2] = ["application/x-www-form-urlencoded", "application/json"];

/// Around server functions.
pub async fn keep_outcome(request: Request, next: Next) -> Response {
    let Some(visit) = visit(&request) else { return next.run(request).await };
    if request.method() == Method::POST && !is_form(request.headers()) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is not a form.").into_response();
    }
    let outcome = Outcome::default();
    let action = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(outcome.clone());
    let plain = is_plain_form(&parts) && parts.method == Method::POST;
    let Ok(bytes) = axum::body::to_bytes(body, BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "The form is too large.").into_response();
    };
    let mut response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    let left = outcome.take();
    let refused = left.refusal.filter(|_| plain).map(|error| {
        // Whoever is sent away for asking too often leaves nothing but where the refusal is shown.
        let mut typed = typed(&bytes);
        if error.code() == Code::RateLimited {
            typed.retain(|(name, _)| name == flash::IN_ROW);
        }
        RefusedForm { action, error, typed }
    });
    let flash = Flash { notice: left.notice.filter(|_| plain || left.leaves), refused };
    if flash != Flash::default() {
        leave(&visit, &flash).await;
    }
    if plain {
        forget_error(&mut response);
    }
    response
}

/// Around pages: fetches what was left for them.
pub async fn bring_flash(mut request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::COOKIE)
        && let Some(visit) = visit(&request)
        && let Ok(Some(flash)) = visit.take::<Flash>(flash::NAME).await
    {
        // Who has to confirm the password first comes back to the form afterwards.
        if request.uri().path() == "/confirm-password" && !is_of_confirmation(&flash) {
            leave(&visit, &flash).await;
        } else {
            request.extensions_mut().insert(flash);
        }
    }
    next.run(request).await
}

fn is_of_confirmation(flash: &Flash) -> bool {
    flash.refused.as_ref().is_some_and(|form| form.action == Reauthenticate::url())
}

async fn leave(visit: &Visit, flash: &Flash) {
    if let Err(error) = visit.leave(flash::NAME, flash).await {
        tracing::warn!(%error, "a message for the next page is lost");
    }
}

fn visit(request: &Request) -> Option<Visit> {
    let known = request.extensions().get::<server::Request>()?.clone();
    Some(Visit::new(known, request.extensions().get::<Session>()?.clone()))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// The fields as they were typed, without the secret ones.
fn typed(body: &Bytes) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body)
        .filter(|(name, _)| !name.contains("password") && !matches!(name.as_ref(), "code" | "token"))
        .take(FIELDS)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The framework writes the refusal into the address it goes back to; it is with the session already.
fn forget_error(response: &mut Response) {
    let headers = response.headers_mut();
    let Some(location) = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()) else { return };
    let Some((path, query)) = location.split_once('?') else { return };
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.starts_with("__err=") && !pair.starts_with("__path=")).collect();
    let clean = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    if let Ok(clean) = HeaderValue::from_str(&clean) {
        headers.insert(header::LOCATION, clean);
    }
}
