//! Pictures of organizations and people.

use super::conditional;
use super::endpoints::{Endpoints, Operation, anyone, needs, session, signed_in};
use super::extract::{Anyone, NoQuery, Path, Query};
use super::problem::ApiResult;
use super::representation::RowVersion;
use super::upload;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::pictures::Picture;
use crate::service::avatars::{self, Image, Shown, Upload};
use crate::submitted::Submitted;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::avatar::{Avatar, AvatarQuery, Size};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::initials::{initials, palette_step};
use domain::policy::Permission;

/// What a content hash names never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Nor does it change with what it was once the picture of.
const OF_NOTHING: i64 = 0;
const PUBLIC: &str = "public, max-age=300";
/// What only some may see is not for caches that many share.
const PRIVATE: &str = "private, max-age=300";

/// What is made a picture of.
const TAKEN: &[&str] = &["image/png", "image/jpeg", "image/webp", "image/gif"];
/// What a picture is sent as.
const PICTURES: &[&str] = &["image/png", "image/jpeg"];
/// What initials are sent as.
const INITIALS: &str = "image/svg+xml";
/// Why a file is not taken.
const UNUSABLE: &[Code] = &[
    Code::InvalidMultipart,
    Code::FileRequired,
    Code::FileEmpty,
    Code::UnknownPart,
    Code::ImageTypeUnsupported,
    Code::ImageInvalid,
    Code::ImageTooLarge,
    Code::ImageTooSmall,
];

/// Why somebody's picture is not shown.
const UNSEEN: &[Code] = &[Code::UserNotFound, Code::InsufficientScope, Code::SessionRequired];

/// Of organizations.
pub(super) fn endpoints() -> Endpoints {
    let uploads = needs(Permission::OrgUpdate, "upload_avatar", "Give an organization a picture")
        .takes_file(upload::NAME, TAKEN)
        .answers::<Avatar>()
        .refuses(UNUSABLE);
    Endpoints::of("Organizations")
        .get("/{org}/avatar", organization, shows(anyone("get_avatar", "The picture of an organization")))
        .post("/{org}/avatar", upload, uploads.clone())
        .put("/{org}/avatar", upload, uploads.clone().called("replace_avatar"))
        .post("/{org}/upload-avatar", upload, uploads.called("upload_avatar_by_older_name"))
        .delete(
            "/{org}/avatar",
            remove,
            needs(Permission::OrgUpdate, "remove_avatar", "Take the picture of an organization away").says_nothing(),
        )
        .get(
            "/{org}/avatar/{digest}",
            organization_exactly,
            shows_exactly(anyone("get_avatar_by_digest", "Exactly this picture of an organization"))
                .refuses(&[Code::NotFound]),
        )
}

/// Of people.
pub(super) fn of_people() -> Endpoints {
    Endpoints::of("Account")
        .get("/users/@me/avatar", own, shows(signed_in("get_my_avatar", "One's own picture")).refuses(UNSEEN))
        .post(
            "/users/@me/avatar",
            upload_own,
            session("upload_my_avatar", "Give oneself a picture")
                .takes_file(upload::NAME, TAKEN)
                .answers::<Avatar>()
                .refuses(UNUSABLE),
        )
        .delete(
            "/users/@me/avatar",
            remove_own,
            session("remove_my_avatar", "Take one's own picture away").says_nothing(),
        )
        .get(
            "/users/{user}/avatar",
            person,
            shows(signed_in("get_user_avatar", "The picture of a person")).refuses(UNSEEN),
        )
        .get(
            "/users/{user}/avatar/{digest}",
            person_exactly,
            shows_exactly(anyone("get_user_avatar_by_digest", "Exactly this picture of a person"))
                .refuses(&[Code::NotFound]),
        )
}

fn shows(operation: Operation) -> Operation {
    shows_exactly(operation).sends(&[INITIALS])
}

fn shows_exactly(operation: Operation) -> Operation {
    operation.asks::<Size>("size", "The side in pixels; the largest unless given.").sends(PICTURES)
}

