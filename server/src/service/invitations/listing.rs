//! The rows of an organization's list of invitations. One statement for each order and each index that narrows it.

use super::row::Row;
use super::sql::{invitation, of_status, words};
use crate::db::search::{Search, invitation_candidates, reached, searched};
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, RoleId, UserId};
use domain::invitation::InvitationStatus;
use domain::page::DEEPEST;
use domain::policy::Role;
use domain::time::Timestamp;

pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) now: Timestamp,
    pub(super) search: Option<Search>,
    pub(super) statuses: Vec<InvitationStatus>,
    pub(super) role: Option<Role>,
    pub(super) own_role: Option<RoleId>,
    pub(super) invited_by: Option<UserId>,
}

impl Filters {
    /// The status that all of the list is stored with, if it is one.
    fn stored(&self) -> Option<InvitationStatus> {
        match self.statuses.as_slice() {
            [status] if *status != InvitationStatus::Expired => Some(*status),
            _ => None,
        }
    }

    /// Whether only what is open or expired is asked for, as it usually is.
    fn is_of_open(&self) -> bool {
        let open = [InvitationStatus::Pending, InvitationStatus::Expired];
        self.statuses.iter().all(|status| open.contains(status))
    }
}

/// Where rows come from, and on which condition, for the statement that is named: one for each index. `$1` is the
/// organization, `$4` the text to search for, `$8` the status that is stored.
macro_rules! all {
    ($statement:ident $($rest:tt)*) => { $statement!("invitations i", "i.organization_id = $1" $($rest)*) };
}

macro_rules! of_stored_status {
    ($statement:ident $($rest:tt)*) => {
        $statement!("invitations i", "i.organization_id = $1 and i.status = $8" $($rest)*)
    };
}

/// Each part is in order by itself, and the two are merged: so it is said for Postgres, which would sort them
/// otherwise.
macro_rules! of_open {
    ($statement:ident $direction:literal $($rest:tt)*) => {
        $statement!(
            concat!(
                "(select * from (select * from invitations where organization_id = $1 and status = 'pending'
                                 order by created_at ",
                $direction,
                ", id ",
                $direction,
                ") p union all
                  select * from (select * from invitations where organization_id = $1 and status = 'expired'
                                 order by created_at ",
                $direction,
                ", id ",
                $direction,
                ") e) i"
            ),
            "i.organization_id = $1"
            $($rest)*
        )
    };
}

macro_rules! found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            invitation_candidates("$4", "$1"),
            $statement!(
                "candidates c cross join invitations i",
                "i.organization_id = c.scope and i.id = c.id"
                $($rest)*
            )
        )
    };
}

/// `$1` to `$8` are the filters, without what the tables see to themselves.
macro_rules! matching {
    () => {
        concat!(
            " and ",
            of_status!(),
            " and ($5 is null or i.role = $5)
              and ($6 is null or exists (select 1 from invitation_roles g
                                         where g.invitation_id = i.id and g.role_id = $6))
              and ($7 is null or i.invited_by = $7)"
        )
    };
}

/// One part of the list in one order: key, id, limit and offset follow the filters.
macro_rules! part {
    ($tables:expr, $condition:literal, $key:literal, $than:literal, $direction:literal) => {
        invitation!(
            from $tables,
            " where ",
            $condition,
            matching!(),
            " and (",
            $key,
            ", i.id) ",
            $than,
            " ($9, $10) order by ",
            $key,
            " ",
            $direction,
            ", i.id ",
            $direction,
            " limit $11 offset $12"
        )
    };
}

macro_rules! counted {
    ($tables:expr, $condition:literal) => {
        concat!(
            "select count(*) from (select 1 from ",
            $tables,
            " where ",
            $condition,
            matching!(),
            " limit $9) counted"
        )
    };
}

macro_rules! in_order {
    ($from:ident, $sort:expr, $walk:expr) => {
        match ($sort, $walk.falling) {
            ("email", false) => $from!(part, "i.email", ">", "asc"),
            ("email", true) => $from!(part, "i.email", "<", "desc"),
            ("expires_at", false) => $from!(part, "i.expires_at", ">", "asc"),
            ("expires_at", true) => $from!(part, "i.expires_at", "<", "desc"),
            (_, false) => $from!(part, "i.created_at", ">", "asc"),
            (_, true) => $from!(part, "i.created_at", "<", "desc"),
        }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, sort: &str, walk: &Walk) -> Result<Vec<Row>> {
    let by_age = sort == "created_at";
    let text = match &filters.search {
        Some(search) => tx.form(in_order!(found, sort, walk), search),
        None if by_age && filters.stored().is_some() => in_order!(of_stored_status, sort, walk),
        None if by_age && filters.is_of_open() && walk.falling => {
            of_open!(part "desc", "i.created_at", "<", "desc")
        }
        None if by_age && filters.is_of_open() => of_open!(part "asc", "i.created_at", ">", "asc"),
        None => in_order!(all, sort, walk),
    };
    let statement = filter(tx, text, filters);
    let statement = match sort {
        "email" => statement.bind(walk.key.text()),
        _ => statement.bind(walk.key.number()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = match &filters.search {
        Some(search) => tx.form(found!(counted), search),
        None if filters.stored().is_some() => of_stored_status!(counted),
        None if filters.is_of_open() => of_open!(counted "asc"),
        None => all!(counted),
    };
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found than a search takes.
pub(super) async fn is_capped(tx: &mut Tx, filters: &Filters) -> Result<bool> {
    match &filters.search {
        Some(search) => tx.is_capped(reached!(invitation_candidates("$1", "$3")), search, Some(filters.org.0)).await,
        None => Ok(false),
    }
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.org)
        .bind(filters.now)
        .bind(words(&filters.statuses))
        .bind(filters.search.as_ref().map(Search::text))
        .bind(filters.role)
        .bind(filters.own_role)
        .bind(filters.invited_by)
        .bind(filters.stored())
}
