//! The rows of the audit log, as they are read.

use crate::db::search::{Forms, Search, event_candidates, reached, searched};
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::audit::{Action, AuditEvent};
use domain::error::Result;
use domain::ids::{OrgId, UserId};
use domain::page::DEEPEST;
use domain::time::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub(super) event: AuditEvent,
    changes: String,
}

impl From<Row> for AuditEvent {
    fn from(row: Row) -> Self {
        // What cannot be read is no reason to hide that something happened.
        Self { changes: serde_json::from_str(&row.changes).unwrap_or_default(), ..row.event }
    }
}

#[derive(Debug)]
pub(super) struct Filters {
    /// `None` for everything.
    pub(super) org: Option<OrgId>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) actions: Vec<Action>,
    pub(super) actor: Option<UserId>,
    pub(super) target_kind: Option<String>,
    pub(super) target_id: Option<String>,
    pub(super) search: Option<Search>,
}

/// `$1` to `$9` are the filters, in `$4` several actions as `,org.created,org.updated,` and in `$5` a single one. Those
/// that an index serves are named again before, so that it is taken; the search, `$9`, is the candidates' alone.
macro_rules! matching {
    () => {
        " and ($4 = '' or $4 like '%,' || a.action || ',%') and ($5 is null or a.action = $5)
          and ($6 is null or a.actor_id = $6)
          and ($7 is null or a.target_kind = $7) and ($8 is null or a.target_id = $8)"
    };
}

/// One part of the log: key, id, limit and offset follow the filters. The edge of the period at which the reading
/// begins is bare of the index by its `+`: beside the place where the reading goes on it would only mislead the choice
/// of one.
macro_rules! part {
    ($tables:literal, $condition:literal, $key:literal, $than:literal, $direction:literal,
     $since:literal, $until:literal) => {
        concat!(
            "select a.id, a.organization_id, a.action, a.actor_kind, a.actor_id, a.actor_name, a.token_id,
                    a.target_kind, a.target_id, a.target_name, a.changes, a.ip, a.user_agent, a.request_id,
                    a.created_at
             from ",
            $tables,
            " where ",
            $condition,
            matching!(),
            " and ",
            $since,
            " >= $2 and ",
            $until,
            " < $3 and (",
            $key,
            ", a.id) ",
            $than,
            " ($10, $11) order by ",
            $key,
            " ",
            $direction,
            ", a.id ",
            $direction,
            " limit $12 offset $13"
        )
    };
}

macro_rules! counted {
    ($tables:literal, $condition:literal, $since:literal) => {
        concat!(
            "select count(*) from (select 1 from ",
            $tables,
            " where ",
            $condition,
            matching!(),
            " and ",
            $since,
            " >= $2 and +a.created_at < $3 limit $10) counted"
        )
    };
}

/// What is narrowed on one condition, which an index serves.
macro_rules! narrowed {
    ($condition:literal, $statement:ident $($rest:tt)*) => {
        $statement!("audit_events a", $condition $($rest)*)
    };
}

/// What a search has found is sorted: no index of the order is to lead past everything else.
macro_rules! found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            event_candidates("$9", "$1"),
            $statement!(
                "candidates c cross join audit_events a",
                "a.id = c.id and a.organization_id = c.scope"
                $($rest)*
            )
        )
    };
}

macro_rules! found_anywhere {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            event_candidates("$9"),
            $statement!("candidates c cross join audit_events a", "a.id = c.id and $1 is null" $($rest)*)
        )
    };
}

/// One text for each index; what names fewest events decides.
macro_rules! by_index {
    ($filters:ident, $($statement:tt)*) => {
        match $filters {
            Filters { org: None, .. } => narrowed!("$1 is null", $($statement)*),
            Filters { target_kind: Some(_), target_id: Some(_), .. } => {
                narrowed!("a.organization_id = $1 and a.target_kind = $7 and a.target_id = $8", $($statement)*)
            }
            Filters { actor: Some(_), .. } => {
                narrowed!("a.organization_id = $1 and a.actor_id = $6", $($statement)*)
            }
            Filters { actions, .. } if actions.len() == 1 => {
                narrowed!("a.organization_id = $1 and a.action = $5", $($statement)*)
            }
            _ => narrowed!("a.organization_id = $1", $($statement)*),
        }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Row>> {
    let text = match &filters.search {
        Some(search) => tx.form(found_forms(filters, walk), search),
        None if walk.falling => {
            by_index!(filters, part, "a.created_at", "<", "desc", "a.created_at", "+a.created_at")
        }
        None => by_index!(filters, part, "a.created_at", ">", "asc", "+a.created_at", "a.created_at"),
    };
    let statement = filter(tx, text, filters).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

fn found_forms(filters: &Filters, walk: &Walk) -> Forms {
    match (filters.org, walk.falling) {
        (Some(_), true) => found!(part, "+a.created_at", "<", "desc", "+a.created_at", "+a.created_at"),
        (Some(_), false) => found!(part, "+a.created_at", ">", "asc", "+a.created_at", "+a.created_at"),
        (None, true) => found_anywhere!(part, "+a.created_at", "<", "desc", "+a.created_at", "+a.created_at"),
        (None, false) => found_anywhere!(part, "+a.created_at", ">", "asc", "+a.created_at", "+a.created_at"),
    }
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = match &filters.search {
        Some(search) if filters.org.is_some() => tx.form(found!(counted, "+a.created_at"), search),
        Some(search) => tx.form(found_anywhere!(counted, "+a.created_at"), search),
        None => by_index!(filters, counted, "a.created_at"),
    };
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found than a search takes.
pub(super) async fn is_capped(tx: &mut Tx, filters: &Filters) -> Result<bool> {
    let Some(search) = &filters.search else { return Ok(false) };
    let forms = match filters.org {
        Some(_) => reached!(event_candidates("$1", "$3")),
        None => reached!(event_candidates("$1")),
    };
    tx.is_capped(forms, search, filters.org.map(|org| org.0)).await
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    let (several, single) = match filters.actions.as_slice() {
        [] => (String::new(), None),
        [single] => (String::new(), Some(single.name().to_owned())),
        several => (several.iter().fold(",".to_owned(), |list, action| list + action.name() + ","), None),
    };
    tx.sql(text)
        .bind(filters.org)
        .bind(filters.from)
        .bind(filters.to)
        .bind(several)
        .bind(single)
        .bind(filters.actor)
        .bind(filters.target_kind.clone())
        .bind(filters.target_id.clone())
        .bind(filters.search.as_ref().map(Search::text))
}

/// The database lets go of what is older.
pub(super) async fn keep_from(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.sql("update audit_retention set before_at = $1 where id = 1").bind(before).execute().await.map(drop)
}

pub(super) async fn forget(tx: &mut Tx, before: Timestamp, at_most: i64) -> Result<u64> {
    tx.sql(
        "delete from audit_events
         where id in (select id from audit_events where created_at < $1 order by created_at, id limit $2)",
    )
    .bind(before)
    .bind(at_most)
    .execute()
    .await
}
