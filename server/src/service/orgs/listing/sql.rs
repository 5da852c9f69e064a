//! The rows of lists of organizations.

use super::Filters;
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use crate::service::orgs::sql::organization;
use domain::error::Result;
use domain::org::{Organization, Scope};
use domain::page::DEEPEST;
use domain::time::Timestamp;

/// `$1` is who looks, `$2` the present time, which not every statement needs, and `$3` to `$13` are the filters.
macro_rules! matching {
    ($($found_too:literal)?) => {
        concat!(
            " and $2 is not null
              and ($3 is null or o.name_folded like $3 escape '\\' or o.slug like $3 escape '\\' or o.id = $8",
            $($found_too,)?
            ")
              and ($4 is null or m.role = $4) and ($5 is null or o.status = $5)
              and ($6 is null or o.visibility = $6) and ($7 is null or o.industry = $7)
              and ($9 is null or (o.verified_at is not null) = $9) and ($10 is null or o.kind = $10)
              and ($11 is null or o.country_code = $11)
              and ($12 is null or o.created_at >= $12) and ($13 is null or o.created_at <= $13)"
        )
    };
}

macro_rules! mine {
    () => {
        concat!(
            "memberships m join organizations o on o.id = m.organization_id
             where m.user_id = $1 and m.status = 'active'
               and (o.status <> 'pending_deletion' or m.role = 'owner')",
            matching!()
        )
    };
}

macro_rules! published {
    () => {
        concat!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'
             where o.visibility = 'public' and o.status = 'active'",
            matching!()
        )
    };
}

macro_rules! every {
    () => {
        concat!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'
             where o.id is not null",
            matching!(" or exists (select 1 from users u where u.id = o.owner_id and u.email like $3 escape '\\')")
        )
    };
}

/// One scope in one order: key, id, limit and offset follow the filters.
macro_rules! ordered {
    ($scope:ident, $column:literal, $than:literal, $direction:literal) => {
        organization!(
            $scope!(),
            " and (o.",
            $column,
            ", o.id) ",
            $than,
            " ($14, $15)
             order by o.",
            $column,
            " ",
            $direction,
            ", o.id ",
            $direction,
            " limit $16 offset $17"
        )
    };
}

macro_rules! in_order {
    ($scope:ident, $sort:expr, $falling:expr) => {
        match ($sort, $falling) {
            ("created_at", false) => ordered!($scope, "created_at", ">", "asc"),
            ("created_at", true) => ordered!($scope, "created_at", "<", "desc"),
            ("member_count", false) => ordered!($scope, "member_count", ">", "asc"),
            ("member_count", true) => ordered!($scope, "member_count", "<", "desc"),
            (_, false) => ordered!($scope, "name_folded", ">", "asc"),
            (_, true) => ordered!($scope, "name_folded", "<", "desc"),
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
    let text = match scope {
        Scope::Member => in_order!(mine, sort, walk.falling),
        Scope::Public => in_order!(published, sort, walk.falling),
        Scope::All => in_order!(every, sort, walk.falling),
    };
    let statement = filter(tx, text, filters, now);
    let statement = match sort {
        "name" => statement.bind(walk.key.text()),
        _ => statement.bind(walk.key.number()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, scope: Scope, filters: &Filters, now: Timestamp) -> Result<i64> {
    let text = match scope {
        Scope::Member => concat!("select count(*) from (select 1 from ", mine!(), " limit $14) counted"),
        Scope::Public => concat!("select count(*) from (select 1 from ", published!(), " limit $14) counted"),
        Scope::All => concat!("select count(*) from (select 1 from ", every!(), " limit $14) counted"),
    };
    let (count,): (i64,) = filter(tx, text, filters, now).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters, now: Timestamp) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.viewer)
        .bind(now)
        .bind(filters.search.clone())
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
}
