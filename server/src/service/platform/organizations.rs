//! Every organization of the platform: finding them, and what is decided about one.

use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::search::Search;
use crate::paging::Order;
use crate::service::audit::Origin;
use crate::service::exports;
use crate::service::orgs;
use crate::service::orgs::listing::{self, Filters};
use crate::service::orgs::revision::{Manner, revise};
use crate::submitted::Submitted;
use domain::error::Result;
use domain::org::{Kind, Organization, OrganizationPatch, Scope, Status};
use domain::page::{self, Page, Window};
use domain::platform::{EveryOrganizationQuery, StatusChange, Verification};
use domain::policy::{Permission, Role};
use domain::text::Country;

/// All organizations, whatever their status.
///
/// # Errors
/// `not_found`, `insufficient_scope`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &EveryOrganizationQuery) -> Result<Page<Organization>> {
    principal.require_platform(Permission::AdminRead)?;
    let filters = filters(principal, query)?;
    read(app, &filters, listing::order(query.sort.as_deref())?, query.window()?).await
}

/// The same as a file, which ends after [`page::DEEPEST`] rows.
///
/// # Errors
/// Those of [`list`], `pagination_conflict` when a part is asked for, `rate_limited`.
#[crate::operation]
pub async fn export(app: &App, principal: &Principal, query: &EveryOrganizationQuery) -> Result<Page<Organization>> {
    principal.require_platform(Permission::AdminRead)?;
    let (filters, order, whole) = (filters(principal, query)?, listing::order(query.sort.as_deref())?, query.whole()?);
    exports::begin(app, principal, Origin::platform(principal), None, "organizations", "csv").await?;
    read(app, &filters, order, whole).await
}

async fn read(app: &App, filters: &Filters, order: Order<'static>, window: Window) -> Result<Page<Organization>> {
    let page = listing::part(app, Scope::All, filters, order, window).await?;
    let permissions = Role::Owner.permissions();
    Ok(page.map(|org| orgs::dressed(app, org, permissions)))
}

fn filters(principal: &Principal, query: &EveryOrganizationQuery) -> Result<Filters> {
    let everything = Filters::of(principal.user);
    let search = page::search(query.search.as_deref())?;
    let edge = |name: &str, text: Option<&str>, otherwise| text.map_or(Ok(otherwise), |text| page::time(name, text));
    let country = |text: &str| page::choice("country_code", text, |text| Country::parse(text).ok());
    Ok(Filters {
        id: search.as_deref().and_then(|text| text.parse().ok()),
        search: search.map(|text| Search::of(&text)),
        status: query.status.as_deref().map(|text| page::choice("status", text, Status::find)).transpose()?,
        verified: query.verified.as_deref().map(|text| page::flag("verified", text)).transpose()?,
        kind: query.r#type.as_deref().map(|text| page::choice("type", text, Kind::find)).transpose()?,
        industry: listing::industry_key(query.industry.as_deref())?,
        country_code: query.country_code.as_deref().map(country).transpose()?.map(|found| found.alpha2.to_owned()),
        visibility: listing::visibility(query.visibility.as_deref())?,
        created_from: edge("created_from", query.created_from.as_deref(), everything.created_from)?,
        created_to: edge("created_to", query.created_to.as_deref(), everything.created_to)?,
        ..everything
    })
}

/// Gives an organization another status, and tells its owner unless that is not wanted.
///
/// # Errors
/// `insufficient_scope`, invalid fields, `status_reason_required`, `invalid_status_transition`.
#[crate::operation]
pub async fn set_status(app: &App, caller: &Caller, change: Submitted<StatusChange>) -> Result<Organization> {
    caller.require(Permission::AdminWrite)?;
    let change = change.open()?;
    let manner = Manner { notify: change.notify.unwrap_or(true), ..Manner::default() };
    revise(app, caller, change.into(), manner).await
}

/// Says of an organization that it is who it says, or no longer.
///
/// # Errors
/// `insufficient_scope`, invalid fields.
#[crate::operation]
pub async fn verify(app: &App, caller: &Caller, verification: Submitted<Verification>) -> Result<Organization> {
    caller.require(Permission::AdminWrite)?;
    let verification = verification.open()?;
    let manner = Manner { note: verification.note()?, ..Manner::default() };
    let patch = OrganizationPatch { verified: Some(verification.verified), ..OrganizationPatch::default() };
    revise(app, caller, patch, manner).await
}
