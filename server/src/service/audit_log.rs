//! Reading the audit log, and forgetting what is older than it is kept.

use super::audit::Origin;
use super::exports;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::search::Search;
use crate::paging::{Key, Order, Walk};
use domain::audit::{Action, AuditEvent, AuditPage, AuditQuery};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::page::{self, Page, Window};
use domain::policy::Permission;
use std::time::Duration;

mod sql;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many events are forgotten at once: others who write do not wait long.
const PART: i64 = 1000;

/// The audit log of the caller's organization, the latest first unless asked otherwise.
///
/// # Errors
/// `organization_banned`, `insufficient_scope`, `permission_denied`, the refusals of paging, `invalid_parameter`,
/// `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &AuditQuery) -> Result<AuditPage> {
    caller.require(Permission::AuditRead)?;
    let (filters, walk) = begin(app, Some(caller.org), &caller.principal, query, query.window()?)?;
    read(app, &filters, walk).await.map(AuditPage::from)
}

/// The same as a file, which ends after [`page::DEEPEST`] rows.
///
/// # Errors
/// Those of [`list`], `pagination_conflict` when a part is asked for, `rate_limited`.
#[crate::operation]
pub async fn export(app: &App, caller: &Caller, query: &AuditQuery) -> Result<Page<AuditEvent>> {
    caller.require(Permission::AuditRead)?;
    let (filters, walk) = begin(app, Some(caller.org), &caller.principal, query, query.whole()?)?;
    exports::begin(app, &caller.principal, Origin::from(caller), Some(caller.org), "audit_log", "csv").await?;
    read(app, &filters, walk).await
}

/// The audit log of everything.
///
/// # Errors
/// `not_found` for everybody but the platform, `insufficient_scope`, those of [`list`] about the query.
#[crate::operation]
pub async fn list_all(app: &App, principal: &Principal, query: &AuditQuery) -> Result<AuditPage> {
    principal.require_platform(Permission::AdminRead)?;
    let (filters, walk) = begin(app, None, principal, query, query.window()?)?;
    read(app, &filters, walk).await.map(AuditPage::from)
}

/// The same as a file.
///
/// # Errors
/// Those of [`list_all`], `pagination_conflict` when a part is asked for, `rate_limited`.
#[crate::operation]
pub async fn export_all(app: &App, principal: &Principal, query: &AuditQuery) -> Result<Page<AuditEvent>> {
    principal.require_platform(Permission::AdminRead)?;
    let (filters, walk) = begin(app, None, principal, query, query.whole()?)?;
    exports::begin(app, principal, Origin::platform(principal), None, "audit_log", "csv").await?;
    read(app, &filters, walk).await
}

fn begin(
    app: &App,
    org: Option<OrgId>,
    principal: &Principal,
    query: &AuditQuery,
    window: Window,
) -> Result<(sql::Filters, Walk)> {
    let filters = filters(org, principal.user, query)?;
    let walk = Walk::new(app, "audit_log", Order::by_age(query.sort.as_deref())?, &filters, window)?;
    let walk = walk.within(filters.from, filters.to);
    Ok((filters, walk))
}

async fn read(app: &App, filters: &sql::Filters, walk: Walk) -> Result<Page<AuditEvent>> {
    let mut tx = app.db.read().await?;
    let search_is_capped = sql::is_capped(&mut tx, filters).await?;
    let total = if walk.counts() { sql::count(&mut tx, filters).await? } else { 0 };
    let rows = sql::list(&mut tx, filters, &walk).await?;
    let page = walk.page(app, rows, total, |row| (Key::Number(row.event.created_at.as_millis()), row.event.id.0));
    Ok(Page { search_is_capped, ..page }.map(AuditEvent::from))
}

fn filters(org: Option<OrgId>, me: UserId, query: &AuditQuery) -> Result<sql::Filters> {
    let (from, to) = page::period(query.from.as_deref(), query.to.as_deref())?;
    Ok(sql::Filters {
        org,
        from,
        to,
        actions: actions(&query.action.clone().unwrap_or_default().0)?,
        actor: query.actor.as_deref().map(|text| actor(text, me)).transpose()?,
        target_kind: query.target_type.as_deref().map(|text| page::word("target_type", text)).transpose()?,
        target_id: query.target_id.as_deref().map(|text| page::word("target_id", text)).transpose()?,
        search: page::search(query.search.as_deref())?.map(|text| Search::of_records(&text)),
    })
}

/// Each names one action, or several by their beginning.
fn actions(patterns: &[String]) -> Result<Vec<Action>> {
    let mut actions = Vec::new();
    for pattern in patterns {
        let found = Action::matching(pattern);
        if found.is_empty() {
            let rule = "Name an action, or the beginning of some with * at its end, such as member.*";
            return Err(Error::parameter("action", Code::InvalidParameter, rule));
        }
        actions.extend(found);
    }
    actions.sort_unstable_by_key(|action| action.name());
    actions.dedup();
    Ok(actions)
}

fn actor(text: &str, me: UserId) -> Result<UserId> {
    let found = if text == "@me" { Some(me) } else { text.parse().ok() };
    found.ok_or_else(|| Error::parameter("actor", Code::InvalidParameter, "Give the id of a person, or @me."))
}

/// Forgets the events that are older than the log is kept. The database itself lets no others go.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn forget_old(app: &App) -> Result<()> {
    let before = app.now().minus(DAY * app.config.audit_retention_days);
    let mut tx = app.db.write().await?;
    sql::keep_from(&mut tx, before).await?;
    tx.commit().await?;
    loop {
        let mut tx = app.db.write().await?;
        let forgotten = sql::forget(&mut tx, before, PART).await?;
        tx.commit().await?;
        if forgotten < PART.unsigned_abs() {
            return Ok(());
        }
    }
}
