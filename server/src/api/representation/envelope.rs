//! Answers wrapped as `{success, message, data}`, as some clients expect all of them.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

pub(super) fn around(method: &Method, status: StatusCode, data: Value) -> Value {
    json!({ "success": status.is_success(), "message": message(method, status), "data": data })
}

fn message(method: &Method, status: StatusCode) -> &'static str {
    match (method, status) {
        (_, StatusCode::SERVICE_UNAVAILABLE) => "Unavailable",
        (_, StatusCode::CREATED) => "Created",
        (_, StatusCode::ACCEPTED) => "Accepted",
        (&Method::GET | &Method::HEAD, _) => "OK",
        (&Method::PATCH | &Method::PUT, _) => "Updated",
        (&Method::DELETE, _) => "Deleted",
        _ => "Done",
    }
}

/// A refusal: its title, its fields with what is wrong with each, and all that it would say without an envelope.
pub(super) fn around_problem(problem: Value) -> Value {
    let mut errors: Map<String, Value> = Map::new();
    for entry in problem["errors"].as_array().into_iter().flatten() {
        let sentences = errors.entry(place(entry)).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = sentences {
            sentences.push(entry["detail"].clone());
        }
    }
    json!({ "success": false, "message": problem["title"], "errors": errors, "problem": problem })
}

/// `#/settings/default_role` is `settings.default_role` here.
fn place(entry: &Value) -> String {
    let of = |kind: &str| entry[kind].as_str();
    match of("pointer") {
        Some(pointer) => pointer.trim_start_matches("#/").trim_start_matches('#').replace('/', "."),
        None => of("parameter").or(of("header")).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_fields() {
        let problem = json!({ "title": "No", "errors": [
            { "pointer": "#/slug", "detail": "a" },
            { "pointer": "#/slug", "detail": "b" },
            { "pointer": "#/settings/default_role", "detail": "c" },
            { "parameter": "limit", "detail": "d" },
        ] });
        let wrapped = around_problem(problem.clone());
        assert_eq!(wrapped["errors"], json!({ "slug": ["a", "b"], "settings.default_role": ["c"], "limit": ["d"] }));
        assert_eq!((&wrapped["message"], &wrapped["problem"]), (&json!("No"), &problem));
    }
}
