//! The rows of members.

use crate::db::{Statement, Tx, one_of_page};
use crate::paging::Walk;
use crate::service::roles::sql::count_holders;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{MemberId, OrgId, RoleId, TeamId, UserId, WorkspaceId};
use domain::member::{Member, MemberStatus, RemovalPreview};
use domain::page::DEEPEST;
use domain::policy::Role;
use domain::time::Timestamp;

macro_rules! member {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select m.member_id, m.user_id, m.user_id as uid, u.username, u.email, u.full_name, u.avatar_url, m.role,
                    m.status, m.suspended_reason, false as two_factor_enabled, m.last_active_at, m.joined_at,
                    m.invited_by, m.version, m.name_folded
             from memberships m join users u on u.id = m.user_id ",
            $($rest),+
        )
    };
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub(super) member: Member,
    pub(super) name_folded: String,
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) search: Option<String>,
    pub(super) roles: Vec<Role>,
    pub(super) own_roles: Vec<RoleId>,
    pub(super) status: Option<MemberStatus>,
    pub(super) team: Option<TeamId>,
    pub(super) in_no_team: bool,
    pub(super) workspace: Option<WorkspaceId>,
    pub(super) has_2fa: Option<bool>,
    pub(super) joined_from: Option<Timestamp>,
    pub(super) joined_to: Option<Timestamp>,
}

impl Filters {
    /// All members of an organization.
    pub(super) fn of(org: OrgId) -> Self {
        Self {
            org,
            search: None,
            roles: Vec::new(),
            own_roles: Vec::new(),
            status: None,
            team: None,
            in_no_team: false,
            workspace: None,
            has_2fa: None,
            joined_from: None,
            joined_to: None,
        }
    }
}

/// `$1` to `$11` are the filters. Roles come as `,admin,owner,` and the ids of the organization's own as `,1234,5678,`;
/// either is enough. Nobody has a second factor yet.
macro_rules! matching {
    () => {
        "where m.organization_id = $1
           and ($2 is null or m.name_folded like $2 escape '\\' or m.email like $2 escape '\\'
                or m.username like $2 escape '\\')
           and (($3 = '' and $4 = '') or $3 like '%,' || m.role || ',%'
                or ($4 <> '' and exists (select 1 from member_roles h
                                         where h.organization_id = m.organization_id and h.user_id = m.user_id
                                           and $4 like '%,' || cast(h.role_id as text) || ',%')))
           and ($5 is null or m.status = $5)
           and ($6 is null or exists (select 1 from team_members t where t.team_id = $6 and t.user_id = m.user_id))
           and (not $7 or not exists (select 1 from team_members t
                                      where t.organization_id = m.organization_id and t.user_id = m.user_id))
           and ($8 is null or exists (select 1 from workspace_members w
                                      where w.workspace_id = $8 and w.user_id = m.user_id))
           and ($9 is null or $9 = false)
           and ($10 is null or m.joined_at >= $10) and ($11 is null or m.joined_at <= $11)"
    };
}

/// One order of the list: key, id, limit and offset follow the filters.
macro_rules! list {
    ($column:literal, $than:literal, $direction:literal) => {
        member!(
            matching!(),
            " and (m.",
            $column,
            ", m.user_id) ",
            $than,
            " ($12, $13)
             order by m.",
            $column,
            " ",
            $direction,
            ", m.user_id ",
            $direction,
            " limit $14 offset $15"
        )
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, sort: &str, walk: &Walk) -> Result<Vec<Row>> {
    let text = match (sort, walk.falling) {
        ("email", false) => list!("email", ">", "asc"),
        ("email", true) => list!("email", "<", "desc"),
        ("joined_at", false) => list!("joined_at", ">", "asc"),
        ("joined_at", true) => list!("joined_at", "<", "desc"),
        (_, false) => list!("name_folded", ">", "asc"),
        (_, true) => list!("name_folded", "<", "desc"),
    };
    let statement = filter(tx, text, filters);
    let statement = match sort {
        "joined_at" => statement.bind(walk.key.number()),
        _ => statement.bind(walk.key.text()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from memberships m ", matching!(), " limit $12) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.org)
        .bind(filters.search.clone())
        .bind(words(filters.roles.iter().map(|role| role.key().to_owned())))
        .bind(words(filters.own_roles.iter().map(RoleId::to_string)))
        .bind(filters.status)
        .bind(filters.team)
        .bind(filters.in_no_team)
        .bind(filters.workspace)
        .bind(filters.has_2fa)
        .bind(filters.joined_from)
        .bind(filters.joined_to)
}

/// As `,one,two,`; nothing for none.
fn words(words: impl Iterator<Item = String>) -> String {
    let joined: String = words.map(|word| format!(",{word}")).collect();
    if joined.is_empty() { joined } else { format!("{joined},") }
}

/// By membership id, user id or `@me`; always within the organization.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, reference: &str, me: UserId) -> Result<Option<Member>> {
    let by_user = if reference == "@me" { Some(me) } else { reference.parse().ok() };
    if let Some(user) = by_user {
        let text = member!("where m.organization_id = $1 and m.user_id = $2");
        return tx.sql(text).bind(org).bind(user).optional().await;
    }
    let plain = !reference.starts_with('0') && reference.bytes().all(|byte| byte.is_ascii_digit());
    let Some(id) = reference.parse().ok().filter(|_| plain) else { return Ok(None) };
    let text = member!("where m.organization_id = $1 and m.member_id = $2");
    tx.sql(text).bind(org).bind(MemberId(id)).optional().await
}

/// At most a page of people.
pub(super) async fn find_all(tx: &mut Tx, org: OrgId, people: &[UserId]) -> Result<Vec<Member>> {
    let text = member!("where m.organization_id = $1 and m.user_id ", one_of_page!());
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
