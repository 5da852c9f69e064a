//! The rows of the audit log, as they are read.

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
    pub(super) search: Option<String>,
}

/// `$1` to `$9` are the filters, in `$4` several actions as `,org.created,org.updated,` and in `$5` a single one. Those
/// that an index serves are named again before, so that it is taken.
macro_rules! matching {
    ($indexed:literal) => {
        concat!(
            "from audit_events where ",
            $indexed,
            " and ($4 = '' or $4 like '%,' || action || ',%') and ($5 is null or action = $5)
              and ($6 is null or actor_id = $6)
              and ($7 is null or target_kind = $7) and ($8 is null or target_id = $8)
              and ($9 is null or actor_folded like $9 escape '\\' or target_folded like $9 escape '\\'
                   or ip like $9 escape '\\')"
        )
    };
}

macro_rules! event {
    ($indexed:literal, $rest:literal) => {
        concat!(
            "select id, organization_id, action, actor_kind, actor_id, actor_name, token_id, target_kind, target_id,
                    target_name, changes, ip, user_agent, request_id, created_at ",
            matching!($indexed),
            $rest
        )
    };
}

/// The edge of the period at which the reading begins is bare of the index by its `+`: beside the place where the reading
/// goes on it would only mislead the choice of one.
macro_rules! falling {
    ($indexed:literal) => {
        event!(
            $indexed,
            " and created_at >= $2 and +created_at < $3 and (created_at, id) < ($10, $11)
             order by created_at desc, id desc limit $12 offset $13"
        )
    };
}

macro_rules! rising {
    ($indexed:literal) => {
        event!(
            $indexed,
            " and +created_at >= $2 and created_at < $3 and (created_at, id) > ($10, $11)
             order by created_at asc, id asc limit $12 offset $13"
        )
    };
}

macro_rules! counted {
    ($indexed:literal) => {
        concat!(
            "select count(*) from (select 1 ",
            matching!($indexed),
            " and created_at >= $2 and +created_at < $3 limit $10) counted"
        )
    };
}

/// One text for each index; what names fewest events decides.
macro_rules! by_index {
    ($filters:ident, $text:ident) => {
        match $filters {
            Filters { org: None, .. } => $text!("$1 is null"),
            Filters { target_kind: Some(_), target_id: Some(_), .. } => {
                $text!("organization_id = $1 and target_kind = $7 and target_id = $8")
            }
            Filters { actor: Some(_), .. } => $text!("organization_id = $1 and actor_id = $6"),
            Filters { actions, .. } if actions.len() == 1 => $text!("organization_id = $1 and action = $5"),
            _ => $text!("organization_id = $1"),
        }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Row>> {
    let text = if walk.falling { by_index!(filters, falling) } else { by_index!(filters, rising) };
    let statement = filter(tx, text, filters).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = by_index!(filters, counted);
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
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
        .bind(filters.search.clone())
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
