//! The audit log.

use super::csv;
use super::endpoints::{Endpoints, Operation, needs, platform};
use super::extract::{PlatformPrincipal, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::audit_log;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::audit::{AuditEvent, AuditQuery};
use domain::page::Format;
use domain::policy::Permission;
use serde_json::json;

pub(super) fn endpoints() -> Endpoints {
    let list_events = lists(needs(Permission::AuditRead, "list_audit_log", "What was done in an organization"));
    Endpoints::of("Audit log").get("/{org}/audit-log", list, list_events.clone()).get(
        "/{org}/audit-logs",
        list,
        list_events.called("list_audit_logs"),
    )
}

pub(super) fn of_platform() -> Endpoints {
    Endpoints::of("Platform").get(
        "/audit-log",
        list_all,
        lists(platform(Permission::AdminRead, "list_platform_audit_log", "What was done anywhere")),
    )
}

fn lists(operation: Operation) -> Operation {
    let names = json!({ "type": "array", "items": { "type": "string" } });
    operation.lists::<AuditQuery, AuditEvent>().tells_too::<AuditEvent>("actions", names).sends(&["text/csv"])
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Response> {
    Ok(match query.format.unwrap_or(Format::Json) {
        Format::Json => Json(audit_log::list(&app, &caller, &query).await?).into_response(),
        Format::Csv => {
            let page = audit_log::export(&app, &caller, &query).await?;
            csv::list("audit-log", AuditEvent::COLUMNS, page, AuditEvent::cells)?
        }
    })
}

pub(super) async fn list_all(
    State(app): State<App>,
    PlatformPrincipal(principal): PlatformPrincipal,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Response> {
    Ok(match query.format.unwrap_or(Format::Json) {
        Format::Json => Json(audit_log::list_all(&app, &principal, &query).await?).into_response(),
        Format::Csv => {
            let page = audit_log::export_all(&app, &principal, &query).await?;
            csv::list("audit-log", AuditEvent::COLUMNS, page, AuditEvent::cells)?
        }
    })
}
