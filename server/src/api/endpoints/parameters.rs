//! Parameters of paths, queries and headers, as the document tells of them.

use super::schemas::value;
use domain::page::DEEPEST;
use domain::schema::{PROBLEM_CODES, Parameter};
use serde_json::{Value, json};

/// What the parameters of paths name.
const OF_PATHS: &[(&str, &str)] = &[
    ("digest", "The digest of a picture's content."),
    ("invitation", "The id of an invitation."),
    ("mail", "The id of a mail."),
    ("member", "The integer id of a membership, the id of the person, or `@me`."),
    ("org", "The slug or the id of an organization."),
    ("role", "The key or the integer id of a role."),
    ("session", "The id of a sign-in."),
    ("team", "The slug or the id of a team."),
    ("token", "The token of an invitation's link."),
    ("token_id", "The id of an access token."),
    ("transaction", "The id of an entry of a ledger."),
    ("user", "The id or the username of a person, or `@me`."),
    ("workspace", "The slug or the id of a workspace."),
];

/// Longest text that names anything in a path.
const LONGEST: usize = 253;

/// Every `{parameter}` of a path.
pub(super) fn of_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let told = |name: &str| {
        let about = OF_PATHS.iter().find(|(known, _)| *known == name).map(|(_, about)| *about);
        json!({
            "name": name, "in": "path", "required": true, "description": about.unwrap_or_default(),
            "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST },
        })
    };
    names.map(told).collect()
}

pub(super) fn of_query(parameter: &Parameter, required: bool) -> Value {
    let mut schema = value(&parameter.schema);
    if let Value::Object(members) = &mut schema {
        members.remove(PROBLEM_CODES);
    }
    if parameter.many {
        schema = json!({ "type": "array", "items": schema, "minItems": 1 });
    }
    json!({
        "name": parameter.name, "in": "query", "required": required, "description": parameter.about, "schema": schema,
    })
}

/// What every list takes. What is usual is said in words: clients send a `default`, and these exclude each other.
pub(super) fn of_lists() -> Vec<Value> {
    let number = |name: &str, most: u32, about: &str| {
        json!({
            "name": name, "in": "query", "description": about,
            "schema": { "type": "integer", "minimum": 1, "maximum": most },
        })
    };
    let cursor = json!({
        "name": "cursor", "in": "query", "description": "Where to go on: `next_cursor` or `prev_cursor` of an answer.",
        "schema": { "type": "string", "minLength": 1, "format": "cursor" },
    });
    vec![
        number("limit", 100, "How many entries, when one walks by cursor; 20 unless given."),
        cursor,
        number("page", DEEPEST, "Which page, when one asks by number; not together with `limit` or `cursor`."),
        number("per_page", 100, "How many entries a page has, 15 unless given; `page` times this is at most 10,000."),
    ]
}

/// Every text is taken here: one that is no tag of ours is that of no version.
pub(super) fn if_match() -> Value {
    let about = "Changes only this version: the entity tag of an answer, or `*`.";
    of_header("If-Match", about, json!({ "type": "string" }))
}

pub(super) fn if_none_match() -> Value {
    let about = "Answers 304 when this entity tag is still that of the answer.";
    of_header("If-None-Match", about, json!({ "type": "string" }))
}

pub(super) fn idempotency_key() -> Value {
    let about = "Of several requests with one key and one body, one has an effect, and all have its answer.";
    of_header("Idempotency-Key", about, json!({ "type": "string", "pattern": "^[!-~]{1,255}$" }))
}

fn of_header(name: &str, about: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "header", "description": about, "schema": schema })
}
