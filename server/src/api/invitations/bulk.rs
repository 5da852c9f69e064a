//! Lists of people to be invited, as JSON or as a file of a spreadsheet.

use super::Conflict;
use crate::App;
use crate::api::extract::{Flag, Query, media_type, read_body};
use crate::api::problem::{self, ApiError, ApiResult};
use crate::api::{csv, json};
use crate::auth::Caller;
use crate::service::invitations::{self, BulkMode};
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use domain::code::Code;
use domain::error::Error;
use domain::invitation::{
    BulkInvitations, InvitationDefaults, InvitationReport, NewInvitation, ROWS_MAX, too_many_rows,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(in crate::api) struct Bulk {
    #[serde(default)]
    dry_run: Flag,
    #[serde(default)]
    atomic: Flag,
    #[serde(default)]
    on_conflict: Conflict,
}

impl From<Bulk> for BulkMode {
    fn from(bulk: Bulk) -> Self {
        Self { dry_run: bulk.dry_run.is_set(), atomic: bulk.atomic.is_set(), on_conflict: bulk.on_conflict.into() }
    }
}

pub(in crate::api) async fn invite_many(
    State(app): State<App>,
    caller: Caller,
    Query(bulk): Query<Bulk>,
    List(list): List,
) -> ApiResult<Json<InvitationReport<Value>>> {
    let report = invitations::invite_many(&app, &caller, list, bulk.into()).await?;
    Ok(Json(report.map_problems(|error| problem::body(&error, &caller.principal.request.id))))
}

/// A body in one of the two forms.
pub(in crate::api) struct List(Submitted<BulkInvitations>);

impl<S: Send + Sync> FromRequest<S> for List {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts, body).await?;
        let list = match media_type(&parts.headers)?.as_str() {
            "application/json" => from_json(&bytes),
            "text/csv" => from_csv(&bytes),
            _ => return Err(Code::UnsupportedMediaType.into()),
        };
        Ok(Self(Submitted::read(list)))
    }
}

/// Too many rows are told as such before too long a list is.
fn from_json(bytes: &[u8]) -> Result<BulkInvitations, Error> {
    let value = json::parse(bytes)?;
    if value.entries_of("invitations") > ROWS_MAX { Err(too_many_rows()) } else { json::read_value(&value) }
}

/// One row more than are taken shows that there are too many.
fn from_csv(bytes: &[u8]) -> Result<BulkInvitations, Error> {
    let rows = csv::rows(bytes, NewInvitation::COLUMNS, ROWS_MAX + 1)?;
    let invitation =
        |row: Vec<(&str, String)>| NewInvitation::of_cells(row.iter().map(|(column, cell)| (*column, cell.as_str())));
    let invitations = rows.into_iter().map(invitation).collect();
    Ok(BulkInvitations { invitations, defaults: InvitationDefaults::default() })
}
