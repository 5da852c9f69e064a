//! Accounts: signing up, in and out, passwords, oneself.

use super::endpoints::{Endpoints, needs, public, session};
use super::extract::{NoQuery, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Principal;
use crate::service::{accounts, addresses, departure, passwords, profile, sign_ins};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::account::{AccountPatch, EmailChange, Session, SessionsQuery};
use domain::code::Code;
use domain::page::Page;
use domain::policy::Permission;
use domain::user::{
    Credentials, EmailProof, ForgottenPassword, Me, NewPassword, Reauthentication, SignUp, SignedIn, User,
};

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Account")
        .post(
            "/auth/sign-up",
            sign_up,
            public("sign_up", "Ask for an account").takes::<SignUp>().will_be_done().refuses(&[
                Code::SignUpClosed,
                Code::EmailDomainNotAllowed,
                Code::UsernameTaken,
            ]),
        )
        .post(
            "/auth/verify-email",
            verify_email,
            public("verify_email", "Confirm an address")
                .takes::<EmailProof>()
                .says_nothing()
                .refuses(&[Code::VerificationExpired]),
        )
        .post(
            "/auth/login",
            login,
            public("login", "Sign in")
                .takes::<Credentials>()
                .answers::<SignedIn>()
                .refuses(&[Code::InvalidCredentials, Code::AccountDisabled]),
        )
        .post("/auth/logout", logout, session("logout", "Sign out").keeps_nothing().says_nothing())
        .post(
            "/auth/reauthenticate",
            reauthenticate,
            session("reauthenticate", "Show that one knows the password")
                .takes::<Reauthentication>()
                .keeps_nothing()
                .says_nothing()
                .refuses(&[Code::WrongPassword]),
        )
        .post(
            "/auth/password/forgot",
            forgot_password,
            public("forgot_password", "Ask for a new password").takes::<ForgottenPassword>().will_be_done(),
        )
        .post(
            "/auth/password/reset",
            reset_password,
            public("reset_password", "Choose a new password")
                .takes::<NewPassword>()
                .says_nothing()
                .refuses(&[Code::ResetTokenExpired, Code::PasswordConfirmationMismatch]),
        )
        .get("/users/@me", me, needs(Permission::UserRead, "get_me", "Oneself").answers::<Me>())
        .patch(
            "/users/@me",
            update,
            session("update_me", "Change one's account")
                .patches_with::<AccountPatch>()
                .answers::<User>()
                .refuses(&[Code::UsernameTaken, Code::WrongPassword]),
        )
        .delete(
            "/users/@me",
            delete_account,
            session("delete_me", "Delete one's account").will_be_done().refuses(&[
                Code::ReauthenticationRequired,
                Code::OwnsOrganizations,
                Code::LastPlatformAdmin,
            ]),
        )
        .post(
            "/users/@me/email",
            change_email,
            session("change_email", "Ask for another address")
                .takes::<EmailChange>()
                .will_be_done()
                .refuses(&[Code::WrongPassword]),
        )
        .post(
            "/users/@me/verification",
            request_verification,
            session("request_verification", "Ask for another mail to confirm the address")
                .will_be_done()
                .refuses(&[Code::AlreadyVerified]),
        )
        .get(
            "/users/@me/sessions",
            list_sessions,
            session("list_sessions", "Where one is signed in").lists::<SessionsQuery, Session>(),
        )
        .delete(
            "/users/@me/sessions",
            end_other_sessions,
            session("end_other_sessions", "Sign out everywhere else").says_nothing(),
        )
        .delete(
            "/users/@me/sessions/{session}",
            end_session,
            session("end_session", "Sign out on one device").says_nothing().refuses(&[Code::NotFound]),
        )
}

pub(super) async fn sign_up(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    new: Submitted<SignUp>,
) -> ApiResult<StatusCode> {
    accounts::sign_up(&app, &request, new).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn verify_email(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    proof: Submitted<EmailProof>,
) -> ApiResult<StatusCode> {
    addresses::verify_email(&app, &request, proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn login(
    State(app): State<App>,
    visit: Visit,
    _: NoQuery,
    credentials: Submitted<Credentials>,
) -> ApiResult<impl IntoResponse> {
    let user = accounts::sign_in(&app, &visit, credentials).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(SignedIn { user })))
}

pub(super) async fn logout(
    State(app): State<App>,
    visit: Visit,
    principal: Principal,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    accounts::sign_out_as(&app, &visit, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reauthenticate(
    State(app): State<App>,
    principal: Principal,
    visit: Visit,
    _: NoQuery,
    given: Submitted<Reauthentication>,
) -> ApiResult<StatusCode> {
    accounts::reauthenticate(&app, &principal, &visit, given).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn forgot_password(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    forgotten: Submitted<ForgottenPassword>,
) -> ApiResult<StatusCode> {
    passwords::forgot(&app, &request, forgotten).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn reset_password(
    State(app): State<App>,
    request: Request,
    _: NoQuery,
    new: Submitted<NewPassword>,
) -> ApiResult<StatusCode> {
    passwords::reset(&app, &request, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(State(app): State<App>, principal: Principal, _: NoQuery) -> ApiResult<Json<Me>> {
    Ok(Json(accounts::me(&app, &principal).await?))
}

pub(super) async fn request_verification(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    addresses::request_verification(&app, &principal).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn update(
    State(app): State<App>,
    principal: Principal,
    visit: Visit,
    _: NoQuery,
    patch: Submitted<AccountPatch>,
) -> ApiResult<Json<User>> {
    Ok(Json(profile::update(&app, &principal, &visit, patch).await?))
}

pub(super) async fn delete_account(
    State(app): State<App>,
    principal: Principal,
    visit: Visit,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    departure::delete_account(&app, &principal, &visit).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn change_email(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
    change: Submitted<EmailChange>,
) -> ApiResult<StatusCode> {
    addresses::change(&app, &principal, change).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(super) async fn list_sessions(
    State(app): State<App>,
    principal: Principal,
    Query(query): Query<SessionsQuery>,
) -> ApiResult<Json<Page<Session>>> {
    Ok(Json(sign_ins::list(&app, &principal, &query).await?))
}

pub(super) async fn end_session(
    State(app): State<App>,
    principal: Principal,
    path: Path,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    sign_ins::end(&app, &principal, path.get("session")).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn end_other_sessions(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
) -> ApiResult<StatusCode> {
    sign_ins::end_others(&app, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}
