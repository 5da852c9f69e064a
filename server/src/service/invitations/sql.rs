//! The rows of invitations.

use super::first_delivery;
use super::row::Row;
use crate::auth::Caller;
use crate::db::{Tx, one_of_page};
use crate::paging::Walk;
use domain::audit::Action;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{InvitationId, OrgId, UserId};
use domain::invitation::{InvitationStatus, Issue};
use domain::page::DEEPEST;
use domain::policy::Role;
use domain::text::fold;
use domain::time::Timestamp;

macro_rules! invitation {
    (from $tables:expr, $($rest:expr),+ $(,)?) => {
        concat!(
            "select i.id, i.organization_id, i.email, i.name, i.role, i.message, i.redirect_to, i.status,
                    i.token_version, i.expires_at, i.resend_count, i.last_sent_at, i.delivery_state,
                    i.delivery_failed_at, i.delivery_reason, i.accepted_at, i.accepted_by, i.created_at, i.updated_at,
                    i.version, i.invited_by as inviter_id, u.username as inviter_username,
                    u.full_name as inviter_name, o.name as org_name, o.slug as org_slug,
                    o.avatar_url as org_avatar_url, o.verified_at is not null as org_verified, o.status as org_status
             from ",
            $tables,
            " join organizations o on o.id = i.organization_id left join users u on u.id = i.invited_by ",
            $($rest),+
        )
    };
    ($($rest:expr),+ $(,)?) => {
        $crate::service::invitations::sql::invitation!(from "invitations i", $($rest),+)
    };
}
pub(super) use invitation;

/// Whether the status is among the words of `$3`, which come as `,pending,expired,`. One that has expired may be stored
/// as pending: `$2` is the present time.
macro_rules! of_status {
    () => {
        "$3 like '%,' || case when i.status = 'pending' and i.expires_at <= $2 then 'expired' else i.status end || ',%'"
    };
}
pub(super) use of_status;

pub(super) fn words(statuses: &[InvitationStatus]) -> String {
    let keys: Vec<_> = statuses.iter().map(|status| status.key()).collect();
    format!(",{},", keys.join(","))
}

/// What one address has been sent, by organizations that are active.
macro_rules! own {
    () => {
        concat!("where i.email = $1 and o.status = 'active' and ", of_status!())
    };
}

pub(super) async fn list_for(
    tx: &mut Tx,
    email: &str,
    statuses: &[InvitationStatus],
    now: Timestamp,
    walk: &Walk,
) -> Result<Vec<Row>> {
    let text = if walk.falling {
        invitation!(
            own!(),
            " and (i.created_at, i.id) < ($4, $5) order by i.created_at desc, i.id desc limit $6 offset $7"
        )
    } else {
        invitation!(
            own!(),
            " and (i.created_at, i.id) > ($4, $5) order by i.created_at asc, i.id asc limit $6 offset $7"
        )
    };
    tx.sql(text)
        .bind(email.to_owned())
        .bind(now)
        .bind(words(statuses))
        .bind(walk.key.number())
        .bind(walk.id)
        .bind(walk.limit)
        .bind(walk.offset)
        .all()
        .await
}

pub(super) async fn count_for(tx: &mut Tx, email: &str, statuses: &[InvitationStatus], now: Timestamp) -> Result<i64> {
    let text = concat!(
        "select count(*) from (select 1 from invitations i join organizations o on o.id = i.organization_id ",
        own!(),
        " limit $4) counted"
    );
    let statement = tx.sql(text).bind(email.to_owned()).bind(now).bind(words(statuses));
    let (count,): (i64,) = statement.bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// By id alone: for a token, which is proof enough. Everybody else compares the organization.
pub(crate) async fn find(tx: &mut Tx, id: InvitationId) -> Result<Option<Row>> {
    tx.sql(invitation!("where i.id = $1")).bind(id).optional().await
}

pub(super) async fn find_open(tx: &mut Tx, org: OrgId, email: &str) -> Result<Option<InvitationId>> {
    let row: Option<(InvitationId,)> = tx
        .sql("select id from invitations where organization_id = $1 and email = $2 and status = 'pending'")
        .bind(org)
        .bind(email.to_owned())
        .optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

/// An open invitation, or one whose time is over and that nobody has closed yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Open {
    pub(super) id: InvitationId,
    pub(super) email: String,
    pub(super) expires_at: Timestamp,
}

/// The open invitations of some addresses, at most a hundred.
pub(super) async fn find_open_among(tx: &mut Tx, org: OrgId, emails: &[String]) -> Result<Vec<Open>> {
    tx.sql(concat!(
        "select id, email, expires_at from invitations where organization_id = $1 and status = 'pending' and email ",
        one_of_page!()
    ))
    .bind(org)
    .bind_page(emails.iter().cloned())
    .all()
    .await
}

/// These invitations, at most a page of them.
pub(super) async fn find_all(tx: &mut Tx, org: OrgId, ids: &[InvitationId]) -> Result<Vec<Row>> {
    let text = invitation!("where i.organization_id = $1 and i.id ", one_of_page!());
    tx.sql(text).bind(org).bind_page(ids.iter().map(|id| id.0)).all().await
}

pub(super) async fn open_of_inviter(
    tx: &mut Tx,
    org: OrgId,
    inviter: UserId,
) -> Result<Vec<(InvitationId, String, Role)>> {
    tx.sql(
        "select id, email, role from invitations
         where organization_id = $1 and invited_by = $2 and status = 'pending'",
    )
    .bind(org)
    .bind(inviter)
    .all()
    .await
}

/// Whether members invite without the permission to.
pub(super) async fn members_invite(tx: &mut Tx, org: OrgId) -> Result<bool> {
    let (invite,): (bool,) =
        tx.sql("select members_can_invite from organizations where id = $1").bind(org).one().await?;
    Ok(invite)
}

pub(crate) async fn count_open(tx: &mut Tx, org: OrgId, now: Timestamp) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql("select count(*) from invitations where organization_id = $1 and status = 'pending' and expires_at > $2")
        .bind(org)
        .bind(now)
        .one()
        .await?;
    Ok(count)
}

