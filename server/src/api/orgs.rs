//! Organizations.

use super::endpoints::{Endpoints, Operation, anyone, needs, public, signed_in};
use super::extract::{Anyone, Flag, NoQuery, Optional, Path, Query};
use super::problem::ApiResult;
use super::representation::RowVersion;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::service::{orgs, ownership};
use crate::submitted::Submitted;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::code::Code;
use domain::industry::INDUSTRIES;
use domain::member::{Transfer, Transferred};
use domain::org::{
    Confirmation, Farewell, NewOrganization, Organization, OrganizationPatch, OrganizationsQuery, SlugCheck, View,
};
use domain::page::Page;
use domain::policy::Permission;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Why a profile cannot be as it is submitted, beside what is wrong with single fields.
const UNACCEPTABLE: &[Code] = &[Code::SlugTaken, Code::SlugHandleMismatch];

pub(super) fn endpoints() -> Endpoints {
    let transfers = transfers(needs(Permission::OrgTransfer, "transfer_ownership", "Make another member the owner"))
        .refuses(&[Code::ReauthenticationRequired]);
    Endpoints::of("Organizations")
        .get(
            "/",
            list,
            needs(Permission::OrgRead, "list_organizations", "One's organizations, or those that are public")
                .lists::<OrganizationsQuery, View>()
                .refuses(&[Code::PermissionDenied]),
        )
        .post(
            "/",
            create,
            needs(Permission::OrgCreate, "create_organization", "Found an organization")
                .takes::<NewOrganization>()
                .makes::<Organization>()
                .refuses(UNACCEPTABLE)
                .refuses(&[Code::OrganizationLimitReached, Code::OrganizationCreationDisabled])
                .refuses(&[Code::EmailNotVerified, Code::SessionRequired]),
        )
        .get(
            "/check-slug",
            check_slug,
            signed_in("check_slug", "Whether a slug could be had")
                .needs_to_know::<String>("slug", "The slug that is wanted.")
                .answers::<SlugCheck>()
                .refuses(&[Code::InsufficientScope]),
        )
        .get("/industry-choices", industries, choices("list_industry_choices"))
        .get("/industries", industries, choices("list_industries"))
        .get("/{org}", show, anyone("get_organization", "One organization").answers::<View>())
        .patch("/{org}", update, updates(needs(Permission::OrgUpdate, "update_organization", "Change an organization")))
        .delete(
            "/{org}",
            delete,
            deletes(needs(Permission::OrgDelete, "delete_organization", "Delete an organization"))
                .refuses(&[Code::ReauthenticationRequired]),
        )
        .post(
            "/{org}/restore",
            restore,
            needs(Permission::OrgDelete, "restore_organization", "Bring a deleted organization back")
                .answers::<Organization>()
                .refuses(&[Code::NotPendingDeletion]),
        )
        .post("/{org}/transfer-ownership", transfer, transfers.clone())
        .post("/{org}/transfer", transfer, transfers.called("transfer_ownership_by_older_name"))
}

fn choices(id: &'static str) -> Operation {
    let labels = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let choices = json!({ "type": "object", "required": ["choices"], "properties": { "choices": labels } });
    public(id, "The lines of business that can be chosen").shows(choices)
}

/// The same for one's own organization and for the platform's, as below.
pub(super) fn updates(operation: Operation) -> Operation {
    operation
        .patches_with::<OrganizationPatch>()
        .answers::<Organization>()
        .refuses(UNACCEPTABLE)
        .refuses(&[Code::FieldNotPermitted, Code::SlugCooldown, Code::InvalidStatusTransition])
        .refuses(&[Code::NotAMember, Code::MemberSuspended, Code::ReauthenticationRequired])
        .refuses(&[Code::OwnTwoFactorMissing])
}

pub(super) fn deletes(operation: Operation) -> Operation {
    operation
        .asks::<String>("confirm", "The slug, typed by a person who means it. The body may say it instead.")
        .asks::<bool>("purge", "At once and for good; for the platform alone.")
        .asks::<bool>("force", "Although its wallet is not settled.")
        .may_take::<Confirmation>()
        .begins::<Farewell>()
        .says_nothing()
        .refuses(&[Code::ConfirmationMismatch, Code::WalletNotSettled])
}

pub(super) fn transfers(operation: Operation) -> Operation {
    operation.takes::<Transfer>().answers::<Transferred>().gives_up_place().refuses(&[
        Code::NotAMember,
        Code::MemberSuspended,
        Code::AlreadyOwner,
        Code::RoleUnknown,
    ])
}

pub(super) async fn list(
    State(app): State<App>,
    principal: Principal,
    Query(query): Query<OrganizationsQuery>,
) -> ApiResult<Json<Page<View>>> {
    Ok(Json(orgs::browse(&app, &principal, &query).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    principal: Principal,
    _: NoQuery,
    new: Submitted<NewOrganization>,
) -> ApiResult<impl IntoResponse> {
    let org = orgs::create(&app, &principal, new).await?;
    let location = app.config.link(&format!("/api/v1/organizations/{}", org.slug));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(org)))
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(principal): Anyone,
    path: Path,
    _: NoQuery,
) -> ApiResult<(Extension<RowVersion>, Json<View>)> {
    let view = orgs::show(&app, principal, path.get("org")).await?;
    Ok((Extension(RowVersion(view.version())), Json(view)))
}

pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    patch: Submitted<OrganizationPatch>,
) -> ApiResult<Json<Organization>> {
    Ok(Json(orgs::update(&app, &caller, patch).await?))
}

/// How an organization is to go.
#[derive(Deserialize)]
pub(super) struct Ending {
    #[serde(default)]
    confirm: Option<String>,
    /// At once and for good.
    #[serde(default)]
    purge: Flag,
    /// Although its wallet is not settled.
    #[serde(default)]
    force: Flag,
}

pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Query(ending): Query<Ending>,
    Optional(body): Optional<Confirmation>,
) -> ApiResult<Response> {
    end(&app, &caller, ending, body).await
}

/// The same for one's own organization and for the platform's.
pub(super) async fn end(
    app: &App,
    caller: &Caller,
    ending: Ending,
    body: Submitted<Confirmation>,
) -> ApiResult<Response> {
    let asked = Confirmation { confirm: ending.confirm };
    Ok(match ending.purge {
        Flag::True => {
            orgs::purge(app, caller, &asked, body, ending.force.is_set()).await?;
            StatusCode::NO_CONTENT.into_response()
        }
        Flag::False => (StatusCode::ACCEPTED, Json(orgs::delete(app, caller, &asked, body).await?)).into_response(),
    })
}

pub(super) async fn restore(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<Json<Organization>> {
    Ok(Json(orgs::restore(&app, &caller).await?))
}

pub(super) async fn transfer(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    transfer: Submitted<Transfer>,
) -> ApiResult<Json<Transferred>> {
    Ok(Json(ownership::transfer(&app, &caller, transfer).await?))
}

#[derive(Deserialize)]
pub(super) struct WantedSlug {
    slug: String,
}

pub(super) async fn check_slug(
    State(app): State<App>,
    principal: Principal,
    Query(wanted): Query<WantedSlug>,
) -> ApiResult<Json<SlugCheck>> {
    Ok(Json(orgs::check_slug(&app, &principal, &wanted.slug).await?))
}

pub(super) async fn industries(_: NoQuery) -> impl IntoResponse {
    let choices: Map<String, Value> =
        INDUSTRIES.iter().map(|choice| (choice.key.to_owned(), choice.label.into())).collect();
    ([(header::CACHE_CONTROL, "public, max-age=86400")], Json(json!({ "choices": choices })))
}
