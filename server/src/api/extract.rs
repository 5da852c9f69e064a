//! From an HTTP request to what an operation takes: who is calling, the query, the body.

use super::json::{self, Value};
use super::problem::{ApiError, problem};
use crate::App;
use crate::auth::{self, Caller, Principal};
use crate::http::largest_body;
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use axum::Extension;
use axum::body::Body;
use axum::extract::{FromRef, FromRequest, FromRequestParts, RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::code::Code;
use domain::error::{Error, Violation};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tower_sessions::Session;

impl<S: Send + Sync> FromRequestParts<S> for Request {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or(ApiError(Error::Internal))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let request = Request::from_request_parts(parts, state).await?;
        let session = parts.extensions.get::<Session>().cloned().ok_or(ApiError(Error::Internal))?;
        Ok(Self::new(request, session))
    }
}

/// The caller, if there is one.
pub(super) struct Anyone(pub(super) Option<Principal>);

impl<S: Send + Sync> FromRequestParts<S> for Anyone {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Principal::from_request_parts(parts, state).await {
            Ok(principal) => Ok(Self(Some(principal))),
            Err(ApiError(error)) if error.code() == Code::Unauthenticated => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }
}

/// Who sends a request: an extension of it, so that it is found out once for all that ask.
#[derive(Clone)]
pub(super) struct Identity(pub(super) Result<Principal, Error>);

/// Finds out who sends the request. Whether somebody has to be known is for the route to say.
pub(super) async fn identify(State(app): State<App>, request: axum::extract::Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let identity = Identity(principal(&app, &mut parts).await);
    parts.extensions.insert(identity);
    next.run(axum::extract::Request::from_parts(parts, body)).await
}

/// A credential that is there but bad is an error wherever it comes, also where nobody has to be known.
pub(super) async fn believe(
    Extension(known): Extension<Request>,
    Extension(identity): Extension<Identity>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    match identity.0 {
        Err(error) if request.headers().contains_key(header::AUTHORIZATION) => problem(&error, &known.id),
        _ => next.run(request).await,
    }
}

async fn principal(app: &App, parts: &mut Parts) -> Result<Principal, Error> {
    let visit = Visit::from_request_parts(parts, app).await.map_err(|ApiError(error)| error)?;
    match bearer(&parts.headers)? {
        Some(token) => auth::token_principal(app, token, &visit.request).await,
        None => auth::session_principal(app, &visit).await,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Identity(found) = parts.extensions.get().cloned().ok_or(ApiError(Error::Internal))?;
        found.map_err(ApiError)
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750). Any other form of the header is a bad credential.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Error> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    });
    token.map(Some).ok_or_else(|| Code::InvalidToken.into())
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let principal = Principal::from_request_parts(parts, state).await?;
        let path = Path::from_request_parts(parts, state).await?;
        Ok(auth::caller(&App::from_ref(state), principal, path.get("org")).await?)
    }
}

/// A platform administrator. For everybody else, signed in or not, platform endpoints do not exist.
pub(super) struct PlatformPrincipal(pub(super) Principal);

impl<S: Send + Sync> FromRequestParts<S> for PlatformPrincipal
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Anyone(principal) = Anyone::from_request_parts(parts, state).await?;
        let principal = principal.ok_or(Code::NotFound)?;
        principal.require_administrator()?;
        Ok(Self(principal))
    }
}

/// The same in the organization of the path, whatever its status.
pub(super) struct Platform(pub(super) Caller);

impl<S: Send + Sync> FromRequestParts<S> for Platform
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let PlatformPrincipal(principal) = PlatformPrincipal::from_request_parts(parts, state).await?;
        let path = Path::from_request_parts(parts, state).await?;
        Ok(Self(auth::platform_caller(&App::from_ref(state), principal, path.get("org")).await?))
    }
}

/// Path parameters as text. One that is no UTF-8 names nothing.
pub(super) struct Path(Vec<(String, String)>);

impl Path {
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Path {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Code::NotFound)?;
        Ok(Self(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }
}

/// The query string, read as strictly as a body.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members: Vec<(String, Value)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let value = Value::Text(value.into_owned());
            match members.iter_mut().find(|(found, _)| *found == name) {
                Some((_, Value::Array(values))) => values.push(value),
                Some((_, first)) => *first = Value::Array(vec![first.clone(), value]),
                None => members.push((name.into_owned(), value)),
            }
        }
        json::from_value(&Value::Object(members)).map(Self).map_err(|violations| ApiError(bad_query(violations)))
    }
}

fn bad_query(violations: Vec<Violation>) -> Error {
    let mut errors = violations.into_iter().map(|violation| {
        let name = violation.field_name().unwrap_or_default().to_owned();
        match violation.code {
            Code::UnknownField => Error::parameter(&name, Code::UnknownParameter, "There is no such parameter here."),
            Code::MissingField => Error::parameter(&name, Code::InvalidParameter, "This parameter is required."),
            _ => Error::parameter(&name, Code::InvalidParameter, "Give this parameter once, as plain text."),
        }
    });
    errors.next().unwrap_or(Error::Internal)
}

/// A parameter that is `true` or `false`; `false` unless given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Flag {
    True,
    #[default]
    False,
}

impl Flag {
    pub(super) fn is_set(self) -> bool {
        self == Self::True
    }
}

/// For routes that take no parameters: every one is unknown.
pub(super) struct NoQuery;

impl<S: Send + Sync> FromRequestParts<S> for NoQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        #[derive(serde::Deserialize)]
        struct Nothing {}

        Query::<Nothing>::from_request_parts(parts, state).await.map(|_| Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Submitted<T> {
    type Rejection = ApiError;

    /// A body that is too large or of another type is refused at once, whoever sent it; what it says is looked into by
    /// the operation.
    async fn from_request(request: axum::extract::Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts, body).await?;
        require_json(&parts.headers)?;
        Ok(Self::read(json::read(&bytes)))
    }
}

/// A body all of whose fields are optional: it may be missing altogether.
pub(super) struct Optional<T>(pub(super) Submitted<T>);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for Optional<T> {
    type Rejection = ApiError;

    async fn from_request(request: axum::extract::Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts, body).await?;
        if bytes.is_empty() && !parts.headers.contains_key(header::CONTENT_TYPE) {
            return Ok(Self(Submitted::from(T::default())));
        }
        require_json(&parts.headers)?;
        Ok(Self(Submitted::read(json::read(&bytes))))
    }
}

pub(super) async fn read_body(parts: &Parts, body: Body) -> Result<Vec<u8>, Error> {
    let most = largest_body(parts.uri.path());
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return Err(Code::PayloadTooLarge.into());
    }
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Code::PayloadTooLarge.into()),
        Err(_) => Err(Code::BadRequest.into()),
    }
}

/// `application/json` or `application/merge-patch+json`.
fn require_json(headers: &HeaderMap) -> Result<(), Error> {
    match media_type(headers)?.as_str() {
        "application/json" | "application/merge-patch+json" => Ok(()),
        _ => Err(Code::UnsupportedMediaType.into()),
    }
}

/// What a body is said to be, in small letters; it has to be uncompressed and in UTF-8.
pub(super) fn media_type(headers: &HeaderMap) -> Result<String, Error> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (essence, parameter) = kind.split_once(';').unwrap_or((kind, "charset=utf-8"));
    let plain = parameter.trim().trim_matches('"').to_ascii_lowercase().replace('"', "") == "charset=utf-8"
        && !headers.contains_key(header::CONTENT_ENCODING);
    if plain { Ok(essence.trim().to_ascii_lowercase()) } else { Err(Code::UnsupportedMediaType.into()) }
}
