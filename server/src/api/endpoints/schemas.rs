//! The schemas that a document refers to.

use super::reference;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, schema::Schema};

/// Each by its name.
#[derive(Debug, Clone, Default)]
pub(in crate::api) struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Takes in a type with all that it is made of; gives the reference to it.
    pub(in crate::api) fn add<T: ToSchema>(&mut self) -> Value {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        found.into_iter().for_each(|(name, schema)| self.put(name, value(&schema)));
        reference("schemas", &T::name())
    }

    /// A list of something, as every list is answered.
    pub(in crate::api) fn add_page<T: ToSchema>(&mut self) -> Value {
        let entry = self.add::<T>();
        let name = format!("{}Page", T::name());
        let list = json!({
            "type": "object",
            "required": ["data", "next_cursor", "prev_cursor", "has_more"],
            "properties": {
                "data": { "type": "array", "items": entry, "maxItems": 100 },
                "next_cursor": { "type": ["string", "null"], "description": "The cursor of what follows." },
                "prev_cursor": { "type": ["string", "null"], "description": "The cursor of what comes before." },
                "has_more": { "type": "boolean", "description": "Whether more follows." },
                "page": { "type": "integer", "description": "Only when pages were asked for by number." },
                "per_page": { "type": "integer" },
                "total": { "type": "integer" },
                "total_pages": { "type": "integer" },
                "total_is_capped": { "type": "boolean", "description": "Counting stopped at 10,000." },
                "search_is_capped": { "type": "boolean", "description": "More was found than is searched through." },
            },
        });
        self.put(name.clone(), list);
        reference("schemas", &name)
    }

    /// Another member of a list's answer, which is always there.
    pub(in crate::api) fn add_to_page<T: ToSchema>(&mut self, name: &str, member: Value) {
        if let Some(page) = self.0.get_mut(&format!("{}Page", T::name())) {
            page["properties"][name] = member;
            page["required"].as_array_mut().into_iter().for_each(|required| required.push(name.into()));
        }
    }

    pub(in crate::api) fn merge(&mut self, others: Self) {
        others.0.into_iter().for_each(|(name, schema)| self.put(name, schema));
    }

    fn put(&mut self, name: String, schema: Value) {
        let known = self.0.get(&name);
        debug_assert!(known.is_none_or(|known| *known == schema), "two types are called {name}");
        self.0.insert(name, schema);
    }

    /// All of them, complete. Whatever refuses unknown members is submitted; all else is answered, and of that holds:
    /// what may be null is always there, and what may be missing is never null.
    pub(in crate::api) fn finish(self) -> BTreeMap<String, Value> {
        let complete = |(name, mut schema)| {
            complete(&mut schema);
            (name, schema)
        };
        self.0.into_iter().map(complete).collect()
    }

    /// Everything that some schema says under a name.
    pub(super) fn said(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.0.values().for_each(|schema| collect(schema, name, &mut found));
        found
    }
}

/// A schema as JSON. Ours always serialize; one that would not says nothing.
pub(super) fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_else(|_| json!({}))
}

fn collect(schema: &Value, name: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => members.iter().for_each(|(key, member)| match member {
            Value::Array(words) if key == name => {
                found.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            member => collect(member, name, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, found)),
        _ => {}
    }
}

fn complete(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(complete);
            if !members.contains_key("additionalProperties") {
                require_what_may_be_null(members);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}

fn require_what_may_be_null(object: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = object.get("properties") else { return };
    let nullable: Vec<Value> =
        properties.iter().filter(|(_, schema)| may_be_null(schema)).map(|(name, _)| name.as_str().into()).collect();
    if nullable.is_empty() {
        return;
    }
    let required = object.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(required) = required {
        nullable.into_iter().for_each(|name| {
            if !required.contains(&name) {
                required.push(name);
            }
        });
    }
}

fn may_be_null(schema: &Value) -> bool {
    let one_of = |name: &str| schema[name].as_array().is_some_and(|items| items.iter().any(may_be_null));
    let kind = &schema["type"];
    kind == "null" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("null"))) || one_of("oneOf")
}
