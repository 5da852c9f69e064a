//! The rows of teams' members.

use crate::db::search::{Search, member_candidates, reached, searched};
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, TeamId, UserId};
use domain::page::DEEPEST;
use domain::team::{TeamMember, TeamRole};
use domain::time::Timestamp;

macro_rules! team_member {
    ($tables:literal, $condition:literal, $($rest:expr),+) => {
        concat!(
            "select m.member_id, m.user_id, m.user_id as uid, u.username, u.email, u.full_name, u.avatar_url, m.status,
                    t.role as team_role, t.role, t.added_at, t.version, t.name_folded
             from ",
            $tables,
            " join users u on u.id = t.user_id where ",
            $condition,
            $($rest),+
        )
    };
}

/// Where rows come from, and on which condition, for the statement that is named: one for each index. `$1` is the team.
macro_rules! all {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "team_members t join memberships m on m.organization_id = t.organization_id and m.user_id = t.user_id",
            "t.team_id = $1"
            $($rest)*
        )
    };
}

macro_rules! found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            member_candidates("$4", "$5", "$6"),
            $statement!(
                "candidates c cross join memberships m cross join team_members t",
                "m.organization_id = c.scope and m.user_id = c.id
                 and t.organization_id = m.organization_id and t.team_id = $1 and t.user_id = m.user_id"
                $($rest)*
            )
        )
    };
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub(super) member: TeamMember,
    pub(super) name_folded: String,
}

/// The team is known to be of the right organization.
pub(super) async fn find(tx: &mut Tx, team: TeamId, user: UserId) -> Result<Option<TeamMember>> {
    tx.sql(all!(team_member, " and t.user_id = $2")).bind(team).bind(user).optional().await
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) team: TeamId,
    pub(super) search: Option<Search>,
    pub(super) role: Option<TeamRole>,
}

/// `$1` to `$6` are the filters; the last three are for the candidates.
macro_rules! matching {
    () => {
        " and ($2 is null or t.name_folded like $2 escape '\\') and ($3 is null or t.role = $3)"
    };
}

/// One part of the list in one order: key, id, limit and offset follow the filters.
macro_rules! part {
    ($tables:literal, $condition:literal, $key:literal, $than:literal, $direction:literal) => {
        team_member!(
            $tables,
            $condition,
            matching!(),
            " and (",
            $key,
            ", t.user_id) ",
            $than,
            " ($7, $8) order by ",
            $key,
            " ",
            $direction,
            ", t.user_id ",
            $direction,
            " limit $9 offset $10"
        )
    };
}

macro_rules! counted {
    ($tables:literal, $condition:literal) => {
        concat!(
            "select count(*) from (select 1 from ",
            $tables,
            " where ",
            $condition,
            matching!(),
            " limit $7) counted"
        )
    };
}

/// What was found is sorted by the name of the membership, of which the team has a copy: in the order of the copies
/// Postgres might go through the whole team instead.
pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Row>> {
    let text = match (&filters.search, walk.falling) {
        (Some(search), false) => tx.form(found!(part, "m.name_folded", ">", "asc"), search),
        (Some(search), true) => tx.form(found!(part, "m.name_folded", "<", "desc"), search),
        (None, false) => all!(part, "t.name_folded", ">", "asc"),
        (None, true) => all!(part, "t.name_folded", "<", "desc"),
    };
    let statement = filter(tx, text, filters).bind(walk.key.text()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = match &filters.search {
        Some(search) => tx.form(found!(counted), search),
        None => counted!("team_members t", "t.team_id = $1"),
    };
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found in the organization than a search takes.
pub(super) async fn is_capped(tx: &mut Tx, filters: &Filters) -> Result<bool> {
    match &filters.search {
        Some(search) => tx.is_capped(reached!(member_candidates("$1", "$2", "$3")), search, Some(filters.org.0)).await,
        None => Ok(false),
    }
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.team)
        .bind(filters.search.as_ref().map(Search::pattern))
        .bind(filters.role)
        .bind(filters.search.as_ref().map(Search::text))
        .bind(filters.search.as_ref().map(Search::end))
        .bind(filters.org)
}

pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    team: TeamId,
    user: UserId,
    role: TeamRole,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "insert into team_members (organization_id, team_id, user_id, role, name_folded, added_at, updated_at)
         select m.organization_id, $2, m.user_id, $4, m.name_folded, $5, $5
         from memberships m where m.organization_id = $1 and m.user_id = $3",
    )
    .bind(org)
    .bind(team)
    .bind(user)
    .bind(role)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn set_role(tx: &mut Tx, team: TeamId, user: UserId, role: TeamRole, now: Timestamp) -> Result<()> {
    tx.sql(
        "update team_members set role = $3, updated_at = $4, version = version + 1
         where team_id = $1 and user_id = $2",
    )
    .bind(team)
    .bind(user)
    .bind(role)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn delete(tx: &mut Tx, team: TeamId, user: UserId) -> Result<()> {
    let sql = "delete from team_members where team_id = $1 and user_id = $2";
    tx.sql(sql).bind(team).bind(user).execute().await.map(drop)
}
