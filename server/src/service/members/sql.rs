//! The rows of members.

use crate::db::{Statement, Tx, one_of_page};
use crate::paging::Walk;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{MemberId, OrgId, UserId};
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
    pub(super) status: Option<MemberStatus>,
}

/// `$1` to `$4` are the filters; roles come as `,admin,owner,`.
macro_rules! matching {
    () => {
        "where m.organization_id = $1
           and ($2 is null or m.name_folded like $2 escape '\\' or m.email like $2 escape '\\'
                or m.username like $2 escape '\\')
           and ($3 = '' or $3 like '%,' || m.role || ',%')
           and ($4 is null or m.status = $4)"
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
            " ($5, $6)
             order by m.",
            $column,
            " ",
            $direction,
            ", m.user_id ",
            $direction,
            " limit $7 offset $8"
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
    let text = concat!("select count(*) from (select 1 from memberships m ", matching!(), " limit $5) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    let roles: String = filters.roles.iter().flat_map(|role| [",", role.key()]).collect();
    let roles = if roles.is_empty() { roles } else { format!("{roles},") };
    tx.sql(text).bind(filters.org).bind(filters.search.clone()).bind(roles).bind(filters.status)
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

pub(crate) async fn find_by_email(tx: &mut Tx, org: OrgId, email: &str) -> Result<Option<MemberId>> {
    let row: Option<(MemberId,)> = tx
        .sql("select member_id from memberships where organization_id = $1 and email = $2")
        .bind(org)
        .bind(email.to_owned())
        .optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

pub(crate) async fn set_role(tx: &mut Tx, org: OrgId, user: UserId, role: Role, now: Timestamp) -> Result<()> {
    let changed = tx
        .sql(
            "update memberships set role = $3, updated_at = $4, version = version + 1
             where organization_id = $1 and user_id = $2",
        )
        .bind(org)
        .bind(user)
        .bind(role)
        .bind(now)
        .execute()
        .await?;
    if changed == 1 { Ok(()) } else { Err(Code::MemberNotFound.into()) }
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
