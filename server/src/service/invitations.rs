//! Invitations from the organization's side: sending, listing, sending again.

use super::{orgs, roles};
use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::Tx;
use crate::db::search::Search;
use crate::keys::{Channel, InvitationToken};
use crate::limits::Policy;
use crate::paging::{Key, Order, Walk};
use crate::submitted::Submitted;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::invitation::{
    DeliveryState, Invitation, InvitationStatus, InvitationsQuery, InvitingOrganization, NewInvitation,
    OwnInvitationsQuery,
};
use domain::org::Organization;
use domain::page::{self, Page};
use domain::policy::Permission;
use domain::role::RoleView;
use domain::time::Timestamp;

mod bulk;
mod catalogue;
mod ceiling;
mod changing;
mod closing;
mod listing;
mod offers;
mod quotas;
mod resending;
mod round;
mod row;
pub(crate) mod sql;

pub use bulk::{BulkMode, invite_many};
pub(crate) use ceiling::{authority_of, require_standing_offer};
pub use changing::update;
pub use closing::revoke;
pub(crate) use closing::revoke_beyond;
pub(crate) use offers::Offer;
pub use resending::resend;
use round::{Round, Sent};
pub(crate) use row::Row;

/// What happens when the address has an open invitation already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    #[default]
    Refuse,
    Resend,
}

/// The organization's invitations; the open and the expired ones unless others are asked for.
///
/// # Errors
/// `permission_denied`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &InvitationsQuery) -> Result<Page<Invitation>> {
    caller.require(Permission::InviteRead)?;
    let mut tx = app.db.read().await?;
    let filters = filters(app, &mut tx, caller, query).await?;
    let order = match query.sort.as_deref().unwrap_or("-created_at") {
        "created_at" => Order { name: "created_at", descending: false, numeric: true },
        "-created_at" => Order { name: "created_at", descending: true, numeric: true },
        "expires_at" => Order { name: "expires_at", descending: false, numeric: true },
        "-expires_at" => Order { name: "expires_at", descending: true, numeric: true },
        "email" => Order { name: "email", descending: false, numeric: false },
        "-email" => Order { name: "email", descending: true, numeric: false },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by created_at, expires_at or email.")),
    };
    let role = (filters.role, filters.own_role);
    let bound = (filters.org, &filters.search, &filters.statuses, role, filters.invited_by);
    let walk = Walk::new(app, "invitations", order, &bound, query.window()?)?;
    let search_is_capped = listing::is_capped(&mut tx, &filters).await?;
    let total = if walk.counts() { listing::count(&mut tx, &filters).await? } else { 0 };
    let rows = listing::list(&mut tx, &filters, order.name, &walk).await?;
    let page = walk.page(app, rows, total, |row: &Row| {
        let key = match order.name {
            "email" => Key::Text(row.email.clone()),
            "expires_at" => Key::Number(row.expires_at.as_millis()),
            _ => Key::Number(row.created_at.as_millis()),
        };
        (key, row.id.0)
    });
    let mut page = page.map(|row| linked(app, caller, row));
    offers::complete(&mut tx, Some(caller.org), &mut page.data).await?;
    Ok(Page { search_is_capped, ..page })
}

async fn filters(app: &App, tx: &mut Tx, caller: &Caller, query: &InvitationsQuery) -> Result<listing::Filters> {
    let role = match query.role.as_deref() {
        None => None,
        Some(text) => {
            let found = roles::find(tx, caller.org, text).await?;
            Some(page::choice("role", text, |_| found)?)
        }
    };
    let system = role.as_ref().and_then(RoleView::as_system);
    Ok(listing::Filters {
        org: caller.org,
        now: app.now(),
        search: page::search(query.search.as_deref())?.map(|text| Search::of_records(&text)),
        statuses: statuses(query.status.as_ref().map(|many| many.0.as_slice()))?,
        role: system,
        own_role: role.filter(|_| system.is_none()).map(|role| role.id),
        invited_by: (query.invited_by.as_deref())
            .map(|text| page::choice("invited_by", text, |text| text.parse::<UserId>().ok()))
            .transpose()?,
    })
}

/// The words of the filter; `all` is every status.
fn statuses(words: Option<&[String]>) -> Result<Vec<InvitationStatus>> {
    let Some(words) = words else { return Ok(vec![InvitationStatus::Pending, InvitationStatus::Expired]) };
    if words.iter().any(|word| word == "all") {
        return Ok(InvitationStatus::ALL.to_vec());
    }
    words.iter().map(|word| page::choice("status", word, InvitationStatus::find)).collect()
}

/// The open invitations of one's own address.
///
/// # Errors
/// `insufficient_scope`, `email_not_verified`, the refusals of paging.
#[crate::operation]
pub async fn list_own(app: &App, principal: &Principal, query: &OwnInvitationsQuery) -> Result<Page<Invitation>> {
    principal.require_scope(Permission::UserRead)?;
    principal.require_verified()?;
    let statuses = match &query.status {
        Some(many) => statuses(Some(&many.0))?,
        None => vec![InvitationStatus::Pending],
    };
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let order = Order { name: "created_at", descending: true, numeric: true };
    let bound = (principal.user, &statuses);
    let walk = Walk::new(app, "own invitations", order, &bound, query.window()?)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count_for(&mut tx, &principal.email, &statuses, now).await? } else { 0 };
    let rows = sql::list_for(&mut tx, &principal.email, &statuses, now, &walk).await?;
    let page = walk.page(app, rows, total, |row| (Key::Number(row.created_at.as_millis()), row.id.0));
    let mut page = page.map(|row| {
        let organization = inviting(app, &row);
        Invitation { organization: Some(organization), ..row.shown(now) }
    });
    offers::complete(&mut tx, None, &mut page.data).await?;
    Ok(page)
}

