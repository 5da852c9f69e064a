//! What the document says of one operation. The first word tells who may call it.

mod told;

use super::gate::{Again, Gate};
use super::parameters::{of_lists, of_query};
use super::problems::LIST;
use super::{Schemas, reference};
use domain::code::Code;
use domain::policy::Permission;
use domain::schema::{Asked, PROBLEM_CODES, Parameter};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

#[derive(Clone)]
pub(in crate::api) struct Operation {
    access: Access,
    id: &'static str,
    summary: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: Map<String, Value>,
    schemas: Schemas,
    own: Vec<Code>,
    /// By which codes fields of the body are refused.
    of_fields: Vec<String>,
    is_list: bool,
    keeps_nothing: bool,
    again: Again,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Public,
    Anyone,
    SignedIn(Option<Permission>),
    Session,
    Platform(Permission),
}

/// For everybody; nobody is asked who they are.
pub(in crate::api) fn public(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::Public, id, summary)
}

/// For everybody; those who say who they are see more.
pub(in crate::api) fn anyone(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::Anyone, id, summary)
}

/// For everybody who is signed in, and every token.
pub(in crate::api) fn signed_in(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::SignedIn(None), id, summary)
}

/// For those who have a permission; a token needs the scope of the same name.
pub(in crate::api) fn needs(permission: Permission, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::SignedIn(Some(permission)), id, summary).refuses(&[Code::InsufficientScope])
}

/// For people who are signed in, not for tokens.
pub(in crate::api) fn session(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::Session, id, summary).refuses(&[Code::SessionRequired])
}

/// For platform administrators. For everybody else it is not there.
pub(in crate::api) fn platform(permission: Permission, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Access::Platform(permission), id, summary).refuses(&[Code::NotFound, Code::InsufficientScope])
}

impl Operation {
    fn new(access: Access, id: &'static str, summary: &'static str) -> Self {
        Self {
            access,
            id,
            summary,
            parameters: Vec::new(),
            body: None,
            answers: Map::new(),
            schemas: Schemas::default(),
            own: Vec::new(),
            of_fields: Vec::new(),
            is_list: false,
            keeps_nothing: false,
            again: Again::default(),
        }
    }

