//! The rows of a list of members. One statement for each order and each index that narrows it: what a list is narrowed
//! to must not cost a walk past everybody else.

use super::sql::member;
use crate::db::search::{Search, member_candidates, reached, searched};
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, RoleId, TeamId, WorkspaceId};
use domain::member::{Member, MemberStatus};
use domain::page::DEEPEST;
use domain::policy::Role;
use domain::time::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub(super) member: Member,
    pub(super) name_folded: String,
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) search: Option<Search>,
    pub(super) roles: Vec<Role>,
    pub(super) own_roles: Vec<RoleId>,
    pub(super) status: Option<MemberStatus>,
    pub(super) team: Option<TeamId>,
    pub(super) in_no_team: bool,
    pub(super) workspace: Option<WorkspaceId>,
    pub(super) has_2fa: Option<bool>,
    pub(super) joined_from: Timestamp,
    pub(super) joined_to: Timestamp,
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
            joined_from: Timestamp::from_millis(0),
            joined_to: Timestamp::from_millis(i64::MAX),
        }
    }

    /// The role that the list is narrowed to, if it is the system's and the only one.
    fn role(&self) -> Option<Role> {
        match (self.roles.as_slice(), self.own_roles.as_slice()) {
            ([role], []) => Some(*role),
            _ => None,
        }
    }
}

/// Where rows come from, and on which condition, for the statement that is named: one for each index. `$1` is the
/// organization, `$2` and `$3` are the text to search for and its end, `$8` the team, `$10` the workspace, `$14` the role.
macro_rules! all {
    ($statement:ident $($rest:tt)*) => { $statement!("memberships m", "m.organization_id = $1" $($rest)*) };
}

macro_rules! of_role {
    ($statement:ident $($rest:tt)*) => {
        $statement!("memberships m", "m.organization_id = $1 and m.role = $14" $($rest)*)
    };
}

macro_rules! suspended {
    ($statement:ident $($rest:tt)*) => {
        $statement!("memberships m", "m.organization_id = $1 and m.status = 'suspended'" $($rest)*)
    };
}

macro_rules! of_team {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "team_members g cross join memberships m",
            "g.team_id = $8 and m.organization_id = g.organization_id and m.user_id = g.user_id"
            $($rest)*
        )
    };
}

macro_rules! of_workspace {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "workspace_members g cross join memberships m",
            "g.workspace_id = $10 and m.organization_id = g.organization_id and m.user_id = g.user_id"
            $($rest)*
        )
    };
}

macro_rules! found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            member_candidates("$2", "$3", "$1"),
            $statement!(
                "candidates c cross join memberships m",
                "m.organization_id = c.scope and m.user_id = c.id"
                $($rest)*
            )
        )
    };
}

/// `$1` to `$13` are the filters. Roles come as `,admin,owner,` and the ids of the organization's own as `,1234,5678,`;
/// either is enough. Nobody has a second factor yet.
macro_rules! matching {
    ($since:literal, $until:literal) => {
        concat!(
            " and ($4 is null or m.name_folded like $4 escape '\\' or m.email like $4 escape '\\'
                   or m.username like $4 escape '\\')
              and (($5 = '' and $6 = '') or $5 like '%,' || m.role || ',%'
                   or ($6 <> '' and exists (select 1 from member_roles h
                                            where h.organization_id = $1 and h.user_id = m.user_id
                                              and $6 like '%,' || cast(h.role_id as text) || ',%')))
              and ($7 is null or m.status = $7)
              and ($8 is null or exists (select 1 from team_members t
                                         where t.team_id = $8 and t.user_id = m.user_id))
              and (not $9 or not exists (select 1 from team_members t
                                         where t.organization_id = $1 and t.user_id = m.user_id))
              and ($10 is null or exists (select 1 from workspace_members w
                                          where w.workspace_id = $10 and w.user_id = m.user_id))
              and ($11 is null or $11 = false)
              and ",
            $since,
            " >= $12 and ",
            $until,
            " <= $13"
        )
    };
}

