//! Which refusals an endpoint may answer: those of its kind, which its method, path, body and caller tell, and its own.

use super::{Description, reference};
use domain::code::Code;
use domain::schema::PROBLEM_CODES;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, schema::Schema};
use utoipa::{PartialSchema, ToSchema};

/// Whatever is asked. A credential that is there but bad is refused also where none is needed.
pub(super) const ALWAYS: &[Code] = &[
    Code::BadRequest,
    Code::UnknownParameter,
    Code::InvalidParameter,
    Code::InvalidHeader,
    Code::InvalidToken,
    Code::TokenExpired,
    Code::NotAcceptable,
    Code::UriTooLong,
    Code::UnknownHost,
    Code::RateLimited,
    Code::HeadersTooLarge,
    Code::InternalError,
    Code::ServiceUnavailable,
];
/// What a browser is made to send by another site.
pub(super) const CHANGE: &[Code] = &[Code::CsrfRejected];
/// Under an organization.
pub(super) const ORGANIZATION: &[Code] = &[Code::OrganizationNotFound, Code::OrganizationBanned];
/// A change under an organization.
pub(super) const ORGANIZATION_CHANGE: &[Code] = &[Code::OrganizationSuspended, Code::OrganizationInactive];
/// A body.
pub(super) const BODY: &[Code] = &[
    Code::MalformedJson,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
    Code::ValidationFailed,
    Code::UnknownField,
    Code::DuplicateField,
    Code::MissingField,
    Code::WrongType,
    Code::ValueUnknown,
    Code::TooManyItems,
    Code::TooDeep,
];
/// A list.
pub(super) const LIST: &[Code] = &[Code::InvalidCursor, Code::PaginationConflict, Code::PageTooDeep, Code::InvalidSort];
/// A change of what is there.
pub(super) const VERSION: &[Code] = &[Code::PreconditionFailed, Code::PreconditionRequired];
/// A request that may come again.
pub(super) const REPEATED: &[Code] =
    &[Code::IdempotencyKeyInvalid, Code::IdempotencyInProgress, Code::IdempotencyKeyReused];

/// The answers that these codes make, by status.
pub(super) fn answers(codes: &BTreeSet<&'static str>, description: &mut Description) -> Vec<(String, Value)> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes.iter().filter_map(|name| Code::named(name)) {
        by_status.entry(code.status()).or_default().push(code);
    }
    let told = |(status, codes): (u16, Vec<Code>)| (status.to_string(), answer(&codes, description));
    by_status.into_iter().map(told).collect()
}

/// An answer with only one code is the same everywhere, so the document has it once.
fn answer(codes: &[Code], description: &mut Description) -> Value {
    description.schemas.add::<Problem>();
    let [only] = codes else { return told(codes) };
    let name = pascal_case(only.name());
    description.responses.entry(name.clone()).or_insert_with(|| told(codes));
    reference("responses", &name)
}

fn told(codes: &[Code]) -> Value {
    let lines: Vec<_> = codes.iter().map(|code| format!("`{}`: {}.", code.name(), code.title())).collect();
    let names: Vec<_> = codes.iter().map(|code| code.name()).collect();
    let mut answer = json!({
        "description": lines.join("\n\n"),
        "content": { "application/problem+json": { "schema": reference("schemas", &Problem::name()) } },
        PROBLEM_CODES: names,
    });
    let status = codes.first().map(|code| code.status());
    if matches!(status, Some(429 | 503)) {
        answer["headers"] = json!({ "Retry-After": reference("headers", "Retry-After") });
    } else if status == Some(401) {
        answer["headers"] = json!({ "WWW-Authenticate": reference("headers", "WWW-Authenticate") });
    }
    answer
}

/// `not_found` as `NotFound`.
fn pascal_case(name: &str) -> String {
    let capital = |word: &str| word.split_at_checked(1).map(|(first, rest)| first.to_ascii_uppercase() + rest);
    name.split('_').filter_map(capital).collect()
}

/// How every refusal looks: problem details (RFC 9457).
pub(in crate::api) enum Problem {}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        let code = || Ref::from_schema_name(<Code as ToSchema>::name());
        let entry = ObjectBuilder::new()
            .description(Some("One broken rule, and where: in the body, the query or path, or a header."))
            .property("pointer", text("A JSON Pointer into the body, behind a `#`."))
            .property("parameter", text("The name of a parameter."))
            .property("header", text("The name of a header."))
            .property("code", code())
            .property("detail", text("A sentence that names the rule."))
            .required("code")
            .required("detail");
        let problem = ObjectBuilder::new()
            .description(Some("Problem details (RFC 9457). Some codes add members of their own."))
            .property("type", text("The address of a page about the code."))
            .property("title", text("What the code means, in a sentence."))
            .property("status", ObjectBuilder::new().schema_type(Type::Integer))
            .property("detail", text("What is wrong with this request."))
            .property("instance", text("The address of this request."))
            .property("code", code())
            .property("request_id", text("The id of this request, for whoever looks into the log."))
            .property("errors", ArrayBuilder::new().items(entry));
        let required = ["type", "title", "status", "detail", "instance", "code", "request_id"];
        let problem = required.into_iter().fold(problem, |problem, name| problem.required(name));
        RefOr::T(Schema::Object(problem.examples([example()]).build()))
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        "Problem".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((<Code as ToSchema>::name().into(), Code::schema()));
    }
}

fn example() -> Value {
    let (whole, field) = (Code::ValidationFailed, Code::SlugReserved);
    json!({
        "type": format!("/problems/{}", whole.slug()),
        "title": whole.title(),
        "status": whole.status(),
        "detail": field.title(),
        "instance": "/requests/0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55",
        "code": whole.name(),
        "request_id": "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55",
        "errors": [{ "pointer": "#/slug", "code": field.name(), "detail": field.title() }],
    })
}
