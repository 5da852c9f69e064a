//! The platform in numbers.

use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use domain::error::Result;
use domain::org::Status;
use domain::platform::{Day, Stats};
use domain::policy::Permission;
use domain::time::Timestamp;
use std::collections::BTreeMap;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How far back growth is told.
const DAYS: i64 = 30;

/// How many there are of everything, and what came into being of late.
///
/// # Errors
/// `not_found`, `insufficient_scope`.
#[crate::operation]
pub async fn of_platform(app: &App, principal: &Principal) -> Result<Stats> {
    principal.require_platform(Permission::AdminRead)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let by_status = by_status(&mut tx).await?;
    let (users, disabled_users, platform_admins) = people(&mut tx).await?;
    Ok(Stats {
        organizations: by_status.values().sum(),
        by_status,
        users,
        disabled_users,
        platform_admins,
        open_invitations: open_invitations(&mut tx, now).await?,
        growth: growth(&mut tx, now).await?,
    })
}

async fn by_status(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let counted: Vec<(Status, i64)> =
        tx.sql("select status, count(*) from organizations group by status").all().await?;
    let none = Status::ALL.iter().map(|status| (status.key().to_owned(), 0));
    Ok(none.chain(counted.into_iter().map(|(status, count)| (status.key().to_owned(), count))).collect())
}

/// All accounts, those locked out, and those who run the platform.
async fn people(tx: &mut Tx) -> Result<(i64, i64, i64)> {
    tx.sql(
        "select count(*), count(disabled_at), count(case when platform_admin and disabled_at is null then 1 end)
         from users where deleted_at is null",
    )
    .one()
    .await
}

async fn open_invitations(tx: &mut Tx, now: Timestamp) -> Result<i64> {
    let sql = "select count(*) from invitations where status = 'pending' and expires_at > $1";
    let (count,): (i64,) = tx.sql(sql).bind(now).one().await?;
    Ok(count)
}

async fn growth(tx: &mut Tx, now: Timestamp) -> Result<Vec<Day>> {
    let today = now.as_millis() / DAY_MILLIS;
    let first = today - DAYS + 1;
    let since = Timestamp::from_millis(first * DAY_MILLIS);
    let organizations: Vec<(i64, i64)> = tx
        .sql(
            "select day, count(*) from
                (select created_at / 86400000 as day from organizations where created_at >= $1) founded
             group by day",
        )
        .bind(since)
        .all()
        .await?;
    let users: Vec<(i64, i64)> = tx
        .sql(
            "select day, count(*) from
                (select created_at / 86400000 as day from users where created_at >= $1 and deleted_at is null) joined
             group by day",
        )
        .bind(since)
        .all()
        .await?;
    let (organizations, users) = (BTreeMap::from_iter(organizations), BTreeMap::from_iter(users));
    let on = |counts: &BTreeMap<i64, i64>, day| counts.get(&day).copied().unwrap_or(0);
    let days = (first..=today).map(|day| Day {
        date: Timestamp::from_millis(day * DAY_MILLIS).date().to_string(),
        organizations: on(&organizations, day),
        users: on(&users, day),
    });
    Ok(days.collect())
}
