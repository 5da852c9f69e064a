//! The organizations of one person.

use super::extract::{Anyone, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::service::affiliations;
use axum::Json;
use axum::extract::State;
use domain::affiliation::{Affiliation, AffiliationsQuery};
use domain::page::Page;

pub(super) async fn list(
    State(app): State<App>,
    Anyone(principal): Anyone,
    path: Path,
    Query(query): Query<AffiliationsQuery>,
) -> ApiResult<Json<Page<Affiliation>>> {
    Ok(Json(affiliations::list(&app, principal.as_ref(), path.get("user"), &query).await?))
}
