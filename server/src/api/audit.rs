//! The audit log.

use super::csv;
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