    /// The same under an older name.
    pub(in crate::api) fn called(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// Takes a list's query, and answers a page of it.
    pub(in crate::api) fn lists<Q: Asked, T: ToSchema>(mut self) -> Self {
        self.parameters.extend(Q::parameters().iter().map(|parameter| of_query(parameter, false)));
        self.parameters.extend(of_lists());
        self.is_list = true;
        let page = self.schemas.add_page::<T>();
        self.answer("200", "A part of the list.", JSON, page)
            .header("200", "Link")
            .header("200", "X-Total-Count")
            .refuses(LIST)
    }

    /// Tells something beside the entries of a list of these.
    pub(in crate::api) fn tells_too<T: ToSchema>(mut self, name: &str, member: Value) -> Self {
        self.schemas.add_to_page::<T>(name, member);
        self
    }

    /// Takes a parameter of the query.
    pub(in crate::api) fn asks<T: PartialSchema>(self, name: &'static str, about: &'static str) -> Self {
        self.ask::<T>(name, about, false)
    }

    /// Takes a parameter of the query that has to be there.
    pub(in crate::api) fn needs_to_know<T: PartialSchema>(self, name: &'static str, about: &'static str) -> Self {
        self.ask::<T>(name, about, true)
    }

    fn ask<T: PartialSchema>(mut self, name: &'static str, about: &'static str, required: bool) -> Self {
        self.parameters.push(of_query(&Parameter::of::<T>(name, about, false), required));
        self
    }

    /// Takes a body.
    pub(in crate::api) fn takes<T: ToSchema>(self) -> Self {
        self.body::<T>(true, &[JSON])
    }

    /// Takes a body that may be missing.
    pub(in crate::api) fn may_take<T: ToSchema>(self) -> Self {
        self.body::<T>(false, &[JSON])
    }

    /// Takes a merge patch (RFC 7396).
    pub(in crate::api) fn patches_with<T: ToSchema>(self) -> Self {
        self.body::<T>(true, &[JSON, MERGE_PATCH])
    }

    /// Takes a file as well, whose first line names its columns.
    pub(in crate::api) fn or_takes(mut self, kind: &str, columns: &[&str]) -> Self {
        let about = format!("The first line names the columns, among these: {}.", columns.join(", "));
        if let Some(body) = &mut self.body {
            body["content"][kind] = json!({ "schema": { "type": "string", "description": about } });
        }
        self
    }

    /// Takes a file of one of these media types, as this part of a form (RFC 7578).
    pub(in crate::api) fn takes_file(mut self, part: &str, kinds: &[&str]) -> Self {
        let file = json!({ "type": "string", "format": "binary" });
        let form = json!({ "type": "object", "required": [part], "properties": { part: file }, "additionalProperties": false });
        let encoding = json!({ part: { "contentType": kinds.join(", ") } });
        let content = json!({ "multipart/form-data": { "schema": form, "encoding": encoding } });
        self.body = Some(json!({ "required": true, "content": content }));
        self
    }

    fn body<T: ToSchema>(mut self, required: bool, kinds: &[&str]) -> Self {
        let mut schemas = Schemas::default();
        let body = schemas.add::<T>();
        self.of_fields.extend(schemas.said(PROBLEM_CODES));
        self.schemas.merge(schemas);
        let content: Map<_, _> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": body }))).collect();
        self.body = Some(json!({ "required": required, "content": content }));
        self
    }

    /// Answers 200 and this.
    pub(in crate::api) fn answers<T: ToSchema>(mut self) -> Self {
        let schema = self.schemas.add::<T>();
        self.answer("200", "As it is now.", JSON, schema).header("200", "ETag")
    }

    /// Answers 200 and all of these.
    pub(in crate::api) fn answers_all<T: ToSchema>(mut self) -> Self {
        let entry = self.schemas.add::<T>();
        self.answer("200", "All of them.", JSON, json!({ "type": "array", "items": entry }))
    }

    /// Answers 201 and what was made, with its address.
    pub(in crate::api) fn makes<T: ToSchema>(mut self) -> Self {
        let schema = self.schemas.add::<T>();
        self.answer("201", "It was made.", JSON, schema).header("201", "Location").header("201", "ETag")
    }

    /// Answers 202 and what will be.
    pub(in crate::api) fn begins<T: ToSchema>(mut self) -> Self {
        let schema = self.schemas.add::<T>();
        self.answer("202", "It will be done.", JSON, schema)
    }

    /// Answers 202, and no body.
    pub(in crate::api) fn will_be_done(mut self) -> Self {
        self.answers.insert("202".to_owned(), json!({ "description": "It will be done." }));
        self
    }

    /// Answers 204, once it is done.
    pub(in crate::api) fn says_nothing(mut self) -> Self {
        self.answers.insert("204".to_owned(), json!({ "description": "It was done; there is nothing to say." }));
        self
    }

    /// Answers 200 and a file, of one of several media types.
    pub(in crate::api) fn sends(self, kinds: &[&str]) -> Self {
        let file = json!({ "type": "string" });
        kinds.iter().fold(self, |operation, kind| operation.answer("200", "The file.", kind, file.clone()))
    }

    /// Answers 200 and JSON that is no type of ours.
    pub(in crate::api) fn shows(self, schema: Value) -> Self {
        self.answer("200", "As it is now.", JSON, schema)
    }

    /// The same with another status than 200.
    pub(in crate::api) fn shows_as(self, status: &str, about: &str, schema: Value) -> Self {
        self.answer(status, about, JSON, schema)
    }

    fn answer(mut self, status: &str, about: &str, kind: &str, schema: Value) -> Self {
        let answer = self.answers.entry(status).or_insert_with(|| json!({ "description": about, "content": {} }));
        answer["content"][kind] = json!({ "schema": schema });
        self
    }

    fn header(mut self, status: &str, name: &str) -> Self {
        self.answers[status]["headers"][name] = reference("headers", name);
        self
    }

    /// Its own refusals, beside those of its kind.
    pub(in crate::api) fn refuses(mut self, codes: &[Code]) -> Self {
        self.own.extend(codes);
        self
    }

    /// Some may do it who do not have the permission.
    pub(in crate::api) fn also_by_others(self) -> Self {
        Self { again: Again::Place, ..self }
    }

    /// Whoever has done it may have lost the right to do it again; the answer is told all the same.
    pub(in crate::api) fn gives_up_place(self) -> Self {
        Self { again: Again::Nothing, ..self }
    }

    pub(super) fn gate(&self) -> Gate {
        Gate { access: self.access, again: self.again }
    }

    /// Takes no idempotency key: passwords or tokens are sent to it.
    pub(in crate::api) fn keeps_nothing(self) -> Self {
        Self { keeps_nothing: true, ..self }
    }
}