/// One part of the list in one order: key, id, limit and offset follow the filters.
macro_rules! part {
    ($tables:literal, $condition:literal, $key:literal, $id:literal, $than:literal, $direction:literal,
     $since:literal, $until:literal) => {
        member!(
            $tables,
            " join users u on u.id = m.user_id where ",
            $condition,
            matching!($since, $until),
            " and (",
            $key,
            ", ",
            $id,
            ") ",
            $than,
            " ($15, $16) order by ",
            $key,
            " ",
            $direction,
            ", ",
            $id,
            " ",
            $direction,
            " limit $17 offset $18"
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
            matching!("m.joined_at", "m.joined_at"),
            " limit $15) counted"
        )
    };
}

/// An edge of the period is bare of the index by its `+` unless it is what the reading comes to: the index is to be that
/// of the order, and begins where the reading goes on.
macro_rules! in_order {
    ($from:ident, $sort:expr, $walk:expr) => {
        match ($sort, $walk.falling) {
            ("email", false) => $from!(part, "m.email", "m.user_id", ">", "asc", "+m.joined_at", "+m.joined_at"),
            ("email", true) => $from!(part, "m.email", "m.user_id", "<", "desc", "+m.joined_at", "+m.joined_at"),
            ("joined_at", false) => $from!(part, "m.joined_at", "m.user_id", ">", "asc", "+m.joined_at", "m.joined_at"),
            ("joined_at", true) => $from!(part, "m.joined_at", "m.user_id", "<", "desc", "m.joined_at", "+m.joined_at"),
            (_, false) => $from!(part, "m.name_folded", "m.user_id", ">", "asc", "+m.joined_at", "+m.joined_at"),
            (_, true) => $from!(part, "m.name_folded", "m.user_id", "<", "desc", "+m.joined_at", "+m.joined_at"),
        }
    };
}

/// Who is in a group stands there by name, and in no other order.
macro_rules! by_name {
    ($from:ident, $walk:expr) => {
        if $walk.falling {
            $from!(part, "g.name_folded", "g.user_id", "<", "desc", "+m.joined_at", "+m.joined_at")
        } else {
            $from!(part, "g.name_folded", "g.user_id", ">", "asc", "+m.joined_at", "+m.joined_at")
        }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, sort: &str, walk: &Walk) -> Result<Vec<Row>> {
    let text = match filters {
        Filters { search: Some(search), .. } => tx.form(in_order!(found, sort, walk), search),
        Filters { team: Some(_), .. } if sort == "name" => by_name!(of_team, walk),
        Filters { workspace: Some(_), .. } if sort == "name" => by_name!(of_workspace, walk),
        _ if filters.role().is_some() => in_order!(of_role, sort, walk),
        Filters { status: Some(MemberStatus::Suspended), .. } => in_order!(suspended, sort, walk),
        _ => in_order!(all, sort, walk),
    };
    let statement = filter(tx, text, filters);
    let statement = match sort {
        "joined_at" => statement.bind(walk.key.number()),
        _ => statement.bind(walk.key.text()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = match filters {
        Filters { search: Some(search), .. } => tx.form(found!(counted), search),
        Filters { team: Some(_), .. } => of_team!(counted),
        Filters { workspace: Some(_), .. } => of_workspace!(counted),
        _ if filters.role().is_some() => of_role!(counted),
        Filters { status: Some(MemberStatus::Suspended), .. } => suspended!(counted),
        _ => all!(counted),
    };
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found than a search takes.
pub(super) async fn is_capped(tx: &mut Tx, filters: &Filters) -> Result<bool> {
    match &filters.search {
        Some(search) => tx.is_capped(reached!(member_candidates("$1", "$2", "$3")), search, Some(filters.org.0)).await,
        None => Ok(false),
    }
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.org)
        .bind(filters.search.as_ref().map(Search::text))
        .bind(filters.search.as_ref().map(Search::end))
        .bind(filters.search.as_ref().map(Search::pattern))
        .bind(words(filters.roles.iter().map(|role| role.key().to_owned())))
        .bind(words(filters.own_roles.iter().map(RoleId::to_string)))
        .bind(filters.status)
        .bind(filters.team)
        .bind(filters.in_no_team)
        .bind(filters.workspace)
        .bind(filters.has_2fa)
        .bind(filters.joined_from)
        .bind(filters.joined_to)
        .bind(filters.role())
}

/// As `,one,two,`; nothing for none.
fn words(words: impl Iterator<Item = String>) -> String {
    let joined: String = words.map(|word| format!(",{word}")).collect();
    if joined.is_empty() { joined } else { format!("{joined},") }
}
