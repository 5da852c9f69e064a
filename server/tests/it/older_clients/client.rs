//! A client that speaks as one of the five descriptions does: its base path, its case of keys, its envelope.

use crate::acceptance_checks::clients::is_camel;
use crate::support::person::Person;
use reqwest::Method;
use serde_json::Value;

pub(super) struct Client {
    person: Person,
    base: &'static str,
    is_camel: bool,
    has_envelope: bool,
}

impl Client {
    /// Also of `001`, which wraps the same interface.
    pub(super) fn of_000(person: &Person) -> Self {
        Self { person: person.clone(), base: "/api/v1", is_camel: false, has_envelope: false }
    }

    pub(super) fn of_002(person: &Person) -> Self {
        Self { is_camel: true, ..Self::of_000(person) }
    }

    pub(super) fn of_003(person: &Person) -> Self {
        Self { has_envelope: true, ..Self::of_000(person) }
    }

    pub(super) fn of_004(person: &Person) -> Self {
        Self { base: "/api", is_camel: true, has_envelope: true, ..Self::of_000(person) }
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Value::Null, 200).await
    }

    pub(super) async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.send(Method::POST, path, body, status).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Value {
        self.send(Method::PATCH, path, body, 200).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Value {
        self.send(Method::PUT, path, body, 200).await
    }

    pub(super) async fn delete(&self, path: &str, status: u16) -> Value {
        self.send(Method::DELETE, path, Value::Null, status).await
    }

    /// What is answered, out of its envelope.
    async fn send(&self, method: Method, path: &str, body: Value, status: u16) -> Value {
        let wishes = [("case=camel", self.is_camel), ("envelope", self.has_envelope)];
        let wishes: Vec<_> = wishes.into_iter().filter(|(_, wished)| *wished).map(|(wish, _)| wish).collect();
        let mut call = self.person.call(method.clone(), &format!("{}{path}", self.base));
        if !wishes.is_empty() {
            call = call.header("prefer", &wishes.join(", "));
        }
        let reply = if body.is_null() { call.send().await } else { call.json(&body).send().await };
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
        assert_eq!(reply.header("preference-applied"), wishes.join(", "), "{method} {path}");
        assert!(!self.is_camel || is_camel(&reply.body), "{method} {path}: {}", reply.text);
        if !self.has_envelope {
            return reply.body;
        }
        assert_eq!(reply.body["success"], true, "{method} {path}");
        assert!(reply.body["message"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
        reply.body["data"].clone()
    }
}

/// A text of an answer.
#[track_caller]
pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}
