//! The rows of members.

use crate::db::{Tx, one_of_page};
use crate::service::roles::sql::count_holders;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{MemberId, OrgId, RoleId, UserId};
use domain::member::{Member, MemberStatus, RemovalPreview};
use domain::policy::Role;
use domain::time::Timestamp;

/// Of `memberships m` and `users u`.
macro_rules! member {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select m.member_id, m.user_id, m.user_id as uid, u.username, u.email, u.full_name, u.avatar_url, m.role,
                    m.status, m.suspended_reason, false as two_factor_enabled, m.last_active_at, m.joined_at,
                    m.invited_by, m.version, m.name_folded
             from ",
            $($rest),+
        )
    };
}
pub(super) use member;

/// By membership id, user id or `@me`; always within the organization.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, reference: &str, me: UserId) -> Result<Option<Member>> {
    let by_user = if reference == "@me" { Some(me) } else { reference.parse().ok() };
    if let Some(user) = by_user {
        let text =
            member!("memberships m join users u on u.id = m.user_id where m.organization_id = $1 and m.user_id = $2");
        return tx.sql(text).bind(org).bind(user).optional().await;
    }
    let plain = !reference.starts_with('0') && reference.bytes().all(|byte| byte.is_ascii_digit());
    let Some(id) = reference.parse().ok().filter(|_| plain) else { return Ok(None) };
    let text =
        member!("memberships m join users u on u.id = m.user_id where m.organization_id = $1 and m.member_id = $2");
    tx.sql(text).bind(org).bind(MemberId(id)).optional().await
}

/// At most a page of people.
pub(super) async fn find_all(tx: &mut Tx, org: OrgId, people: &[UserId]) -> Result<Vec<Member>> {
    let text = member!(
        "memberships m join users u on u.id = m.user_id where m.organization_id = $1 and m.user_id ",
        one_of_page!()
    );
    tx.sql(text).bind(org).bind_page(people.iter().map(|user| user.0)).all().await
}

/// Who of these addresses, at most a hundred, is a member.
pub(crate) async fn find_by_emails(tx: &mut Tx, org: OrgId, emails: &[String]) -> Result<Vec<(String, MemberId)>> {
    let text =
        concat!("select email, member_id from memberships where organization_id = $1 and email ", one_of_page!());
    tx.sql(text).bind(org).bind_page(emails.iter().cloned()).all().await
}

/// Gives another system role, and counts it.
pub(crate) async fn set_role(tx: &mut Tx, org: OrgId, user: UserId, from: Role, to: Role) -> Result<()> {
    let changed = tx
        .sql("update memberships set role = $4 where organization_id = $1 and user_id = $2 and role = $3")
        .bind(org)
        .bind(user)
        .bind(from)
        .bind(to)
        .execute()
        .await?;
    if changed != 1 {
        return Err(Code::MemberNotFound.into());
    }
    count_holders(tx, org, RoleId(from.id()), -1).await?;
    count_holders(tx, org, RoleId(to.id()), 1).await
}

pub(super) async fn set_status(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    status: MemberStatus,
    reason: Option<String>,
    now: Timestamp,
) -> Result<()> {
    let sql = "update memberships set status = $3, suspended_reason = $4
               where organization_id = $1 and user_id = $2 and role <> 'owner'";
    tx.sql(sql).bind(org).bind(user).bind(status).bind(reason).execute().await?;
    touch(tx, org, user, now).await
}

/// A membership that was changed has another version.
pub(crate) async fn touch(tx: &mut Tx, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
    tx.sql("update memberships set updated_at = $3, version = version + 1 where organization_id = $1 and user_id = $2")
        .bind(org)
        .bind(user)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn delete(tx: &mut Tx, org: OrgId, user: UserId) -> Result<()> {
    let sql = "delete from memberships where organization_id = $1 and user_id = $2";
    let deleted = tx.sql(sql).bind(org).bind(user).execute().await?;
    if deleted == 1 { Ok(()) } else { Err(Code::MemberNotFound.into()) }
}

pub(super) async fn preview_removal(tx: &mut Tx, org: OrgId, user: UserId, now: Timestamp) -> Result<RemovalPreview> {
    tx.sql(
        "select (select count(*) from team_members where organization_id = $1 and user_id = $2) as teams,
                (select count(*) from workspace_members where organization_id = $1 and user_id = $2) as workspaces,
                (select count(*) from invitations
                 where organization_id = $1 and invited_by = $2 and status = 'pending' and expires_at > $3)
                    as pending_invitations,
                (select count(*) from tokens
                 where user_id = $2 and revoked_at is null and (expires_at is null or expires_at > $3))
                    as personal_tokens",
    )
    .bind(org)
    .bind(user)
    .bind(now)
    .one()
    .await
}
