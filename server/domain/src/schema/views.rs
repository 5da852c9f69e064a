//! Organizations, of which some see more than others. Whoever sees all has also what is public: a schema says "either",
//! never "exactly one".

use crate::affiliation::{Affiliation, Standing};
use crate::org::{Organization, PublicOrganization, View};
use std::borrow::Cow;
use utoipa::openapi::schema::{AllOf, AllOfBuilder, AnyOf, AnyOfBuilder, ObjectBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

impl PartialSchema for View {
    fn schema() -> RefOr<Schema> {
        let about = "All of an organization for its members, what is public for others.";
        either(about, [whole().into(), public().into()])
    }
}

impl ToSchema for View {
    fn name() -> Cow<'static, str> {
        "OrganizationView".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        both(schemas);
    }
}

/// Programs that are made of the document want a name for each part of a choice.
const WHOLE_AFFILIATION: &str = "OrganizationAffiliation";
const PUBLIC_AFFILIATION: &str = "PublicOrganizationAffiliation";

impl PartialSchema for Affiliation {
    fn schema() -> RefOr<Schema> {
        let about = "An organization, as much of it as the caller may see, and how the person belongs to it.";
        either(about, [WHOLE_AFFILIATION, PUBLIC_AFFILIATION].map(|name| Ref::from_schema_name(name).into()))
    }
}

impl ToSchema for Affiliation {
    fn name() -> Cow<'static, str> {
        "Affiliation".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        both(schemas);
        schemas.push((WHOLE_AFFILIATION.to_owned(), Schema::AllOf(with_membership(whole())).into()));
        schemas.push((PUBLIC_AFFILIATION.to_owned(), Schema::AllOf(with_membership(public())).into()));
        schemas.push((Standing::name().into(), Standing::schema()));
        Standing::schemas(schemas);
    }
}

fn either(about: &str, views: [RefOr<Schema>; 2]) -> RefOr<Schema> {
    let either: AnyOf =
        views.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).description(Some(about)).build();
    Schema::AnyOf(either).into()
}

fn with_membership(view: Ref) -> AllOf {
    let membership =
        ObjectBuilder::new().property("membership", Ref::from_schema_name(Standing::name())).required("membership");
    AllOfBuilder::new().item(view).item(membership).build()
}

fn whole() -> Ref {
    Ref::from_schema_name(Organization::name())
}

fn public() -> Ref {
    Ref::from_schema_name(PublicOrganization::name())
}

fn both(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((Organization::name().into(), Organization::schema()));
    schemas.push((PublicOrganization::name().into(), PublicOrganization::schema()));
    Organization::schemas(schemas);
    PublicOrganization::schemas(schemas);
}