/// One invitation of the organization.
///
/// # Errors
/// `permission_denied`, `invitation_not_found`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller, id: &str) -> Result<Invitation> {
    caller.require(Permission::InviteRead)?;
    let mut tx = app.db.read().await?;
    let row = find_in(&mut tx, caller.org, id).await?;
    shown(app, &mut tx, caller, row).await
}

/// Invites an address. The mail leaves with the commit; that it may fail later does not fail the invitation.
///
/// # Errors
/// `permission_denied`, `rate_limited`, invalid fields, `managed_externally`, `role_unknown`, `role_conflict`,
/// `team_unknown`, `workspace_unknown`, `permission_escalation`, `email_domain_not_allowed`, `already_member`,
/// `already_invited`, `invitation_limit_reached`, `member_limit_reached`.
#[crate::operation]
pub async fn create(
    app: &App,
    caller: &Caller,
    new: Submitted<NewInvitation>,
    on_conflict: OnConflict,
) -> Result<(Invitation, bool)> {
    let now = app.now();
    let settings_first = {
        let mut tx = app.db.read().await?;
        find_org(&mut tx, caller, now).await?
    };
    require_inviter(caller, &settings_first)?;
    app.limiter.check(Policy::InviteCreate, caller.org.to_string())?;
    let issue = new.open()?.parse(&settings_first.settings, now)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    // Time may have passed in the queue, and the log shows the order in which things were done.
    let now = app.now();
    let org = find_org(&mut tx, &caller, now).await?;
    require_inviter(&caller, &org)?;
    let sent =
        Round::begin(app, &caller, &mut tx, org, &[&issue], now).await?.invite(&mut tx, &issue, on_conflict).await?;
    let row = find_in(&mut tx, caller.org, &sent.id().to_string()).await?;
    let invitation = shown(app, &mut tx, &caller, row).await?;
    tx.commit().await?;
    Ok((invitation, matches!(sent, Sent::Anew(_))))
}

/// Those with the permission, and any member where the organization lets members invite.
fn require_inviter(caller: &Caller, org: &Organization) -> Result<()> {
    match caller.require(Permission::InviteWrite) {
        Err(error) if error.code() == Code::PermissionDenied && org.settings.members_can_invite => {
            caller.require(Permission::OrgRead)
        }
        judged => judged,
    }
}

async fn find_org(tx: &mut Tx, caller: &Caller, now: Timestamp) -> Result<Organization> {
    orgs::find(tx, caller.org, Some(caller.principal.user), now).await?.ok_or_else(|| Code::OrganizationNotFound.into())
}

async fn find_in(tx: &mut Tx, org: OrgId, id: &str) -> Result<Row> {
    let id = id.parse().map_err(|_| Code::InvitationNotFound)?;
    sql::find(tx, id).await?.filter(|row| row.organization_id == org).ok_or_else(|| Code::InvitationNotFound.into())
}

/// One invitation as the caller sees it.
async fn shown(app: &App, tx: &mut Tx, caller: &Caller, row: Row) -> Result<Invitation> {
    let shown = shown_all(app, tx, caller, vec![row]).await?;
    shown.into_iter().next().ok_or(Error::Internal)
}

/// The same for at most a page of them.
async fn shown_all(app: &App, tx: &mut Tx, caller: &Caller, rows: Vec<Row>) -> Result<Vec<Invitation>> {
    let mut invitations: Vec<Invitation> = rows.into_iter().map(|row| linked(app, caller, row)).collect();
    offers::complete(tx, Some(caller.org), &mut invitations).await?;
    Ok(invitations)
}

/// An invitation with its link, where the caller may have it; what it offers beside a system role is not filled in yet.
fn linked(app: &App, caller: &Caller, row: Row) -> Invitation {
    let now = app.now();
    let open = row.status == InvitationStatus::Pending && !row.is_expired(now);
    let accept_url = (open && caller.may(Permission::InviteWrite)).then(|| {
        // The check of the column keeps the version within 16 bits.
        let version = u16::try_from(row.token_version).unwrap_or_default();
        let token = app.keys.invitation_token(InvitationToken { id: row.id, version, channel: Channel::Link });
        app.config.link(&format!("/invitations/{token}"))
    });
    Invitation { accept_url, ..row.shown(now) }
}

/// What an invitee is shown of the organization.
pub(crate) fn inviting(app: &App, row: &Row) -> InvitingOrganization {
    let icon_url = (row.org_avatar_url.clone())
        .unwrap_or_else(|| app.config.link(&format!("/api/v1/organizations/{}/avatar", row.organization_id)));
    InvitingOrganization {
        id: row.organization_id,
        name: row.org_name.clone(),
        slug: row.org_slug.clone(),
        avatar_url: row.org_avatar_url.clone(),
        icon_url,
        verified: row.org_verified,
    }
}

/// Whether the mail is still to be sent.
pub(crate) fn first_delivery(send_email: bool) -> DeliveryState {
    if send_email { DeliveryState::Queued } else { DeliveryState::Skipped }
}
