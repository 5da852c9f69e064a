//! Keys in camelCase.

use crate::api::json::camel_case;
use serde_json::Value;

/// Members whose own keys are data, not names of fields: they stay as they are.
const DICTIONARIES: &[&str] = &["choices"];

pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| match name.as_str() {
                "managed_by" => (camel_case(&name), managers(value)),
                name if DICTIONARIES.contains(&name) => (camel_case(name), value),
                _ => (camel_case(&name), camel(value)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(camel).collect(),
        other => other,
    }
}

/// Clients that speak camelCase know these two in capitals.
fn managers(value: Value) -> Value {
    let renamed = |name: String| match name.as_str() {
        "type" => "Type".to_owned(),
        "id" => "ID".to_owned(),
        _ => name,
    };
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (renamed(name), value)).collect(),
        Value::Array(items) => items.into_iter().map(managers).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_of_fields_change_and_data_does_not() {
        let snake = json!({
            "country_code": "DE", "settings": { "require_2fa": true }, "data": [{ "user_id": 1 }],
            "managed_by": [{ "type": "scim", "id": "x_y" }], "choices": { "real_estate": "a_b" },
        });
        let expected = json!({
            "countryCode": "DE", "settings": { "require2fa": true }, "data": [{ "userId": 1 }],
            "managedBy": [{ "Type": "scim", "ID": "x_y" }], "choices": { "real_estate": "a_b" },
        });
        assert_eq!(camel(snake), expected);
    }
}
