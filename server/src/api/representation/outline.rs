//! As much of an answer as its headers are made from.

use crate::App;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use domain::page::DEEPEST;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::form_urlencoded;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Outline {
    pub(super) version: Option<i64>,
    token: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
    has_more: Option<bool>,
    next_cursor: Option<String>,
    prev_cursor: Option<String>,
    page: Option<u32>,
    per_page: Option<u32>,
    total: Option<u64>,
    total_pages: Option<u32>,
}

/// A parameter of the query with its new value, or without one.
type Change = (&'static str, Option<String>);

impl Outline {
    /// Nothing for an answer of another shape.
    pub(super) fn of(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub(super) fn is_list(&self) -> bool {
        self.data.is_some()
    }

    /// Whether the client can do without the body: it shows what is now there. What an action reports, and a secret that
    /// is shown once, are told in any case.
    pub(super) fn can_be_left_out(&self, method: &Method, status: StatusCode) -> bool {
        self.token.is_none() && (status == StatusCode::CREATED || (status == StatusCode::OK && method != Method::POST))
    }

    /// `X-Total-Count`, and `Link` (RFC 8288) to the other pages of a list.
    pub(super) fn lead_on(&self, app: &App, uri: &Uri, headers: &mut HeaderMap) {
        if self.has_more.is_none() {
            return;
        }
        if let Some(total) = self.total {
            headers.insert(HeaderName::from_static("x-total-count"), total.into());
        }
        let links: Vec<_> = (self.neighbours().into_iter())
            .filter_map(|(rel, change)| change.map(|change| (rel, change)))
            .map(|(rel, (name, value))| {
                let target = app.config.link(&at(uri, name, value.as_deref()));
                format!("<{target}>; rel=\"{rel}\"")
            })
            .collect();
        if let Ok(value) = HeaderValue::try_from(links.join(", ")) {
            headers.insert(header::LINK, value);
        }
    }

    /// Each relation, and what leads there from here.
    fn neighbours(&self) -> [(&'static str, Option<Change>); 4] {
        let numbered = self.page.zip(self.per_page).zip(self.total_pages);
        let Some(((page, per_page), pages)) = numbered else {
            let cursor = |cursor: &Option<String>| cursor.clone().map(|cursor| ("cursor", Some(cursor)));
            return [
                ("next", cursor(&self.next_cursor)),
                ("prev", cursor(&self.prev_cursor)),
                ("first", Some(("cursor", None))),
                ("last", None),
            ];
        };
        // The last one that may be asked for.
        let last = pages.min(DEEPEST / per_page.max(1)).max(1);
        let to = |number: u32| Some(("page", Some(number.to_string())));
        [
            ("next", to(page + 1).filter(|_| page < last)),
            ("prev", to(page - 1).filter(|_| page > 1)),
            ("first", to(1)),
            ("last", to(last)),
        ]
    }
}

/// The same list, with one parameter changed.
fn at(uri: &Uri, name: &str, value: Option<&str>) -> String {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(given.filter(|(found, _)| found != name));
    query.extend_pairs(value.map(|value| (name, value)));
    let query = query.finish();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_is_changed_and_the_others_stay() {
        let uri: Uri = "/api/v1/organizations?search=a+b&page=2&per_page=5".parse().expect("an address");
        assert_eq!(at(&uri, "page", Some("3")), "/api/v1/organizations?search=a+b&per_page=5&page=3");
        let uri: Uri = "/api/v1/organizations?cursor=x".parse().expect("an address");
        assert_eq!(at(&uri, "cursor", None), "/api/v1/organizations");
    }

    #[test]
    fn the_last_page_can_be_asked_for() {
        let outline = Outline { page: Some(666), per_page: Some(15), total_pages: Some(667), ..Outline::default() };
        let [next, _, _, last] = outline.neighbours();
        assert_eq!(next.1, None);
        assert_eq!(last.1, Some(("page", Some("666".to_owned()))));
    }
}
