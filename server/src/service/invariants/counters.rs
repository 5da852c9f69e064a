//! The counters: what each has to say, and bringing right those that say something else.

use crate::App;
use domain::code::Code;
use domain::error::Result;
use domain::ids::OrgId;
use std::time::Duration;
use uuid::Uuid;

/// How many organizations are looked at in one transaction.
const PART: i64 = 100;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A number that is kept beside what it counts.
pub(super) struct Counter {
    pub(super) rule: &'static str,
    /// Names the rows that count something else.
    pub(super) broken: &'static str,
    /// Their organizations, of those after `$1` up to `$2`.
    organizations: &'static str,
    /// Counts anew in organization `$1`.
    repair: &'static str,
}

macro_rules! counter {
    ($rule:literal, $table:literal $row:literal, $name:literal, $org:literal, $counter:literal, $counted:expr) => {
        Counter {
            rule: $rule,
            broken: concat!(
                "select ", $name, " from ", $table, " ", $row, " where ", $row, ".", $counter, " <> ", $counted
            ),
            organizations: concat!(
                "select distinct ",
                $org,
                " from ",
                $table,
                " ",
                $row,
                " where ",
                $org,
                " > $1 and ",
                $org,
                " <= $2 and ",
                $row,
                ".",
                $counter,
                " <> ",
                $counted
            ),
            repair: concat!(
                "update ",
                $table,
                " as ",
                $row,
                " set ",
                $counter,
                " = ",
                $counted,
                " where ",
                $org,
                " = $1 and ",
                $row,
                ".",
                $counter,
                " <> ",
                $counted
            ),
        }
    };
}

/// What everybody holds: a system role, and those of the organization's own.
macro_rules! held {
    () => {
        "(select organization_id,
                 case role when 'owner' then 1 when 'admin' then 2 when 'member' then 3 when 'billing' then 4
                           else 5 end as role_id
          from memberships
          union all
          select organization_id, role_id from member_roles) h
         where not exists (select 1 from role_counts c
                           where c.organization_id = h.organization_id and c.role_id = h.role_id)"
    };
}

pub(super) const COUNTERS: &[Counter] = &[
    counter!(
        "member_count is the number of active members",
        "organizations" "o",
        "o.slug",
        "o.id",
        "member_count",
        "(select count(*) from memberships m where m.organization_id = o.id and m.status = 'active')"
    ),
    counter!(
        "team_count is the number of teams",
        "organizations" "o",
        "o.slug",
        "o.id",
        "team_count",
        "(select count(*) from teams t where t.organization_id = o.id)"
    ),
    counter!(
        "workspace_count is the number of workspaces",
        "organizations" "o",
        "o.slug",
        "o.id",
        "workspace_count",
        "(select count(*) from workspaces w where w.organization_id = o.id)"
    ),
    counter!(
        "the member_count of a team is the number of its members",
        "teams" "t",
        "t.slug",
        "t.organization_id",
        "member_count",
        "(select count(*) from team_members m where m.team_id = t.id)"
    ),
    counter!(
        "the member_count of a workspace is the number of its members",
        "workspaces" "w",
        "w.slug",
        "w.organization_id",
        "member_count",
        "(select count(*) from workspace_members m where m.workspace_id = w.id)"
    ),
    counter!(
        "role_counts is the number of members of each role",
        "role_counts" "c",
        "cast(c.role_id as text)",
        "c.organization_id",
        "member_count",
        "((select count(*) from memberships m
           where m.organization_id = c.organization_id
             and m.role = case c.role_id when 1 then 'owner' when 2 then 'admin' when 3 then 'member'
                                         when 4 then 'billing' when 5 then 'viewer' end)
          + (select count(*) from member_roles h
             where h.organization_id = c.organization_id and h.role_id = c.role_id))"
    ),
    Counter {
        rule: "role_counts has every role that somebody holds",
        broken: concat!("select distinct cast(h.role_id as text) from ", held!()),
        organizations: concat!(
            "select distinct h.organization_id from ",
            held!(),
            " and h.organization_id > $1 and h.organization_id <= $2"
        ),
        repair: concat!(
            "insert into role_counts (organization_id, role_id, member_count)
             select h.organization_id, h.role_id, count(*) from ",
            held!(),
            " and h.organization_id = $1 group by h.organization_id, h.role_id"
        ),
    },
];

/// Compares every counter with what it counts and brings right what differs: once a day, by whichever instance comes
/// first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn repair(app: &App) -> Result<()> {
    if !is_due(app).await? {
        return Ok(());
    }
    let mut after = OrgId(Uuid::nil());
    while let Some(part) = next_part(app, after).await? {
        for (org, counter) in part.wrong {
            repair_one(app, org, counter).await?;
        }
        after = part.last;
    }
    Ok(())
}

/// A few organizations that follow each other.
struct Part {
    last: OrgId,
    wrong: Vec<(OrgId, &'static Counter)>,
}

async fn is_due(app: &App) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let claimed = tx
        .sql("update instance set counted_at = $1 where id = 1 and (counted_at is null or counted_at <= $2)")
        .bind(now)
        .bind(now.minus(DAY))
        .execute()
        .await?;
    tx.commit().await?;
    Ok(claimed == 1)
}

async fn next_part(app: &App, after: OrgId) -> Result<Option<Part>> {
    let mut tx = app.db.read().await?;
    // Many members are not counted within the time of a request.
    tx.take_time().await?;
    let sql = "select id from organizations where id > $1 order by id limit $2";
    let ids: Vec<(OrgId,)> = tx.sql(sql).bind(after).bind(PART).all().await?;
    let Some(&(last,)) = ids.last() else { return Ok(None) };
    let mut wrong = Vec::new();
    for counter in COUNTERS {
        let found: Vec<(OrgId,)> = tx.sql(counter.organizations).bind(after).bind(last).all().await?;
        wrong.extend(found.into_iter().map(|(org,)| (org, counter)));
    }
    Ok(Some(Part { last, wrong }))
}

/// Under the lock that everybody takes who changes what is counted.
async fn repair_one(app: &App, org: OrgId, counter: &Counter) -> Result<()> {
    let mut tx = app.db.write().await?;
    match tx.lock_org(org).await {
        Err(error) if error.code() == Code::OrganizationNotFound => return Ok(()),
        locked => locked?,
    }
    tx.take_time().await?;
    let rows = tx.sql(counter.repair).bind(org).execute().await?;
    tx.commit().await?;
    if rows > 0 {
        tracing::warn!(organization = %org, rule = counter.rule, rows, "a counter was wrong and has been repaired");
    }
    Ok(())
}
