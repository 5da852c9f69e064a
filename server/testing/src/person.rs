//! Somebody who sends requests, with a cookie jar or an access token.

use crate::reply::Reply;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub email: String,
    /// Where the server listens, as `127.0.0.1:1234`.
    pub address: String,
    /// The host that requests name.
    pub host: String,
    client: Client,
    credential: Credential,
}

#[derive(Clone)]
enum Credential {
    /// The one cookie, as it is sent.
    Cookie(Arc<Mutex<Option<String>>>),
    Token(String),
}

impl Person {
    pub fn anonymous(client: &Client, address: &str, host: &str) -> Self {
        Self {
            id: String::new(),
            email: String::new(),
            address: address.to_owned(),
            host: host.to_owned(),
            client: client.clone(),
            credential: Credential::Cookie(Arc::default()),
        }
    }

    /// The same person in another browser, which has a copy of the cookie as it is now.
    pub fn copied(&self) -> Self {
        let copy = Arc::new(Mutex::new(self.cookie()));
        Self { credential: Credential::Cookie(copy), ..self.clone() }
    }

    /// Another browser that knows nothing yet.
    pub fn fresh(&self) -> Self {
        Self { credential: Credential::Cookie(Arc::default()), ..self.clone() }
    }

    /// Somebody of this address in a browser that knows nothing yet.
    pub fn called(&self, email: &str) -> Self {
        Self { email: email.to_owned(), ..self.fresh() }
    }

    pub fn known_as(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    pub fn with_cookie(&self, cookie: &str) -> Self {
        let jar = Arc::new(Mutex::new(Some(cookie.to_owned())));
        Self { credential: Credential::Cookie(jar), ..self.clone() }
    }

    /// A program that has an access token and no cookie.
    pub fn with_token(&self, token: &str) -> Self {
        Self { credential: Credential::Token(token.to_owned()), ..self.clone() }
    }

    /// A program of this person that is good for these organizations alone.
    pub async fn restricted_to(&self, slugs: &[&str]) -> Self {
        let mut ids = Vec::new();
        for slug in slugs {
            ids.push(self.get(&format!("/organizations/{slug}")).await.expect(200)["id"].clone());
        }
        let new = serde_json::json!({ "name": "Part", "scopes": ["org:read", "user:read"], "organizations": ids });
        let made = self.post("/users/@me/tokens", new).await;
        self.with_token(made.expect(201)["token"].as_str().expect("a secret"))
    }

    pub fn cookie(&self) -> Option<String> {
        match &self.credential {
            Credential::Cookie(jar) => jar.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Credential::Token(_) => None,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path).json(&body).send().await
    }

    /// For what takes no body.
    pub async fn post_nothing(&self, path: &str) -> Reply {
        self.call(Method::POST, path).send().await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path).json(&body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path).json(&body).send().await
    }

    pub async fn log_in(&self, password: &str) -> Reply {
        self.post("/auth/login", serde_json::json!({ "email": self.email, "password": password })).await
    }

    pub async fn is_signed_in(&self) -> bool {
        let reply = self.get("/users/@me").await;
        if reply.status == 200 {
            assert_eq!(reply.body["email"], self.email.as_str());
        } else {
            assert_eq!(reply.refusal(), (401, "unauthenticated"));
        }
        reply.status == 200
    }

    /// A path of the API, or a whole one that begins with `/api/`, `/health/` or `/actions/`.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let whole = ["/api/", "/health/", "/actions/"].iter().any(|start| path.starts_with(start));
        let base = if whole { "" } else { "/api/v1" };
        let call = Call {
            person: self.clone(),
            method,
            url: format!("http://{}{base}{path}", self.address),
            headers: HeaderMap::new(),
            body: None,
        };
        let call = call.header("host", &self.host);
        match &self.credential {
            Credential::Cookie(_) => {
                let call = call.header("sec-fetch-site", "same-origin");
                match self.cookie() {
                    Some(cookie) => call.header("cookie", &cookie),
                    None => call,
                }
            }
            Credential::Token(token) => call.header("authorization", &format!("Bearer {token}")),
        }
    }

    fn keep_cookie(&self, headers: &HeaderMap) {
        let Credential::Cookie(jar) = &self.credential else { return };
        for set in headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            let pair = set.split(';').next().unwrap_or_default();
            let ended = set.to_ascii_lowercase().contains("max-age=0") || pair.ends_with('=');
            *jar.lock().unwrap_or_else(PoisonError::into_inner) = (!ended).then(|| pair.to_owned());
        }
    }
}

/// A request that is being put together.
pub struct Call {
    person: Person,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Call {
    /// Sets a field; one of that name is replaced.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a field's name");
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a field's value"));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    pub fn body(mut self, kind: &str, bytes: &[u8]) -> Self {
        self.body = Some(bytes.to_owned());
        self.header("content-type", kind)
    }

    /// A file of a form, as browsers send it.
    pub fn file(self, field: &str, kind: &str, bytes: &[u8]) -> Self {
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"file\"\r\n");
        let head = format!("{head}Content-Type: {kind}\r\n\r\n");
        let form = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        self.body("multipart/form-data; boundary=edge", &form)
    }

    /// Sends it. Whatever is asked, the server does not break.
    pub async fn send(self) -> Reply {
        let mut request = self.person.client.request(self.method.clone(), &self.url).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.person.keep_cookie(&headers);
        let reply = Reply::new(status, headers, &response.bytes().await.expect("a whole answer"));
        assert_ne!(reply.status, 500, "{} {}: {}", self.method, self.url, reply.text);
        reply
    }
}
