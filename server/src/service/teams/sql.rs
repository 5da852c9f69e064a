//! The rows of teams.

use super::groups;
use crate::db::{Statement, Tx, one_of_page};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, TeamId, UserId};
use domain::page::DEEPEST;
use domain::team::{Team, TeamRef, TeamRole};
use domain::text::fold;
use domain::time::Timestamp;

/// `$4` is the person who looks.
macro_rules! team {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select t.id, t.slug, t.name, t.description, t.color, t.member_count, mine.role as current_user_role,
                    t.created_at, t.updated_at, t.version
             from teams t left join team_members mine on mine.team_id = t.id and mine.user_id = $4 ",
            $($rest),+
        )
    };
}

/// By id or slug, always within the organization.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, reference: &str, viewer: Option<UserId>) -> Result<Option<Team>> {
    tx.sql(team!("where t.organization_id = $1 and (t.id = $2 or t.slug = $3)"))
        .bind(org)
        .bind(reference.parse::<TeamId>().ok())
        .bind(groups::slug(reference))
        .bind(viewer)
        .optional()
        .await
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) search: Option<String>,
    pub(super) member: Option<UserId>,
}

/// `$1` to `$3` are the filters.
macro_rules! matching {
    () => {
        "where t.organization_id = $1 and ($2 is null or t.name_folded like $2 escape '\\')
           and ($3 is null or exists (select 1 from team_members x where x.team_id = t.id and x.user_id = $3))"
    };
}

/// One order of the list: key, id, limit and offset follow.
macro_rules! list {
    ($column:literal, $than:literal, $direction:literal) => {
        team!(
            matching!(),
            " and (t.",
            $column,
            ", t.id) ",
            $than,
            " ($5, $6)
             order by t.",
            $column,
            " ",
            $direction,
            ", t.id ",
            $direction,
            " limit $7 offset $8"
        )
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, viewer: UserId, sort: &str, walk: &Walk) -> Result<Vec<Team>> {
    let text = match (sort, walk.falling) {
        ("created_at", false) => list!("created_at", ">", "asc"),
        ("created_at", true) => list!("created_at", "<", "desc"),
        ("member_count", false) => list!("member_count", ">", "asc"),
        ("member_count", true) => list!("member_count", "<", "desc"),
        (_, false) => list!("name_folded", ">", "asc"),
        (_, true) => list!("name_folded", "<", "desc"),
    };
    let statement = filter(tx, text, filters).bind(viewer);
    let statement = match sort {
        "name" => statement.bind(walk.key.text()),
        _ => statement.bind(walk.key.number()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from teams t ", matching!(), " limit $4) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text).bind(filters.org).bind(filters.search.clone()).bind(filters.member)
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, team: &Team) -> Result<()> {
    tx.sql(
        "insert into teams (id, organization_id, slug, name, name_folded, description, color, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
    )
    .bind(team.id)
    .bind(org)
    .bind(team.slug.clone())
    .bind(team.name.clone())
    .bind(fold(&team.name))
    .bind(team.description.clone())
    .bind(team.color.clone())
    .bind(team.created_at)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn update(tx: &mut Tx, org: OrgId, team: &Team, now: Timestamp) -> Result<()> {
    tx.sql(
        "update teams set slug = $3, name = $4, name_folded = $5, description = $6, color = $7, updated_at = $8,
                version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(org)
    .bind(team.id)
    .bind(team.slug.clone())
    .bind(team.name.clone())
    .bind(fold(&team.name))
    .bind(team.description.clone())
    .bind(team.color.clone())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Who of these, at most a page, is in which teams.
pub(super) async fn of_members(
    tx: &mut Tx,
    org: OrgId,
    members: impl Iterator<Item = UserId>,
) -> Result<Vec<(UserId, TeamRef)>> {
    let text = concat!(
        "select m.user_id, t.id, t.slug, t.name, m.role
         from team_members m join teams t on t.id = m.team_id
         where m.organization_id = $1 and m.user_id ",
        one_of_page!(),
        " order by t.name_folded, t.id"
    );
    let rows: Vec<(UserId, TeamId, String, String, TeamRole)> =
        tx.sql(text).bind(org).bind_page(members.map(|user| user.0)).all().await?;
    Ok(rows.into_iter().map(|(user, id, slug, name, role)| (user, TeamRef { id, slug, name, role })).collect())
}
