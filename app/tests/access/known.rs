//! Every route there is, from where they are made.

use std::collections::BTreeSet;
use std::fmt::Debug;

/// Method and path of every route of the API, below `/api/v1`: the document has them all, a test of its own sees to it.
pub(crate) fn routes() -> BTreeSet<(String, String)> {
    let paths = server::api::document()["paths"].as_object().expect("paths");
    let methods = |(path, item): (&String, &serde_json::Value)| {
        let methods = item.as_object().expect("methods").keys();
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

/// The name of every server function. What follows a name in its path is a number.
pub(crate) fn server_functions() -> BTreeSet<String> {
    let name = |path: &str| {
        let last = path.rsplit('/').next().unwrap_or_default();
        last.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned()
    };
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| name(path)).collect()
}

/// The path of a server function.
pub(crate) fn path_of(name: &str) -> &'static str {
    let called = |path: &&str| {
        path.rsplit('/')
            .next()
            .and_then(|last| last.strip_prefix(name))
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut paths = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path);
    paths.find(called).unwrap_or_else(|| panic!("there is no server function {name}"))
}

/// # Panics
/// When something is missing in the table, or there only.
pub(crate) fn require_same<T: Ord + Debug>(known: BTreeSet<T>, listed: Vec<T>) {
    let listed: BTreeSet<T> = listed.into_iter().collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&known).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the table: {missing:#?}\nonly in the table: {gone:#?}");
}
