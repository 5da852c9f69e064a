//! The figures of an organization. All come from counters and a row a day, none from a walk over the members.

use super::{invitations, roles};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use domain::error::Result;
use domain::ids::OrgId;
use domain::policy::Permission;
use domain::stats::{DAYS, Stats, TeamSize, day_of, year};
use domain::time::Timestamp;

/// How many teams are told.
const TEAMS: i64 = 10;

/// What the overview draws.
///
/// # Errors
/// `permission_denied`, `organization_banned`.
#[crate::operation]
pub async fn show(app: &App, caller: &Caller) -> Result<Stats> {
    caller.require(Permission::MemberRead)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let (founded, members): (Timestamp, i64) =
        tx.sql("select created_at, member_count from organizations where id = $1").bind(caller.org).one().await?;
    let mut changes = changes(&mut tx, caller.org, day_of(now)).await?;
    changes.push((day_of(now), members));
    Ok(Stats {
        members: year(&changes, founded, now),
        roles: roles::counted(&mut tx, caller.org).await?.into_iter().map(Into::into).collect(),
        open_invitations: invitations::sql::count_open(&mut tx, caller.org, now).await?,
        teams: largest_teams(&mut tx, caller.org).await?,
    })
}

/// The days of a year before today on which the number of members changed, and the last such day before that.
async fn changes(tx: &mut Tx, org: OrgId, today: i64) -> Result<Vec<(i64, i64)>> {
    tx.sql(
        "select day, member_count from member_days
         where organization_id = $1 and day < $2
           and day >= coalesce((select max(day) from member_days where organization_id = $1 and day <= $3), $3)
         order by day",
    )
    .bind(org)
    .bind(today)
    .bind(today - i64::try_from(DAYS).unwrap_or_default())
    .all()
    .await
}

async fn largest_teams(tx: &mut Tx, org: OrgId) -> Result<Vec<TeamSize>> {
    tx.sql(
        "select id, slug, name, member_count from teams
         where organization_id = $1 order by member_count desc, id desc limit $2",
    )
    .bind(org)
    .bind(TEAMS)
    .all()
    .await
}
