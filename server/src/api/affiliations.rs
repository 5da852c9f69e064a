//! The organizations of one person.

use super::endpoints::{Endpoints, anyone};
use super::extract::{Anyone, Path, Query};
use super::problem::ApiResult;
use crate::App;
use crate::service::affiliations;
use axum::Json;
use axum::extract::State;
use domain::affiliation::{Affiliation, AffiliationsQuery};
use domain::code::Code;
use domain::page::Page;

pub(super) fn endpoints() -> Endpoints {
    let list_organizations = anyone("list_user_organizations", "The organizations of one person")
        .lists::<AffiliationsQuery, Affiliation>()
        .refuses(&[Code::Unauthenticated, Code::SessionRequired, Code::InsufficientScope, Code::UserNotFound]);
    Endpoints::of("Account").get("/users/{user}/organizations", list, list_organizations.clone()).get(
        "/users/{user}/orgs",
        list,
        list_organizations.called("list_user_orgs"),
    )
}

pub(super) async fn list(
    State(app): State<App>,
    Anyone(principal): Anyone,
    path: Path,
    Query(query): Query<AffiliationsQuery>,
) -> ApiResult<Json<Page<Affiliation>>> {
    Ok(Json(affiliations::list(&app, principal.as_ref(), path.get("user"), &query).await?))
}
