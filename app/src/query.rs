//! The state of a list page is in its address: search, filters, order, cursor.

use leptos_router::params::ParamsMap;

/// A parameter that is there and not blank.
pub fn param(params: &ParamsMap, name: &str) -> Option<String> {
    params.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The address of the same list with another cursor.
pub fn with_cursor(path: &str, params: &ParamsMap, cursor: &str) -> String {
    let mut params = params.clone();
    params.replace("cursor", cursor.to_owned());
    format!("{path}{}", params.to_query_string())
}

/// A field that was left blank was not given.
pub fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
