//! The organizations of one person, as others or the person see them.

use super::orgs;
use crate::App;
use crate::auth::Principal;
use crate::paging::{Key, Order, Walk};
use domain::affiliation::{Affiliation, AffiliationStatus, AffiliationsQuery, Standing};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::org::{Organization, View};
use domain::page::{self, Page};
use domain::policy::{Permission, Permissions, Role};

mod sql;

/// The organizations of the person that `reference` names by id, username or `@me`. Oneself and the platform see all,
/// one's own list has the open invitations too; others see those that are public or that they share.
///
/// # Errors
/// `unauthenticated` for `@me` without a credential, `session_required` for that of an organization's token,
/// `insufficient_scope`, `user_not_found`, `invalid_parameter`, the refusals of paging.
#[crate::operation]
pub async fn list(
    app: &App,
    principal: Option<&Principal>,
    reference: &str,
    query: &AffiliationsQuery,
) -> Result<Page<Affiliation>> {
    let subject = find_subject(app, principal, reference).await?;
    let own = principal.filter(|principal| principal.user == subject);
    own.map_or(Ok(()), |own| own.require_scope(Permission::OrgRead))?;
    let platform = principal.is_some_and(Principal::is_platform);
    let whole = own.is_some() || platform;
    let filters = sql::Filters {
        viewer: own.or(principal.filter(|principal| sees_members(principal))).map(|principal| principal.user),
        subject,
        invited: own.filter(|own| sees_invitations(own)).map(|own| own.email.clone()),
        statuses: statuses(query)?,
        only: own.and_then(Principal::only).map(<[OrgId]>::to_vec),
        whole,
        now: app.now(),
    };
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let order = Order { name: "name", descending: false, numeric: false };
    let bound = (filters.viewer, filters.subject, &filters.statuses, &filters.only, filters.whole);
    let walk = Walk::new(app, "affiliations", order, &bound, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, &walk).await?;
    let page = walk.page(app, rows, total, |(place, _)| (Key::Text(place.name_folded.clone()), place.id.0));
    let ids = page.data.iter().map(|(place, _)| place.id);
    let roles = match filters.viewer {
        Some(viewer) => orgs::own_roles(&mut tx, viewer, ids).await?,
        None => Vec::new(),
    };
    Ok(page.map(|(place, org)| shown(place, orgs::dressed_with(app, org, &roles), whole, platform)))
}

/// Whom `reference` names by id, username or `@me`.
///
/// # Errors
/// `user_not_found`; for `@me` `unauthenticated` without a credential, `session_required` for an organization's token.
pub(crate) async fn find_subject(app: &App, principal: Option<&Principal>, reference: &str) -> Result<UserId> {
    if reference == "@me" {
        let principal = principal.ok_or(Code::Unauthenticated)?;
        return principal.person().ok_or_else(|| Code::SessionRequired.into());
    }
    let mut tx = app.db.read().await?;
    sql::find_person(&mut tx, reference).await?.ok_or_else(|| Code::UserNotFound.into())
}

/// Whether the credential shows who is in the organizations of its person.
fn sees_members(principal: &Principal) -> bool {
    let scopes = [Permission::OrgRead, Permission::MemberRead];
    !principal.is_restricted() && scopes.into_iter().all(|scope| principal.require_scope(scope).is_ok())
}

/// The same judgement as that of the list of one's invitations.
fn sees_invitations(own: &Principal) -> bool {
    own.require_verified().and(own.require_scope(Permission::UserRead)).is_ok()
}

fn statuses(query: &AffiliationsQuery) -> Result<Vec<AffiliationStatus>> {
    let Some(words) = &query.status else { return Ok(AffiliationStatus::ALL.to_vec()) };
    words.0.iter().map(|word| page::choice("status", word, AffiliationStatus::find)).collect()
}

/// Members and the platform see the whole organization; who only knows that somebody is in it sees what everybody sees.
fn shown(place: sql::Place, org: Organization, whole: bool, platform: bool) -> Affiliation {
    let role = org.current_user_role;
    let told = whole || role.map_or(Permissions::NONE, Role::permissions).has(Permission::MemberRead);
    let organization =
        if role.is_some() || platform { View::Member(Box::new(org)) } else { View::Public(Box::new(org.into())) };
    let membership = Standing {
        status: place.status,
        role: place.role.filter(|_| told),
        joined_at: place.joined_at.filter(|_| told),
        invitation_id: place.invitation_id,
    };
    Affiliation { organization, membership }
}
