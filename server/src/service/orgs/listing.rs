//! Lists of organizations: one's own, those that everybody may see, and every one on the platform.

use super::{dressed, dressed_with, own_roles};
use crate::App;
use crate::auth::Principal;
use crate::db::search::Search;
use crate::paging::{Key, Order, Walk};
use crate::service::platform;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::industry;
use domain::org::{Kind, Organization, OrganizationsQuery, Scope, Status, View, Visibility};
use domain::page::{self, Page, Window};
use domain::platform::EveryOrganizationQuery;
use domain::policy::{Permission, Permissions, Role};
use domain::time::Timestamp;

mod sql;

/// The organizations that the caller belongs to.
///
/// # Errors
/// `insufficient_scope`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &OrganizationsQuery) -> Result<Page<Organization>> {
    principal.require_scope(Permission::OrgRead)?;
    let page =
        part(app, Scope::Member, &filters(principal, query)?, order(query.sort.as_deref())?, query.window()?).await?;
    let mut tx = app.db.read().await?;
    let own = own_roles(&mut tx, principal.user, page.data.iter().map(|org| org.id)).await?;
    Ok(page.map(|org| dressed_with(app, org, &own)))
}

/// The organizations of the scope that is asked for.
///
/// # Errors
/// Those of [`list`]; `permission_denied` for who asks for all and is not the platform.
#[crate::operation]
pub async fn browse(app: &App, principal: &Principal, query: &OrganizationsQuery) -> Result<Page<View>> {
    principal.require_scope(Permission::OrgRead)?;
    let scope = query.scope.as_deref().map(|text| page::choice("scope", text, Scope::find)).transpose()?;
    if scope.is_some_and(|scope| scope != Scope::Member) && query.role.is_some() {
        let rule = "A role is had in one's own organizations only.";
        return Err(Error::parameter("role", Code::InvalidParameter, rule));
    }
    match scope.unwrap_or(Scope::Member) {
        Scope::Member => Ok(list(app, principal, query).await?.map(|org| View::Member(Box::new(org)))),
        Scope::Public => {
            let filters = filters(principal, query)?;
            let page = part(app, Scope::Public, &filters, order(query.sort.as_deref())?, query.window()?).await?;
            Ok(page.map(|org| View::Public(Box::new(dressed(app, org, Permissions::NONE).into()))))
        }
        Scope::All if principal.platform_admin => {
            let query = EveryOrganizationQuery::from(query);
            let page = platform::organizations::list(app, principal, &query).await?;
            Ok(page.map(|org| View::Member(Box::new(org))))
        }
        Scope::All => Err(Code::PermissionDenied.into()),
    }
}

fn filters(principal: &Principal, query: &OrganizationsQuery) -> Result<Filters> {
    Ok(Filters {
        search: page::search(query.search.as_deref())?.map(|text| Search::of(&text)),
        role: query.role.as_deref().map(|text| page::choice("role", text, Role::find)).transpose()?,
        status: query.status.as_deref().map(|text| page::choice("status", text, Status::find)).transpose()?,
        visibility: visibility(query.visibility.as_deref())?,
        industry: industry_key(query.industry.as_deref())?,
        only: principal.only().map(<[OrgId]>::to_vec),
        ..Filters::of(principal.user)
    })
}

pub(crate) fn visibility(text: Option<&str>) -> Result<Option<Visibility>> {
    text.map(|text| page::choice("visibility", text, Visibility::find)).transpose()
}

pub(crate) fn industry_key(text: Option<&str>) -> Result<Option<String>> {
    let found = text.map(|text| page::choice("industry", text, industry::find)).transpose()?;
    Ok(found.map(|choice| choice.key.to_owned()))
}

/// What a list is narrowed to.
#[derive(Debug, Clone)]
pub(crate) struct Filters {
    pub(crate) viewer: UserId,
    /// Of one's own, the only ones that the credential tells of.
    pub(crate) only: Option<Vec<OrgId>>,
    pub(crate) search: Option<Search>,
    pub(crate) role: Option<Role>,
    pub(crate) status: Option<Status>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) industry: Option<String>,
    /// What is searched for, when it has the form of an id.
    pub(crate) id: Option<OrgId>,
    pub(crate) verified: Option<bool>,
    pub(crate) kind: Option<Kind>,
    pub(crate) country_code: Option<String>,
    pub(crate) created_from: Timestamp,
    pub(crate) created_to: Timestamp,
}

impl Filters {
    /// Everything that this person may see in the scope.
    pub(crate) fn of(viewer: UserId) -> Self {
        Self {
            viewer,
            only: None,
            search: None,
            role: None,
            status: None,
            visibility: None,
            industry: None,
            id: None,
            verified: None,
            kind: None,
            country_code: None,
            created_from: Timestamp::from_millis(0),
            created_to: Timestamp::from_millis(i64::MAX),
        }
    }
}

/// # Errors
/// `invalid_sort`.
pub(crate) fn order(sort: Option<&str>) -> Result<Order<'static>> {
    Ok(match sort.unwrap_or("name") {
        "name" => Order { name: "name", descending: false, numeric: false },
        "-name" => Order { name: "name", descending: true, numeric: false },
        "created_at" => Order { name: "created_at", descending: false, numeric: true },
        "-created_at" => Order { name: "created_at", descending: true, numeric: true },
        "member_count" => Order { name: "member_count", descending: false, numeric: true },
        "-member_count" => Order { name: "member_count", descending: true, numeric: true },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by name, created_at or member_count.")),
    })
}

/// One part of a list.
///
/// # Errors
/// `invalid_cursor`.
pub(crate) async fn part(
    app: &App,
    scope: Scope,
    filters: &Filters,
    order: Order<'static>,
    window: Window,
) -> Result<Page<Organization>> {
    let walk = Walk::new(app, "organizations", order, &(scope, filters), window)?;
    let mut tx = app.db.read().await?;
    let now = app.now();
    let search_is_capped = sql::is_capped(&mut tx, scope, filters).await?;
    let total = if walk.counts() { sql::count(&mut tx, scope, filters, now).await? } else { 0 };
    let rows = sql::read(&mut tx, scope, filters, order.name, &walk, now).await?;
    let page = walk.page(app, rows, total, |org| {
        let key = match order.name {
            "created_at" => Key::Number(org.created_at.as_millis()),
            "member_count" => Key::Number(org.member_count),
            _ => Key::Text(domain::text::fold(&org.name)),
        };
        (key, org.id.0)
    });
    Ok(Page { search_is_capped, ..page })
}
