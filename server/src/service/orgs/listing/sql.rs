//! The rows of lists of organizations.

use super::Filters;
use crate::db::search::{Search, organization_candidates, reached, searched};
use crate::db::{Statement, Tx, hex};
use crate::paging::Walk;
use crate::service::orgs::sql::organization;
use domain::error::Result;
use domain::org::{Organization, Scope};
use domain::page::DEEPEST;
use domain::time::Timestamp;

/// Where rows come from, and on which condition, for the statement that is named: one for each index. What a person is in
/// is read from their memberships, whatever the order.
macro_rules! mine {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "memberships m cross join organizations o",
            "o.id = m.organization_id and m.user_id = $1 and m.status = 'active'
               and ($17 is null or $17 like '%' || hex(m.organization_id) || '%')
               and (o.status <> 'pending_deletion' or m.role = 'owner')"
            $($rest)*
        )
    };
}

macro_rules! published {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'",
            "o.visibility = 'public' and o.status = 'active'"
            $($rest)*
        )
    };
}

macro_rules! published_found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            organization_candidates("$14", "$15", "$8"),
            $statement!(
                "candidates c cross join organizations o left join memberships m
                    on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'",
                "o.id = c.id and o.visibility = 'public' and o.status = 'active'"
                $($rest)*
            )
        )
    };
}

macro_rules! every {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'",
            "o.id is not null"
            $($rest)*
        )
    };
}

macro_rules! every_of_status {
    ($statement:ident $($rest:tt)*) => {
        $statement!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'",
            "o.status = $5"
            $($rest)*
        )
    };
}

macro_rules! every_found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            organization_candidates("$14", "$15", "$8"),
            $statement!(
                "candidates c cross join organizations o left join memberships m
                    on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'",
                "o.id = c.id"
                $($rest)*
            )
        )
    };
}

/// `$1` is who looks, `$2` the present time, which not every statement needs, and `$3` to `$13` are the filters. `$14` and
/// `$15` are the text to search for and its end. Only the platform, which sees all, finds organizations by their owners.
/// What the credential is good for, `$17`, concerns one's own alone.
/// The role is bare of the index of all owners, which is no way to find one person's memberships.
macro_rules! matching {
    ($since:literal, $until:literal) => {
        concat!(
            " and $2 is not null
              and ($3 is null or o.name_folded like $3 escape '\\' or o.slug like $3 escape '\\' or o.id = $8
                   or ($16 and exists (select 1 from users u
                                       where u.id = o.owner_id and u.email like $3 escape '\\')))
              and ($4 is null or coalesce(m.role, '') = $4) and ($5 is null or o.status = $5)
              and ($6 is null or o.visibility = $6) and ($7 is null or o.industry = $7)
              and ($9 is null or (o.verified_at is not null) = $9) and ($10 is null or o.kind = $10)
              and ($11 is null or o.country_code = $11)
              and ",
            $since,
            " >= $12 and ",
            $until,
            " <= $13"
        )
    };
}

/// One part of the list in one order: key, id, limit and offset follow.
macro_rules! part {
    ($tables:literal, $condition:literal, $key:literal, $than:literal, $direction:literal,
     $since:literal, $until:literal) => {
        organization!(
            $tables,
            " where ",
            $condition,
            matching!($since, $until),
            " and (",
            $key,
            ", o.id) ",
            $than,
            " ($18, $19) order by ",
            $key,
            " ",
            $direction,
            ", o.id ",
            $direction,
            " limit $20 offset $21"
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
            matching!("o.created_at", "o.created_at"),
            " limit $18) counted"
        )
    };
}

/// An edge of the period is bare of the index by its `+` unless it is what the reading comes to: the index is to be that
/// of the order, and begins where the reading goes on.
macro_rules! in_order {
    ($from:ident, $sort:expr, $walk:expr) => {
        match ($sort, $walk.falling) {
            ("created_at", false) => $from!(part, "o.created_at", ">", "asc", "+o.created_at", "o.created_at"),
            ("created_at", true) => $from!(part, "o.created_at", "<", "desc", "o.created_at", "+o.created_at"),
            ("member_count", false) => $from!(part, "o.member_count", ">", "asc", "+o.created_at", "+o.created_at"),
            ("member_count", true) => $from!(part, "o.member_count", "<", "desc", "+o.created_at", "+o.created_at"),
            (_, false) => $from!(part, "o.name_folded", ">", "asc", "+o.created_at", "+o.created_at"),
            (_, true) => $from!(part, "o.name_folded", "<", "desc", "+o.created_at", "+o.created_at"),
        }
    };
}

pub(super) async fn read(
    tx: &mut Tx,
    scope: Scope,
    filters: &Filters,
    sort: &str,
    walk: &Walk,
    now: Timestamp,
) -> Result<Vec<Organization>> {
    let text = match (scope, &filters.search) {
        (Scope::Member, _) => in_order!(mine, sort, walk),
        (Scope::Public, Some(search)) => tx.form(in_order!(published_found, sort, walk), search),
        (Scope::Public, None) => in_order!(published, sort, walk),
        (Scope::All, Some(search)) => tx.form(in_order!(every_found, sort, walk), search),
        (Scope::All, None) if filters.status.is_some() => in_order!(every_of_status, sort, walk),
        (Scope::All, None) => in_order!(every, sort, walk),
    };
    let statement = filter(tx, text, scope, filters, now);
    let statement = match sort {
        "name" => statement.bind(walk.key.text()),
        _ => statement.bind(walk.key.number()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, scope: Scope, filters: &Filters, now: Timestamp) -> Result<i64> {
    let text = match (scope, &filters.search) {
        (Scope::Member, _) => mine!(counted),
        (Scope::Public, Some(search)) => tx.form(published_found!(counted), search),
        (Scope::Public, None) => published!(counted),
        (Scope::All, Some(search)) => tx.form(every_found!(counted), search),
        (Scope::All, None) if filters.status.is_some() => every_of_status!(counted),
        (Scope::All, None) => every!(counted),
    };
    let (count,): (i64,) = filter(tx, text, scope, filters, now).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found than a search takes. In one's own organizations all are looked at.
pub(super) async fn is_capped(tx: &mut Tx, scope: Scope, filters: &Filters) -> Result<bool> {
    match &filters.search {
        Some(search) if scope != Scope::Member => {
            let forms = reached!(organization_candidates("$1", "$2", "$3"));
            tx.is_capped(forms, search, filters.id.map(|id| id.0)).await
        }
        _ => Ok(false),
    }
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, scope: Scope, filters: &Filters, now: Timestamp) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.viewer)
        .bind(now)
        .bind(filters.search.as_ref().map(Search::pattern))
        .bind(filters.role)
        .bind(filters.status)
        .bind(filters.visibility)
        .bind(filters.industry.clone())
        .bind(filters.id)
        .bind(filters.verified)
        .bind(filters.kind)
        .bind(filters.country_code.clone())
        .bind(filters.created_from)
        .bind(filters.created_to)
        .bind(filters.search.as_ref().map(Search::text))
        .bind(filters.search.as_ref().map(Search::end))
        .bind(scope == Scope::All)
        .bind(filters.only.as_deref().map(hex))
}
