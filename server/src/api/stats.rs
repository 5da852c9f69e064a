//! Figures.

use super::endpoints::{Endpoints, needs};
use super::extract::NoQuery;
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::stats;
use axum::Json;
use axum::extract::State;
use domain::policy::Permission;
use domain::stats::Stats;

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Organizations").get(
        "/{org}/stats",
        organization,
        needs(Permission::MemberRead, "get_organization_stats", "An organization in figures").answers::<Stats>(),
    )
}

pub(super) async fn organization(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<Json<Stats>> {
    Ok(Json(stats::show(&app, &caller).await?))
}
