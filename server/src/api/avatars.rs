//! The picture of an organization that has none: its initials.

use super::endpoints::{Endpoints, anyone};
use super::extract::{Anyone, NoQuery, Path};
use super::problem::ApiResult;
use crate::App;
use crate::service::orgs;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::initials::{initials, palette_step};
use domain::org::View;

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Organizations").get(
        "/{org}/avatar",
        organization,
        anyone("get_avatar", "The picture of an organization").sends(&["image/svg+xml"]),
    )
}

pub(super) async fn organization(
    State(app): State<App>,
    Anyone(principal): Anyone,
    path: Path,
    _: NoQuery,
) -> ApiResult<impl IntoResponse> {
    let name = match orgs::show(&app, principal, path.get("org")).await? {
        View::Member(org) => org.name,
        View::Public(org) => org.name,
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "private, max-age=300"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, svg(&name)))
}

/// Initials on one of twelve hues, chosen by the name so that it stays the same.
fn svg(name: &str) -> String {
    let hue = (palette_step(name) - 1) * 30;
    let text: String = initials(name).chars().map(escape).collect();
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="hsl({hue} 55% 32%)"/><text x="32" y="41" font-family="system-ui, sans-serif" font-size="26" font-weight="600" fill="white" text-anchor="middle">{text}</text></svg>"#
    )
}

fn escape(letter: char) -> String {
    match letter {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        other => other.to_string(),
    }
}
