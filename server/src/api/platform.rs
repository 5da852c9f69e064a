//! Running the platform.

use super::csv;
use super::endpoints::{Endpoints, platform};
use super::extract::{Flag, NoQuery, Optional, Path, Platform, PlatformPrincipal, Query};
use super::orgs::{Ending, deletes, end, transfers, updates};
use super::problem::ApiResult;
use crate::App;
use crate::service::platform::{admission, mail, organizations, people, stats};
use crate::service::{orgs, ownership};
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::member::{Member, Transfer, Transferred};
use domain::org::{Confirmation, Organization, OrganizationPatch};
use domain::page::{self, Format, Page};
use domain::platform::{
    Account, AccountPatch, AccountsQuery, Admission, EveryOrganizationQuery, OutboxQuery, OutgoingMail, Stats,
    StatusChange, Verification,
};
use domain::policy::Permission::{AdminRead, AdminWrite};
use serde::Deserialize;

/// Whoever is no platform administrator finds nothing here: every handler takes one of [`Platform`] and
/// [`PlatformPrincipal`], before anything else.
pub(super) fn endpoints() -> Endpoints {
    let one = "/organizations/{org}";
    Endpoints::of("Platform")
        .get(
            "/organizations",
            list_organizations,
            platform(AdminRead, "list_every_organization", "All organizations")
                .lists::<EveryOrganizationQuery, Organization>()
                .sends(&["text/csv"]),
        )
        .get(
            one,
            show_organization,
            platform(AdminRead, "get_any_organization", "One organization").answers::<Organization>(),
        )
        .patch(
            one,
            update_organization,
            updates(platform(AdminWrite, "update_any_organization", "Change an organization")),
        )
        .delete(
            one,
            delete_organization,
            deletes(platform(AdminWrite, "delete_any_organization", "Delete an organization")),
        )
        .post(
            "/organizations/{org}/status",
            set_status,
            platform(AdminWrite, "set_status", "Set the status of an organization")
                .takes::<StatusChange>()
                .answers::<Organization>()
                .refuses(&[Code::InvalidStatusTransition]),
        )
        .post(
            "/organizations/{org}/verify",
            verify,
            platform(AdminWrite, "verify_organization", "Say whether an organization is who it says")
                .takes::<Verification>()
                .answers::<Organization>(),
        )
        .post(
            "/organizations/{org}/transfer-ownership",
            transfer,
            transfers(platform(AdminWrite, "transfer_any_ownership", "Make another member the owner")),
        )
        .post(
            "/organizations/{org}/members",
            admit,
            platform(AdminWrite, "admit_member", "Make somebody a member without asking")
                .takes::<Admission>()
                .makes::<Member>()
                .answers::<Member>()
                .refuses(&[Code::UserNotFound, Code::AccountDisabled, Code::MemberLimitReached])
                .refuses(&[Code::OrganizationNotAccepting, Code::OwnerProtected, Code::RoleUnknown]),
        )
        .get(
            "/users",
            list_people,
            platform(AdminRead, "list_accounts", "All accounts").lists::<AccountsQuery, Account>(),
        )
        .patch(
            "/users/{user}",
            update_person,
            platform(AdminWrite, "update_account", "Lock an account, or make its holder an administrator")
                .asks::<bool>("force", "Although the person owns organizations.")
                .patches_with::<AccountPatch>()
                .answers::<Account>()
                .refuses(&[Code::UserNotFound, Code::LastPlatformAdmin, Code::OwnsOrganizations]),
        )
        .get(
            "/outbox",
            list_mail,
            platform(AdminRead, "list_mail", "Mail on its way").lists::<OutboxQuery, OutgoingMail>(),
        )
        .post(
            "/outbox/{mail}/retry",
            retry_mail,
            platform(AdminWrite, "retry_mail", "Send a mail now").begins::<OutgoingMail>(),
        )
        .get(
            "/stats",
            show_stats,
            platform(AdminRead, "get_platform_stats", "The platform in figures").answers::<Stats>(),
        )
}

