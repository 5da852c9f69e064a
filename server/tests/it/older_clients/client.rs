//! How each of the five descriptions speaks, and the tests that a row of api.md 4.7 gets.

use crate::acceptance_checks::clients::{Case, Dialect};
use crate::support::World;
use crate::support::person::Person;
use domain::policy::Permission;
use serde_json::Value;

/// Also of `001`, which wraps the same interface.
pub(super) const OF_000: Dialect = Dialect::PLAIN;
pub(super) const OF_002: Dialect = Dialect { case: Case::Camel, ..Dialect::PLAIN };
pub(super) const OF_003: Dialect = Dialect { envelope: true, ..Dialect::PLAIN };
pub(super) const OF_004: Dialect = Dialect { base: "/api", by_query: true, ..Dialect::CAMEL_IN_ENVELOPES };

/// Makes two tests of one row: the call as that description has it, and the same in camelCase and in envelopes, both
/// ways, as check 17 asks for each call. What differs is translated by the client.
macro_rules! seed_call {
    ($described:expr, async fn $name:ident($world:ident: World, $dialect:ident: Dialect) $calls:block) => {
        mod $name {
            use super::*;

            async fn calls($world: World, $dialect: Dialect) $calls

            on_each_database!(
                async fn as_described(world: World) {
                    calls(world, $described).await;
                }
            );

            on_each_database!(
                async fn check_17_in_camel_case_and_in_envelopes(world: World) {
                    calls(world, $described.in_camel_case_and_envelopes()).await;
                }
            );
        }
    };
}
pub(super) use seed_call;

/// A program with all the power that this person has in organizations.
pub(super) async fn program(world: &World, person: &Person) -> Person {
    let scopes = Permission::ALL.iter().map(|permission| permission.name());
    let scopes: Vec<_> = scopes.filter(|scope| !scope.starts_with("admin:")).collect();
    world.bearer(person, &scopes).await
}

/// The path of `acme`, for clients that know organizations by their ids.
pub(super) async fn acme_by_id(world: &World) -> String {
    let acme = world.ada.get("/organizations/acme").await;
    format!("/organizations/{}", text(acme.expect(200), "id"))
}

/// A text of an answer.
#[track_caller]
pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}
