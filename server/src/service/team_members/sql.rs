//! The rows of teams' members.

use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, TeamId, UserId};
use domain::page::DEEPEST;
use domain::team::{TeamMember, TeamRole};
use domain::time::Timestamp;

macro_rules! team_member {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select m.member_id, m.user_id, m.user_id as uid, u.username, u.email, u.full_name, u.avatar_url, m.status,
                    t.role as team_role, t.role, t.added_at, t.version, t.name_folded
             from team_members t
             join memberships m on m.organization_id = t.organization_id and m.user_id = t.user_id
             join users u on u.id = t.user_id ",
            $($rest),+
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
    tx.sql(team_member!("where t.team_id = $1 and t.user_id = $2")).bind(team).bind(user).optional().await
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) team: TeamId,
    pub(super) search: Option<String>,
    pub(super) role: Option<TeamRole>,
}

/// `$1` to `$3` are the filters.
macro_rules! matching {
    () => {
        "where t.team_id = $1 and ($2 is null or t.name_folded like $2 escape '\\') and ($3 is null or t.role = $3)"
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Row>> {
    let text = if walk.falling {
        team_member!(
            matching!(),
            " and (t.name_folded, t.user_id) < ($4, $5)
             order by t.name_folded desc, t.user_id desc limit $6 offset $7"
        )
    } else {
        team_member!(
            matching!(),
            " and (t.name_folded, t.user_id) > ($4, $5)
             order by t.name_folded, t.user_id limit $6 offset $7"
        )
    };
    let statement = filter(tx, text, filters).bind(walk.key.text()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from team_members t ", matching!(), " limit $4) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text).bind(filters.team).bind(filters.search.clone()).bind(filters.role)
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
