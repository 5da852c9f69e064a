//! Invitations, from both sides.

use super::extract::{Anyone, NoQuery, Optional, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::service::acceptance;
use crate::service::invitations::{self, OnConflict};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::invitation::{
    Acceptance, Accepted, Invitation, InvitationPatch, InvitationsQuery, NewInvitation, OwnInvitationsQuery, Resend,
};
use domain::page::Page;
use serde::Deserialize;

mod bulk;

pub(super) use bulk::invite_many;

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<InvitationsQuery>,
) -> ApiResult<Json<Page<Invitation>>> {
    Ok(Json(invitations::list(&app, &caller, &query).await?))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Conflict {
    #[default]
    Refuse,
    Resend,
}

impl From<Conflict> for OnConflict {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Refuse => Self::Refuse,
            Conflict::Resend => Self::Resend,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Creation {
    #[serde(default)]
    on_conflict: Conflict,
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Query(creation): Query<Creation>,
    new: Submitted<NewInvitation>,
) -> ApiResult<Response> {
    let (invitation, is_new) = invitations::create(&app, &caller, new, creation.on_conflict.into()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let path = format!("/api/v1/organizations/{}/invitations/{}", caller.slug, invitation.id);
    Ok((status, [(header::LOCATION, app.config.link(&path))], Json(invitation)).into_response())
}

/// The older name, which answers 200.
pub(super) async fn invite(
    State(app): State<App>,
    caller: Caller,
    Query(creation): Query<Creation>,
    new: Submitted<NewInvitation>,
) -> ApiResult<Json<Invitation>> {
    let (invitation, _) = invitations::create(&app, &caller, new, creation.on_conflict.into()).await?;
    Ok(Json(invitation))
}

pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Invitation>> {
    Ok(Json(invitations::get(&app, &caller, path.get("invitation")).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<InvitationPatch>,
) -> ApiResult<Json<Invitation>> {
    Ok(Json(invitations::update(&app, &caller, path.get("invitation"), patch).await?))
}

pub(super) async fn resend(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    Optional(resend): Optional<Resend>,
) -> ApiResult<Json<Invitation>> {
    Ok(Json(invitations::resend(&app, &caller, path.get("invitation"), resend).await?))
}

pub(super) async fn revoke(State(app): State<App>, caller: Caller, path: Path, _: NoQuery) -> ApiResult<StatusCode> {
    invitations::revoke(&app, &caller, path.get("invitation")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn view(
    State(app): State<App>,
    request: Request,
    Anyone(principal): Anyone,
    path: Path,
    _: NoQuery,
) -> ApiResult<impl IntoResponse> {
    let received = acceptance::view(&app, &request, principal.as_ref(), path.get("token")).await?;
    Ok((NO_STORE, Json(received)))
}

pub(super) async fn accept(
    State(app): State<App>,
    visit: Visit,
    Anyone(principal): Anyone,
    path: Path,
    _: NoQuery,
    Optional(acceptance): Optional<Acceptance>,
) -> ApiResult<impl IntoResponse> {
    let accepted = acceptance::accept(&app, &visit, principal.as_ref(), path.get("token"), acceptance).await?;
    Ok((NO_STORE, Json(accepted)))
}

pub(super) async fn decline(State(app): State<App>, request: Request, path: Path, _: NoQuery) -> ApiResult<StatusCode> {
    acceptance::decline(&app, &request, path.get("token")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn list_own(
    State(app): State<App>,
    principal: Principal,
    Query(query): Query<OwnInvitationsQuery>,
) -> ApiResult<Json<Page<Invitation>>> {
    Ok(Json(invitations::list_own(&app, &principal, &query).await?))
}

pub(super) async fn accept_own(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Accepted>> {
    Ok(Json(acceptance::accept_own(&app, &principal, path.get("invitation")).await?))
}

pub(super) async fn decline_own(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    acceptance::decline_own(&app, &principal, path.get("invitation")).await?;
    Ok(StatusCode::NO_CONTENT)
}
