//! An answer, as tests read it.

use reqwest::header::HeaderMap;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The bytes, as far as they are text.
    pub text: String,
    /// The body, if it is JSON.
    pub body: Value,
}

impl Reply {
    pub fn new(status: u16, headers: HeaderMap, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, bytes: bytes.to_owned(), text, body }
    }

    /// Status and code. A refusal of fields is known by the code of the first of them.
    #[track_caller]
    pub fn refusal(&self) -> (u16, &str) {
        let code = match self.body["code"].as_str() {
            Some("validation_failed") => self.body["errors"][0]["code"].as_str(),
            code => code,
        };
        assert!(code.is_some() || self.text.is_empty(), "{} without a code: {}", self.status, self.text);
        (self.status, code.unwrap_or_default())
    }

    /// Where and why each field was refused.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let entries = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let place = entry["pointer"].as_str().or(entry["parameter"].as_str()).unwrap_or_default();
                (place, entry["code"].as_str().unwrap_or_default())
            })
            .collect()
    }

    /// The body of an answer that has this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Value {
        assert_eq!(self.status, status, "{}", self.text);
        &self.body
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The texts of one member of every entry of a list.
    #[track_caller]
    pub fn column(&self, member: &str) -> Vec<&str> {
        let entries = self.expect(200)["data"].as_array().expect("a list");
        entries.iter().map(|entry| entry[member].as_str().expect(member)).collect()
    }
}
