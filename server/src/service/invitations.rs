//! Invitations from the organization's side: sending, listing, sending again.

use super::accounts::require_allowed_domain;
use super::audit::{self, Event, Origin, Target};
use super::{members, orgs};
use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::Tx;
use crate::keys::{Channel, InvitationToken};
use crate::limits::Policy;
use crate::new_id;
use crate::outbox::{self, Mail};
use crate::paging::{Key, Order, Walk, pattern};
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{InvitationId, OrgId, UserId};
use domain::invitation::{
    DeliveryState, Invitation, InvitationStatus, InvitationsQuery, InvitingOrganization, Issue, NewInvitation,
    OwnInvitationsQuery, Resend,
};
use domain::org::Organization;
use domain::page::{self, Page};
use domain::policy::{Permission, Role};
use domain::time::Timestamp;

mod closing;
mod quotas;
mod row;
pub(crate) mod sql;

use closing::expire_old;
pub use closing::revoke;
pub(crate) use closing::revoke_beyond;
use quotas::{require_mails_left, require_pause, require_room, require_sendings_left};
pub(crate) use row::Row;

/// The highest version of a link that its token has room for.
const LAST_VERSION: i64 = 65_535;

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
pub async fn list(app: &App, caller: &Caller, query: &InvitationsQuery) -> Result<Page<Invitation>> {
    caller.require(Permission::InviteRead)?;
    let filters = sql::Filters {
        org: caller.org,
        now: app.now(),
        search: page::search(query.search.as_deref())?.map(|text| pattern(&text)),
        statuses: statuses(query.status.as_ref().map(|many| many.0.as_slice()))?,
        role: query.role.as_deref().map(|text| page::choice("role", text, Role::find)).transpose()?,
        invited_by: (query.invited_by.as_deref())
            .map(|text| page::choice("invited_by", text, |text| text.parse::<UserId>().ok()))
            .transpose()?,
    };
    let order = match query.sort.as_deref().unwrap_or("-created_at") {
        "created_at" => Order { name: "created_at", descending: false, numeric: true },
        "-created_at" => Order { name: "created_at", descending: true, numeric: true },
        "expires_at" => Order { name: "expires_at", descending: false, numeric: true },
        "-expires_at" => Order { name: "expires_at", descending: true, numeric: true },
        "email" => Order { name: "email", descending: false, numeric: false },
        "-email" => Order { name: "email", descending: true, numeric: false },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by created_at, expires_at or email.")),
    };
    let bound = (filters.org, &filters.search, &filters.statuses, filters.role, filters.invited_by);
    let walk = Walk::new(app, "invitations", order, &bound, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, order.name, &walk).await?;
    let page = walk.page(app, rows, total, |row: &Row| {
        let key = match order.name {
            "email" => Key::Text(row.email.clone()),
            "expires_at" => Key::Number(row.expires_at.as_millis()),
            _ => Key::Number(row.created_at.as_millis()),
        };
        (key, row.id.0)
    });
    Ok(page.map(|row| shown(app, caller, row)))
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
    Ok(page.map(|row| {
        let organization = inviting(app, &row);
        Invitation { organization: Some(organization), ..row.shown(now) }
    }))
}

/// One invitation of the organization.
///
/// # Errors
/// `permission_denied`, `invitation_not_found`.
pub async fn get(app: &App, caller: &Caller, id: &str) -> Result<Invitation> {
    caller.require(Permission::InviteRead)?;
    let mut tx = app.db.read().await?;
    find_in(&mut tx, caller.org, id).await.map(|row| shown(app, caller, row))
}

/// Invites an address. The mail leaves with the commit; that it may fail later does not fail the invitation.
///
/// # Errors
/// `permission_denied`, `rate_limited`, invalid fields, `permission_escalation`, `email_domain_not_allowed`,
/// `already_member`, `already_invited`, `invitation_limit_reached`, `member_limit_reached`.
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
    require_grant(&caller, issue.role)?;
    require_allowed_domain(app, &issue.email)?;
    if let Some(member) = members::sql::find_by_email(&mut tx, caller.org, issue.email.as_str()).await? {
        let rule = "This person already is a member.";
        return Err(Code::AlreadyMember.of("email", rule).and("member_id", member.0));
    }
    expire_old(&mut tx, &caller, issue.email.as_str(), now).await?;
    if let Some(open) = sql::find_open(&mut tx, caller.org, issue.email.as_str()).await? {
        if on_conflict == OnConflict::Resend {
            let row = send_again(app, &mut tx, &caller, open, &Resend::default(), &org, now).await?;
            tx.commit().await?;
            return Ok((shown(app, &caller, row), false));
        }
        let path = format!("/api/v1/organizations/{}/invitations/{open}/resend", caller.slug);
        let refusal = Code::AlreadyInvited.of("email", "This address already has an open invitation; send that again.");
        return Err(refusal.and("invitation_id", open.to_string()).and("resend_url", app.config.link(&path)));
    }
    require_room(app, &mut tx, &caller, now).await?;
    let id = issue_one(app, &mut tx, &caller, &issue, now).await?;
    let row = find_in(&mut tx, caller.org, &id.to_string()).await?;
    tx.commit().await?;
    Ok((shown(app, &caller, row), true))
}