pub(super) async fn organization(
    State(app): State<App>,
    Anyone(principal): Anyone,
    path: Path,
    Query(query): Query<AvatarQuery>,
) -> ApiResult<Response> {
    Ok(answer(avatars::show(&app, principal, path.get("org"), &query).await?)?)
}

pub(super) async fn organization_exactly(
    State(app): State<App>,
    _: Anyone,
    path: Path,
    Query(query): Query<AvatarQuery>,
) -> ApiResult<Response> {
    let picture = avatars::show_exactly(&app, path.get("org"), path.get("digest"), &query).await?;
    Ok(file(&picture, OF_NOTHING, FOR_EVER)?)
}

pub(super) async fn upload(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    upload: Submitted<Upload>,
) -> ApiResult<(Extension<RowVersion>, Json<Avatar>)> {
    Ok(changed(avatars::upload(&app, &caller, upload).await?))
}

pub(super) async fn remove(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<StatusCode> {
    avatars::remove(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn person(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    Query(query): Query<AvatarQuery>,
) -> ApiResult<Response> {
    Ok(answer(avatars::show_person(&app, &principal, path.get("user"), &query).await?)?)
}

pub(super) async fn own(
    State(app): State<App>,
    principal: Principal,
    Query(query): Query<AvatarQuery>,
) -> ApiResult<Response> {
    Ok(answer(avatars::show_person(&app, &principal, "@me", &query).await?)?)
}

pub(super) async fn person_exactly(
    State(app): State<App>,
    _: Anyone,
    path: Path,
    Query(query): Query<AvatarQuery>,
) -> ApiResult<Response> {
    let picture = avatars::show_person_exactly(&app, path.get("user"), path.get("digest"), &query).await?;
    Ok(file(&picture, OF_NOTHING, FOR_EVER)?)
}

pub(super) async fn upload_own(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
    upload: Submitted<Upload>,
) -> ApiResult<(Extension<RowVersion>, Json<Avatar>)> {
    Ok(changed(avatars::upload_own(&app, &principal, upload).await?))
}

pub(super) async fn remove_own(State(app): State<App>, principal: Principal, _: NoQuery) -> ApiResult<StatusCode> {
    avatars::remove_own(&app, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn changed(avatar: Avatar) -> (Extension<RowVersion>, Json<Avatar>) {
    (Extension(RowVersion(avatar.version)), Json(avatar))
}

fn answer(shown: Shown) -> Result<Response> {
    let caching = if shown.public { PUBLIC } else { PRIVATE };
    match shown.image {
        Image::Picture(picture) => file(&picture, shown.version, caching),
        Image::Initials(name) => response(svg(&name).into(), shown.version, INITIALS, "svg", caching),
    }
}

fn file(picture: &Picture, version: i64, caching: &'static str) -> Result<Response> {
    response(picture.bytes(), version, picture.content_type(), picture.extension(), caching)
}

/// Whatever it is, a browser shows it as a picture or not at all.
fn response(
    bytes: Bytes,
    version: i64,
    kind: &'static str,
    extension: &str,
    caching: &'static str,
) -> Result<Response> {
    let name = HeaderValue::try_from(format!("inline; filename=\"avatar.{extension}\""));
    let headers = [
        (header::ETAG, conditional::tag(version, &bytes).map_err(|_| Error::Internal)?),
        (header::CONTENT_DISPOSITION, name.map_err(|_| Error::Internal)?),
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// Initials on one of twelve hues, chosen by the name so that it stays the same.
fn svg(name: &str) -> String {
    let hue = (palette_step(name) - 1) * 30;
    let text: String = initials(name).chars().map(escape).collect();
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="hsl({hue} 55% 32%)"/><text x="32" y="41" font-family="system-ui, sans-serif" font-size="26" font-weight="600" fill="white" text-anchor="middle">{text}</text></svg>"#
    )
}

fn escape(letter: char) -> String {
    match letter {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        other => other.to_string(),
    }
}