/// Mails from one organization to each of some addresses, at most a hundred, since a time.
pub(super) async fn count_mails(
    tx: &mut Tx,
    org: OrgId,
    emails: &[String],
    since: Timestamp,
) -> Result<Vec<(String, i64)>> {
    tx.sql(concat!(
        "select i.email, count(*) from invitations i join outbox m on m.subject_id = i.id
         where i.organization_id = $1 and m.created_at > $102 and i.email ",
        one_of_page!(),
        " group by i.email"
    ))
    .bind(org)
    .bind_page(emails.iter().cloned())
    .bind(since)
    .all()
    .await
}

/// The log knows when each was; the row itself only counts them.
pub(super) async fn count_sendings(tx: &mut Tx, row: &Row, since: Timestamp) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql(
            "select count(*) from audit_events
             where organization_id = $1 and action in ($2, $3) and target_id = $4 and created_at > $5",
        )
        .bind(row.organization_id)
        .bind(Action::InvitationCreated.name().to_owned())
        .bind(Action::InvitationResent.name().to_owned())
        .bind(row.id.to_string())
        .bind(since)
        .one()
        .await?;
    Ok(count)
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: InvitationId,
    caller: &Caller,
    issue: &Issue,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "insert into invitations (id, organization_id, email, name, name_folded, role, message, redirect_to,
                expires_at, invited_by, delivery_state, last_sent_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    )
    .bind(id)
    .bind(caller.org)
    .bind(issue.email.to_string())
    .bind(issue.name.as_ref().map(ToString::to_string))
    .bind(issue.name.as_ref().map(|name| fold(name.as_str())).unwrap_or_default())
    .bind(role)
    .bind(issue.message.as_ref().map(ToString::to_string))
    .bind(issue.redirect_to.clone())
    .bind(issue.expires_at)
    .bind(caller.principal.person())
    .bind(first_delivery(issue.send_email))
    .bind(issue.send_email.then_some(now))
    .bind(now)
    .execute_or(|| Code::AlreadyInvited.into())
    .await
    .map(drop)
}

pub(super) async fn update(tx: &mut Tx, after: &Row, now: Timestamp) -> Result<()> {
    tx.sql(
        "update invitations set role = $2, name = $3, name_folded = $4, expires_at = $5, updated_at = $6,
                version = version + 1
         where id = $1",
    )
    .bind(after.id)
    .bind(after.role)
    .bind(after.name.clone())
    .bind(after.name.as_deref().map(fold).unwrap_or_default())
    .bind(after.expires_at)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn renew(
    tx: &mut Tx,
    row: &Row,
    expires_at: Timestamp,
    rotate: bool,
    by_mail: bool,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "update invitations set status = 'pending', expires_at = $2, token_version = token_version + $3,
                resend_count = resend_count + 1, updated_at = $4, version = version + 1,
                delivery_state = case when $5 then 'queued' else delivery_state end,
                delivery_failed_at = null, delivery_reason = null,
                last_sent_at = case when $5 then $4 else last_sent_at end
         where id = $1",
    )
    .bind(row.id)
    .bind(expires_at)
    .bind(i64::from(rotate))
    .bind(now)
    .bind(by_mail)
    .execute()
    .await
    .map(drop)
}

/// Ends an invitation that is still pending, or was found expired; says whether it was.
pub(crate) async fn close(tx: &mut Tx, id: InvitationId, status: InvitationStatus, now: Timestamp) -> Result<bool> {
    let closed = tx
        .sql(
            "update invitations set status = $2, updated_at = $3, version = version + 1
             where id = $1 and status in ('pending', 'expired') and status <> $2",
        )
        .bind(id)
        .bind(status)
        .bind(now)
        .execute()
        .await?;
    Ok(closed == 1)
}

/// Of several at once, one gets it.
pub(crate) async fn accept(
    tx: &mut Tx,
    id: InvitationId,
    token_version: i64,
    by: UserId,
    now: Timestamp,
) -> Result<bool> {
    let accepted = tx
        .sql(
            "update invitations set status = 'accepted', accepted_at = $3, accepted_by = $4, updated_at = $3,
                    version = version + 1
             where id = $1 and token_version = $2 and status = 'pending' and expires_at > $3",
        )
        .bind(id)
        .bind(token_version)
        .bind(now)
        .bind(by)
        .execute()
        .await?;
    Ok(accepted == 1)
}