async fn issue_one(app: &App, tx: &mut Tx, caller: &Caller, issue: &Issue, now: Timestamp) -> Result<InvitationId> {
    let id = InvitationId(new_id());
    sql::insert(tx, id, caller, issue, now).await?;
    let event = Event::new(caller.org, Action::InvitationCreated, Target::invitation(id, issue.email.as_str()));
    audit::record(tx, &Origin::from(caller), event, now).await?;
    if issue.send_email {
        require_mails_left(app, tx, caller.org, issue.email.as_str(), now).await?;
        outbox::enqueue(tx, Mail::Invitation(id), issue.email.as_str(), now).await?;
    }
    Ok(id)
}

/// Sends an invitation again and gives it new time. An expired one gets a new link, the old one is dead.
///
/// # Errors
/// `permission_denied`, `invitation_not_found`, `invitation_not_pending`, `already_invited`, `rate_limited`.
pub async fn resend(app: &App, caller: &Caller, id: &str, resend: Submitted<Resend>) -> Result<Invitation> {
    caller.require(Permission::InviteWrite)?;
    let resend = resend.open()?;
    let (mut tx, caller) = caller.locked(app, Permission::InviteWrite).await?;
    let now = app.now();
    let row = find_in(&mut tx, caller.org, id).await?;
    let org = find_org(&mut tx, &caller, now).await?;
    let row = send_again(app, &mut tx, &caller, row.id, &resend, &org, now).await?;
    tx.commit().await?;
    Ok(shown(app, &caller, row))
}

async fn send_again(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: InvitationId,
    resend: &Resend,
    org: &Organization,
    now: Timestamp,
) -> Result<Row> {
    let row = find_in(tx, caller.org, &id.to_string()).await?;
    if !matches!(row.status, InvitationStatus::Pending | InvitationStatus::Expired) {
        return Err(Code::InvitationNotPending.into());
    }
    require_grant(caller, row.role)?;
    let expires_at = resend.expires_at(&org.settings, now)?;
    let expired = row.is_expired(now);
    if row.status == InvitationStatus::Expired
        && let Some(newer) = sql::find_open(tx, caller.org, &row.email).await?
    {
        return Err(Code::AlreadyInvited.with("invitation_id", newer.to_string()));
    }
    if expired {
        // It did not count while it was over.
        require_room(app, tx, caller, now).await?;
    }
    require_pause(app, &row, now)?;
    require_sendings_left(app, tx, &row, now).await?;
    if row.token_version >= LAST_VERSION {
        return Err(Code::InvitationNotPending.into());
    }
    let by_mail = resend.send_email.unwrap_or(true);
    if by_mail {
        require_mails_left(app, tx, caller.org, &row.email, now).await?;
        outbox::enqueue(tx, Mail::Invitation(row.id), &row.email, now).await?;
    }
    sql::renew(tx, &row, expires_at, resend.rotate_token || expired, by_mail, now).await?;
    let event = Event::new(caller.org, Action::InvitationResent, Target::invitation(row.id, &row.email));
    audit::record(tx, &Origin::from(caller), event, now).await?;
    find_in(tx, caller.org, &id.to_string()).await
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

/// Members without the permission invite members only, and nobody gives more than they have.
fn require_grant(caller: &Caller, role: Role) -> Result<()> {
    if !caller.may(Permission::InviteWrite) && role != Role::Member {
        return Err(Code::PermissionEscalation.into());
    }
    caller.authority().may_grant(role)
}

async fn find_org(tx: &mut Tx, caller: &Caller, now: Timestamp) -> Result<Organization> {
    orgs::find(tx, caller.org, Some(caller.principal.user), now).await?.ok_or_else(|| Code::OrganizationNotFound.into())
}

async fn find_in(tx: &mut Tx, org: OrgId, id: &str) -> Result<Row> {
    let id = id.parse().map_err(|_| Code::InvitationNotFound)?;
    sql::find(tx, id).await?.filter(|row| row.organization_id == org).ok_or_else(|| Code::InvitationNotFound.into())
}

/// An invitation with its link, where the caller may have it.
fn shown(app: &App, caller: &Caller, row: Row) -> Invitation {
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
