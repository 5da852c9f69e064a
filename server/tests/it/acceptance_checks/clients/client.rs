//! A client that wishes the form of its answers, and sees to it that they have it.

use crate::support::Reply;
use crate::support::person::{Call, Person};
use reqwest::Method;
use serde_json::Value;

/// In what form a client asks, and wishes its answers.
#[derive(Clone, Copy)]
pub(crate) struct Dialect {
    /// What its paths begin with.
    pub(crate) base: &'static str,
    pub(crate) case: Case,
    pub(crate) envelope: bool,
    /// Whether it can do without what was made.
    pub(crate) minimal: bool,
    /// Whether it says so in the query; otherwise in `Prefer`.
    pub(crate) by_query: bool,
}

/// The case of keys, both ways.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Case {
    Snake,
    Camel,
    /// camelCase, of a client whose test is written in snake_case.
    Translated,
}

impl Dialect {
    /// Wishes nothing.
    pub(crate) const PLAIN: Self =
        Self { base: "", case: Case::Snake, envelope: false, minimal: false, by_query: false };
    pub(crate) const CAMEL_IN_ENVELOPES: Self = Self { case: Case::Camel, envelope: true, ..Self::PLAIN };

    /// The same, but in camelCase and in envelopes, wished in `Prefer`.
    pub(crate) fn in_camel_case_and_envelopes(self) -> Self {
        let case = if self.case == Case::Snake { Case::Translated } else { self.case };
        Self { case, envelope: true, by_query: false, ..self }
    }

    pub(crate) fn spoken_by(self, person: &Person) -> Client {
        Client { person: person.clone(), dialect: self }
    }
}

pub(crate) struct Client {
    person: Person,
    dialect: Dialect,
}

impl Client {
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Value::Null, 200).await.0
    }

    pub(crate) async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.send(Method::POST, path, body, status).await.0
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.send(Method::PATCH, path, body, 200).await.0
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.send(Method::PUT, path, body, 200).await.0
    }

    /// In envelopes 204 is 200.
    pub(crate) async fn delete(&self, path: &str, status: u16) -> Value {
        self.send(Method::DELETE, path, Value::Null, status).await.0
    }

    /// A file of a form; gives what is answered.
    pub(crate) async fn upload(&self, path: &str, picture: &[u8]) -> Value {
        let reply = self.call(Method::POST, path).file("file", "image/png", picture).send().await;
        self.read(path, &reply, 200)
    }

    /// What is answered, out of its envelope; then the answer as it came.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Value, status: u16) -> (Value, Reply) {
        let what = format!("{method} {path}");
        let call = self.call(method, path);
        let reply = if body.is_null() { call.send().await } else { call.json(&self.written(body)).send().await };
        (self.read(&what, &reply, status), reply)
    }

    fn call(&self, method: Method, path: &str) -> Call {
        let path = format!("{}{path}", self.dialect.base);
        let wishes = self.wishes();
        if wishes.is_empty() {
            self.person.call(method, &path)
        } else if self.dialect.by_query {
            let and = if path.contains('?') { '&' } else { '?' };
            let query = wishes.join("&").replace("envelope", "envelope=true");
            self.person.call(method, &format!("{path}{and}{query}"))
        } else {
            self.person.call(method, &path).header("prefer", &wishes.join(", "))
        }
    }

    /// In the words of `Prefer`, which `Preference-Applied` repeats.
    fn wishes(&self) -> Vec<&'static str> {
        let Dialect { case, envelope, minimal, .. } = self.dialect;
        let wishes = [("return=minimal", minimal), ("case=camel", case != Case::Snake), ("envelope", envelope)];
        wishes.into_iter().filter(|(_, wished)| *wished).map(|(wish, _)| wish).collect()
    }

    fn written(&self, body: Value) -> Value {
        if self.dialect.case == Case::Translated { renamed(body, camel) } else { body }
    }

    fn read(&self, what: &str, reply: &Reply, status: u16) -> Value {
        let Dialect { case, envelope, minimal, .. } = self.dialect;
        let status = if envelope && status == 204 { 200 } else { status };
        assert_eq!(reply.status, status, "{what}: {}", reply.text);
        assert_eq!(reply.header("preference-applied"), self.wishes().join(", "), "{what}");
        if !envelope && (minimal || status == 204) {
            assert_eq!(reply.text, "", "{what}");
            return Value::Null;
        }
        assert_eq!(reply.header("content-type"), "application/json; charset=utf-8", "{what}");
        assert!(case == Case::Snake || is_camel(&reply.body), "{what}: {}", reply.text);
        let told = if envelope { out_of_envelope(what, reply) } else { reply.body.clone() };
        if case == Case::Translated { renamed(told, snake) } else { told }
    }
}

fn out_of_envelope(what: &str, reply: &Reply) -> Value {
    assert_eq!(reply.body["success"], reply.status < 400, "{what}");
    assert!(reply.body["message"].as_str().is_some_and(|text| !text.is_empty()), "{what}");
    reply.body["data"].clone()
}

/// Of this dictionary the keys are data.
const INDUSTRIES: &str = "choices";

/// No key of a field has an underscore.
fn is_camel(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().all(|(name, member)| !name.contains('_') && (name == INDUSTRIES || is_camel(member)))
        }
        Value::Array(items) => items.iter().all(is_camel),
        _ => true,
    }
}

fn renamed(value: Value, rename: fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| {
                let member = if name == INDUSTRIES { member } else { renamed(member, rename) };
                (rename(&name), member)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| renamed(item, rename)).collect(),
        other => other,
    }
}

/// `country_code` as `countryCode`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// `countryCode` as `country_code`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
