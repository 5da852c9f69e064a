//! Invitations, from both sides.

use super::endpoints::{Endpoints, Operation, Problem, anyone, needs, public, session};
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
use domain::code::Code;
use domain::invitation::{
    Acceptance, Accepted, BulkInvitations, Invitation, InvitationPatch, InvitationReport, InvitationsQuery,
    NewInvitation, OwnInvitationsQuery, ReceivedInvitation, Resend,
};
use domain::page::Page;
use domain::policy::Permission;
use serde::Deserialize;

mod bulk;

pub(super) use bulk::invite_many;

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Why a person who is invited cannot be taken in.
const UNACCEPTABLE: &[Code] = &[
    Code::InvitationNotFound,
    Code::InvitationExpired,
    Code::InvitationRevoked,
    Code::InvitationDeclined,
    Code::InvitationAccepted,
    Code::OrganizationNotAccepting,
    Code::MemberLimitReached,
    Code::AccountDisabled,
    Code::EmailNotVerified,
    Code::InvitationEmailMismatch,
];

/// What concerns the recipient.
pub(super) fn received() -> Endpoints {
    Endpoints::of("Invitations received")
        .get(
            "/invitations/{token}",
            view,
            anyone("view_invitation", "What one is invited to").answers::<ReceivedInvitation>().refuses(UNACCEPTABLE),
        )
        .post("/invitations/{token}/accept", accept, accepts("accept_invitation"))
        .post(
            "/invitations/{token}/decline",
            decline,
            public("decline_invitation", "Decline an invitation").says_nothing().refuses(UNACCEPTABLE),
        )
        .get(
            "/users/@me/invitations",
            list_own,
            needs(Permission::UserRead, "list_my_invitations", "The invitations to one's own address")
                .lists::<OwnInvitationsQuery, Invitation>()
                .refuses(&[Code::EmailNotVerified]),
        )
        .post(
            "/users/@me/invitations/{invitation}/accept",
            accept_own,
            session("accept_my_invitation", "Accept an invitation to one's own address")
                .keeps_nothing()
                .answers::<Accepted>()
                .refuses(UNACCEPTABLE),
        )
        .post(
            "/users/@me/invitations/{invitation}/decline",
            decline_own,
            session("decline_my_invitation", "Decline an invitation to one's own address")
                .says_nothing()
                .refuses(UNACCEPTABLE),
        )
}

/// What concerns the organization.
pub(super) fn endpoints() -> Endpoints {
    let revokes = needs(Permission::InviteWrite, "revoke_invitation", "Withdraw an invitation")
        .says_nothing()
        .refuses(&[Code::InvitationNotFound, Code::InvitationNotPending, Code::PermissionEscalation]);
    Endpoints::of("Invitations")
        .post("/invite/{token}/accept", accept, accepts("accept_invitation_by_older_name"))
        .get(
            "/{org}/invitations",
            list,
            needs(Permission::InviteRead, "list_invitations", "The invitations of an organization")
                .lists::<InvitationsQuery, Invitation>(),
        )
        .post("/{org}/invitations", create, invites("create_invitation").makes::<Invitation>())
        .post("/{org}/invite", invite, invites("invite"))
        .post(
            "/{org}/invitations/bulk",
            invite_many,
            needs(Permission::InviteWrite, "invite_many", "Invite many people at once")
                .asks::<bool>("dry_run", "Only tells what would become of each row.")
                .asks::<bool>("atomic", "All rows or none.")
                .asks::<Conflict>("on_conflict", "What to do with addresses that have an open invitation.")
                .takes::<BulkInvitations>()
                .or_takes("text/csv", NewInvitation::COLUMNS)
                .also_by_others()
                .answers::<InvitationReport<Problem>>()
                .refuses(&[Code::MalformedCsv, Code::BulkRejected, Code::ManagedExternally]),
        )
        .get(
            "/{org}/invitations/{invitation}",
            show,
            needs(Permission::InviteRead, "get_invitation", "One invitation")
                .answers::<Invitation>()
                .refuses(&[Code::InvitationNotFound]),
        )
        .patch(
            "/{org}/invitations/{invitation}",
            update,
            needs(Permission::InviteWrite, "update_invitation", "Change what an open invitation gives")
                .patches_with::<InvitationPatch>()
                .answers::<Invitation>()
                .refuses(&[Code::InvitationNotFound, Code::InvitationNotPending, Code::PermissionEscalation])
                .refuses(&[Code::OwnerRoleNotInvitable, Code::ExpiryOutOfRange]),
        )
        .delete("/{org}/invitations/{invitation}", revoke, revokes.clone())
        .post("/{org}/invitations/{invitation}/cancel", revoke, revokes.called("cancel_invitation"))
        .post(
            "/{org}/invitations/{invitation}/resend",
            resend,
            needs(Permission::InviteWrite, "resend_invitation", "Send an invitation again")
                .may_take::<Resend>()
                .answers::<Invitation>()
                .refuses(&[Code::InvitationNotFound, Code::InvitationNotPending, Code::AlreadyInvited])
                .refuses(&[Code::PermissionEscalation, Code::MemberLimitReached]),
        )
}

fn accepts(id: &'static str) -> Operation {
    anyone(id, "Accept an invitation")
        .may_take::<Acceptance>()
        .keeps_nothing()
        .answers::<Accepted>()
        .refuses(UNACCEPTABLE)
        .refuses(&[Code::SignInRequired, Code::PasswordRequired, Code::PasswordConfirmationMismatch])
        .refuses(&[Code::UsernameTaken])
}

fn invites(id: &'static str) -> Operation {
    needs(Permission::InviteWrite, id, "Invite somebody")
        .also_by_others()
        .asks::<Conflict>("on_conflict", "What to do when the address has an open invitation.")
        .takes::<NewInvitation>()
        .answers::<Invitation>()
        .refuses(&[Code::AlreadyMember, Code::AlreadyInvited, Code::PermissionEscalation])
        .refuses(&[Code::InvitationLimitReached, Code::MemberLimitReached, Code::ManagedExternally])
        .refuses(&[Code::EmailDomainNotAllowed, Code::OwnerRoleNotInvitable, Code::RoleUnknown])
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<InvitationsQuery>,
) -> ApiResult<Json<Page<Invitation>>> {
    Ok(Json(invitations::list(&app, &caller, &query).await?))
}

#[derive(Default, Deserialize, utoipa::ToSchema)]
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
