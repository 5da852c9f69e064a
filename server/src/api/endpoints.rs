//! Endpoints of the API: a route and what the document says of it, neither without the other.

mod gate;
mod operation;
mod parameters;
mod problems;
mod schemas;

pub(super) use gate::Gate;
pub(super) use operation::{Operation, anyone, needs, platform, public, session, signed_in};
pub(super) use problems::Problem;
pub(super) use schemas::Schemas;

use crate::App;
use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Some routes of one subject. A route is made by one of the methods below, which takes what the document says of it;
/// nothing else adds one to the API.
pub(super) struct Endpoints {
    subject: &'static str,
    router: Router<App>,
    documented: Vec<Documented>,
}

/// One method of one path.
#[derive(Clone)]
struct Documented {
    method: &'static str,
    path: String,
    subject: &'static str,
    operation: Operation,
    /// Whether the document has it.
    is_told: bool,
}

impl Endpoints {
    /// The subject is the headline under which the document has them.
    pub(super) fn of(subject: &'static str) -> Self {
        Self { subject, router: Router::new(), documented: Vec::new() }
    }

    pub(super) fn get<H: Handler<T, App>, T: 'static>(self, path: &str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::GET, "get", path, handler, operation)
    }

    pub(super) fn post<H: Handler<T, App>, T: 'static>(self, path: &str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::POST, "post", path, handler, operation)
    }

    pub(super) fn put<H: Handler<T, App>, T: 'static>(self, path: &str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::PUT, "put", path, handler, operation)
    }

    pub(super) fn patch<H: Handler<T, App>, T: 'static>(self, path: &str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::PATCH, "patch", path, handler, operation)
    }

    pub(super) fn delete<H: Handler<T, App>, T: 'static>(self, path: &str, handler: H, operation: Operation) -> Self {
        self.add(MethodFilter::DELETE, "delete", path, handler, operation)
    }

    fn add<H: Handler<T, App>, T: 'static>(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &str,
        handler: H,
        operation: Operation,
    ) -> Self {
        let subject = self.subject;
        self.documented.push(Documented { method, path: path.to_owned(), subject, operation, is_told: true });
        Self { router: self.router.route(path, on(filter, handler)), ..self }
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.documented.extend(other.documented);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// Puts all of the others below a path.
    pub(super) fn nest(mut self, prefix: &str, other: Self) -> Self {
        self.documented.extend(other.documented.into_iter().map(|one| one.below(prefix)));
        Self { router: self.router.nest(prefix, other.router), ..self }
    }

    /// Answers below another path too, of which the document says no more than that it does.
    pub(super) fn twin(mut self, prefix: &str, other: &Self) -> Self {
        let untold = other.documented.iter().cloned().map(|one| Documented { is_told: false, ..one.below(prefix) });
        self.documented.extend(untold);
        Self { router: self.router.nest(prefix, other.router.clone()), ..self }
    }

    pub(super) fn router(&self) -> Router<App> {
        self.router.clone()
    }

    /// Who may call each POST, by its path: those can be asked to do a thing once.
    pub(super) fn gates(&self) -> Arc<BTreeMap<String, Gate>> {
        let posts = self.documented.iter().filter(|one| one.method == "post");
        Arc::new(posts.map(|one| (one.path.clone(), one.operation.gate())).collect())
    }

    /// The parts of the document that come from the endpoints.
    pub(super) fn describe(&self) -> Description {
        let mut description = Description::default();
        let documented = self.documented.iter().filter(|one| one.is_told).cloned();
        for Documented { method, path, subject, operation, .. } in documented {
            let told = operation.describe(method, &path, subject, &mut description);
            description.paths.entry(path).or_default().insert(method.to_owned(), told);
        }
        description
    }
}

impl Documented {
    fn below(self, prefix: &str) -> Self {
        let path = if self.path == "/" { prefix.to_owned() } else { format!("{prefix}{}", self.path) };
        Self { path, ..self }
    }
}

/// What the document has of the endpoints.
#[derive(Default)]
pub(super) struct Description {
    pub(super) paths: BTreeMap<String, Map<String, Value>>,
    pub(super) schemas: Schemas,
    /// Refusals that several endpoints share.
    pub(super) responses: BTreeMap<String, Value>,
}

/// A reference to a part that several share.
fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}