pub(super) async fn list_organizations(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    Query(query): Query<EveryOrganizationQuery>,
) -> ApiResult<Response> {
    match page::format(query.format.as_deref())? {
        Format::Json => Ok(Json(organizations::list(&app, &principal, &query).await?).into_response()),
        Format::Csv => {
            let page = organizations::export(&app, &principal, &query).await?;
            csv::list("organizations", COLUMNS, page, cells)
        }
    }
}

const COLUMNS: &[&str] = &[
    "id",
    "slug",
    "name",
    "type",
    "status",
    "status_reason",
    "verified",
    "visibility",
    "industry",
    "country_code",
    "owner",
    "member_count",
    "pending_member_count",
    "member_limit",
    "created_at",
    "purge_at",
];

fn cells(org: Organization) -> Vec<String> {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        org.id.to_string(),
        org.slug,
        org.name,
        org.kind.key().to_owned(),
        org.status.key().to_owned(),
        org.status_reason.unwrap_or_default(),
        org.verified.to_string(),
        org.visibility.key().to_owned(),
        org.industry.unwrap_or_default(),
        org.country_code.unwrap_or_default(),
        org.owner.to_string(),
        org.member_count.to_string(),
        org.pending_member_count.to_string(),
        number(org.member_limit),
        org.created_at.to_string(),
        org.purge_at.map(|time| time.to_string()).unwrap_or_default(),
    ]
}

pub(super) async fn show_organization(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
) -> ApiResult<Json<Organization>> {
    Ok(Json(orgs::get(&app, &caller).await?))
}

pub(super) async fn update_organization(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    patch: Submitted<OrganizationPatch>,
) -> ApiResult<Json<Organization>> {
    Ok(Json(orgs::update(&app, &caller, patch).await?))
}

pub(super) async fn delete_organization(
    State(app): State<App>,
    Platform(caller): Platform,
    Query(ending): Query<Ending>,
    Optional(body): Optional<Confirmation>,
) -> ApiResult<Response> {
    end(&app, &caller, ending, body).await
}

pub(super) async fn set_status(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    change: Submitted<StatusChange>,
) -> ApiResult<Json<Organization>> {
    Ok(Json(organizations::set_status(&app, &caller, change).await?))
}

pub(super) async fn verify(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    verification: Submitted<Verification>,
) -> ApiResult<Json<Organization>> {
    Ok(Json(organizations::verify(&app, &caller, verification).await?))
}

pub(super) async fn transfer(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    transfer: Submitted<Transfer>,
) -> ApiResult<Json<Transferred>> {
    Ok(Json(ownership::transfer(&app, &caller, transfer).await?))
}

pub(super) async fn admit(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    admission: Submitted<Admission>,
) -> ApiResult<Response> {
    let (member, is_new) = admission::admit(&app, &caller, admission).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(member)).into_response())
}

pub(super) async fn list_people(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    Query(query): Query<AccountsQuery>,
) -> ApiResult<Json<Page<Account>>> {
    Ok(Json(people::list(&app, &principal, &query).await?))
}

#[derive(Deserialize)]
pub(super) struct Force {
    #[serde(default)]
    force: Flag,
}

pub(super) async fn update_person(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    path: Path,
    Query(Force { force }): Query<Force>,
    patch: Submitted<AccountPatch>,
) -> ApiResult<Json<Account>> {
    Ok(Json(people::update(&app, &principal, path.get("user"), force.is_set(), patch).await?))
}

pub(super) async fn list_mail(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    Query(query): Query<OutboxQuery>,
) -> ApiResult<Json<Page<OutgoingMail>>> {
    Ok(Json(mail::list(&app, &principal, &query).await?))
}

pub(super) async fn retry_mail(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    path: Path,
    _: NoQuery,
) -> ApiResult<(StatusCode, Json<OutgoingMail>)> {
    Ok((StatusCode::ACCEPTED, Json(mail::retry(&app, &principal, path.get("mail")).await?)))
}

pub(super) async fn show_stats(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    _: NoQuery,
) -> ApiResult<Json<Stats>> {
    Ok(Json(stats::of_platform(&app, &principal).await?))
}
