//! From a page's request to what an operation takes, and back: on the server alone.

use crate::error::PageResult;
use crate::flash::{Done, Flash};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use domain::code::Code;
use domain::error::Error;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use server::auth::{self, Caller, Principal};
use server::{App, Request, Visit};
use std::sync::{Arc, Mutex, PoisonError};
use tower_sessions::Session;

/// What a server function leaves for [`crate::forms`], which brings it to the next page.
#[derive(Clone, Default)]
pub struct Outcome(Arc<Mutex<Left>>);

#[derive(Default)]
pub(crate) struct Left {
    pub(crate) notice: Option<String>,
    pub(crate) refusal: Option<Error>,
    /// The browser goes to another page, with or without scripts.
    pub(crate) leaves: bool,
}

impl Outcome {
    pub(crate) fn take(&self) -> Left {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, note: impl FnOnce(&mut Left)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

pub fn app() -> App {
    expect_context()
}

/// The request behind the page or server function that is running.
fn parts() -> Option<Parts> {
    use_context()
}

/// # Errors
/// `internal_error` when the layers that know are missing.
pub fn visit() -> PageResult<Visit> {
    let parts = parts().ok_or(Error::Internal)?;
    let request = parts.extensions.get::<Request>().cloned().ok_or(Error::Internal)?;
    let session = parts.extensions.get::<Session>().cloned().ok_or(Error::Internal)?;
    Ok(Visit::new(request, session))
}

/// Whoever is signed in; pages take cookies only.
///
/// # Errors
/// `unauthenticated`, with the way to the sign-in page.
pub async fn person() -> PageResult<(App, Principal)> {
    let (app, visit) = (app(), visit()?);
    Ok((app.clone(), auth::session_principal(&app, &visit).await?))
}

/// The same, where nobody is an answer too.
///
/// # Errors
/// When the database does not answer.
pub async fn anyone() -> PageResult<(App, Option<Principal>)> {
    let (app, visit) = (app(), visit()?);
    match auth::session_principal(&app, &visit).await {
        Ok(principal) => Ok((app, Some(principal))),
        Err(error) if error.code() == Code::Unauthenticated => Ok((app, None)),
        Err(error) => Err(error.into()),
    }
}

/// Whoever is signed in, in an organization.
///
/// # Errors
/// `unauthenticated`, `organization_not_found`, and the way to the present slug for a former one.
pub async fn request(org: &str) -> PageResult<(App, Caller)> {
    let (app, principal) = person().await?;
    let caller = auth::caller(&app, principal, org).await?;
    Ok((app, caller))
}

/// Something was done, and the page stays.
///
/// # Errors
/// Never.
pub fn done(notice: impl Into<String>) -> PageResult<Done> {
    let notice = Some(notice.into());
    outcome(|left| left.notice.clone_from(&notice));
    Ok(Done { notice })
}

/// Something was done, and the browser goes to another page, which says so.
///
/// # Errors
/// Never.
pub fn go(path: &str, notice: Option<String>) -> PageResult<Done> {
    outcome(|left| {
        left.notice.clone_from(&notice);
        left.leaves = true;
    });
    leptos_axum::redirect(path);
    Ok(Done { notice })
}

fn outcome(note: impl FnOnce(&mut Left)) {
    if let Some(outcome) = parts().and_then(|parts| parts.extensions.get::<Outcome>().cloned()) {
        outcome.note(note);
    }
}

/// What the page before has left; [`crate::forms`] has fetched it.
pub(crate) fn flash() -> Flash {
    parts().and_then(|parts| parts.extensions.get::<Flash>().cloned()).unwrap_or_default()
}

/// Gives a refusal its status, or the way to where one can go on. A plain form is redirected back to its page, which
/// shows the refusal, so its status stays.
pub(crate) fn refuse(error: &Error) {
    outcome(|left| left.refusal = Some(error.clone()));
    let (Some(parts), Some(options)) = (parts(), use_context::<ResponseOptions>()) else { return };
    let is_page = matches!(parts.method, Method::GET | Method::HEAD);
    match error {
        Error::Moved(slug) if is_page => redirect(&options, StatusCode::MOVED_PERMANENTLY, &moved(&parts, slug)),
        error if is_page && error.code() == Code::Unauthenticated => {
            redirect(&options, StatusCode::FOUND, &with_next("/sign-in", &here(&parts, true)));
        }
        error => {
            match error.code() {
                Code::Unauthenticated => leptos_axum::redirect(&with_next("/sign-in", &here(&parts, false))),
                Code::ReauthenticationRequired if !is_page => {
                    leptos_axum::redirect(&with_next("/confirm-password", &here(&parts, false)));
                }
                _ => {}
            }
            // A script is told the status also where it is told the way.
            if is_page || !is_plain_form(&parts) {
                let status = StatusCode::from_u16(error.code().status());
                options.set_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            }
        }
    }
}

pub(crate) fn is_plain_form(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/html"))
}

fn redirect(options: &ResponseOptions, status: StatusCode, path: &str) {
    if let Ok(location) = HeaderValue::from_str(path) {
        options.insert_header(header::LOCATION, location);
        options.set_status(status);
    }
}

/// The path of the page that is asked for, or of the one whose form was sent.
fn here(parts: &Parts, is_page: bool) -> String {
    if is_page {
        return parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let referer = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let origin = app().config.origin();
    referer.strip_prefix(&origin).filter(|path| path.starts_with('/')).unwrap_or("/").to_owned()
}

fn with_next(page: &str, next: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{page}?{query}")
}

/// The same page under the organization's present slug.
fn moved(parts: &Parts, slug: &str) -> String {
    let rest: Vec<&str> = parts.uri.path().split('/').skip(3).collect();
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let tail = if rest.is_empty() { String::new() } else { format!("/{}", rest.join("/")) };
    format!("/organizations/{slug}{tail}{query}")
}

/// A path to go on to, if it is one of this site.
pub fn next_or<'a>(next: Option<&'a str>, otherwise: &'a str) -> String {
    next.and_then(domain::text::local_path).unwrap_or_else(|| otherwise.to_owned())
}

/// Gives the page that is rendered another status.
pub(crate) fn set_status(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
}
