//! Limits, page numbers and filters in addresses.

mod cursors;
mod ids;

use crate::support::World;
use crate::support::operations::{Operation, parameter};
use crate::support::person::Person;

const ORGANIZATIONS: &str = "/organizations";
const MEMBERS: &str = "/organizations/acme/members";
const INVITATIONS: &str = "/organizations/acme/invitations";

/// Percent-encoded as they are sent.
const NUMBERS: [&str; 36] = [
    "0",
    "-0",
    "101",
    "100000",
    "4294967296",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "1.",
    "1E2",
    "0b1",
    "010",
    "007",
    "1,000",
    "%201",
    "1%00",
    "%31%",
    "null",
    "NaN",
    "-Infinity",
    "false",
    "*",
    "ten",
    "%D9%A1%D9%A0",
    "%C2%B2",
    "%E2%85%A9",
    "1&limit=2",
    "1)",
    "[1]",
    "%221%22",
    "$1",
    "1/1",
    "--1",
    "%EF%BB%BF1",
    "",
    "%2B1",
];

/// Every list there is.
async fn lists(world: &World) -> Vec<Operation> {
    world.operations(|told| parameter(told, "cursor").is_some()).await
}

async fn refuse(person: &Person, list: &str, query: &str, code: &str) {
    let reply = person.exactly("GET", &format!("/api/v1{list}?{query}")).await;
    assert_eq!(reply.refusal(), (400, code), "{list}?{query}");
    assert_eq!(reply.header("content-type"), "application/problem+json", "{list}?{query}");
}

on_each_database!(
    async fn numbers(world: World) {
        for number in NUMBERS {
            refuse(&world.ada, MEMBERS, &format!("limit={number}"), "invalid_parameter").await;
        }
        for number in ["0", "-5", "101", "1.5", "010", "x", ""] {
            refuse(&world.ada, MEMBERS, &format!("per_page={number}"), "invalid_parameter").await;
        }
        for number in ["0", "-1", "1.5", "010", "x", "", "4294967296", "99999999999999999999999999"] {
            refuse(&world.ada, MEMBERS, &format!("page={number}"), "invalid_parameter").await;
        }
        for query in ["limit[]=1", "cursor[]=a", "fields=*", "Limit=1", "nonsense=", "limit%00=1"] {
            refuse(&world.ada, MEMBERS, query, "unknown_parameter").await;
        }
        for query in ["sort=password", "sort=name;drop", "sort=", "sort=--name", "sort=name%00", "sort=NAME"] {
            refuse(&world.ada, MEMBERS, query, "invalid_sort").await;
        }
    }
);

on_each_database!(
    async fn every_list_is_asked_for_in_parts(world: World) {
        for Operation { by, path, .. } in lists(&world).await {
            for (query, code) in [
                ("limit=0", "invalid_parameter"),
                ("limit=101", "invalid_parameter"),
                ("limit=010", "invalid_parameter"),
                ("limit=1&limit=2", "invalid_parameter"),
                ("page=0", "invalid_parameter"),
                ("per_page=101", "invalid_parameter"),
                ("cursor=", "invalid_parameter"),
                ("cursor=x", "invalid_cursor"),
                ("page=10001", "page_too_deep"),
                ("page=101&per_page=100", "page_too_deep"),
                ("page=1&cursor=x", "pagination_conflict"),
                ("per_page=5&limit=5", "pagination_conflict"),
                ("limit[]=1", "unknown_parameter"),
                ("fields=*", "unknown_parameter"),
                ("sort=password", "invalid_sort"),
                ("sort=", "invalid_sort"),
            ] {
                refuse(&by, &path, query, code).await;
            }
        }
    }
);

on_each_database!(
    async fn filters(world: World) {
        let long = format!("search={}", "a".repeat(101));
        for list in [ORGANIZATIONS, MEMBERS, INVITATIONS] {
            for query in [
                "role=superuser",
                "role=admin,owner",
                "role=",
                "role=0",
                "role=Admin",
                "role=%00",
                "search=%00%00",
                "search=",
                "search=a%0Ab",
                "search=%E2%80%AE",
                &long,
                "status=odd",
                "status=",
                "search=a&search=b",
            ] {
                refuse(&world.ada, list, query, "invalid_parameter").await;
            }
        }
        for query in
            ["invited_by=x", "invited_by=", "invited_by=550e8400-e29b-41d4-a716-44665544000g", "invited_by=@me"]
        {
            refuse(&world.ada, INVITATIONS, query, "invalid_parameter").await;
        }
        for query in ["visibility=odd", "visibility=public&visibility=private"] {
            refuse(&world.ada, ORGANIZATIONS, query, "invalid_parameter").await;
        }
        for search in ["%25", "_", "%5C", "%27%20OR%201=1", "%F0%9F%98%80"] {
            let reply = world.ada.exactly("GET", &format!("/api/v1{MEMBERS}?search={search}")).await;
            assert!(reply.column("email").is_empty(), "{search}");
        }
    }
);

on_each_database!(
    async fn headers_that_mean_nothing_here(world: World) {
        let languages: Vec<String> = (0..1000).map(|number| format!("a{number};q=0.1")).collect();
        for (name, value) in [
            ("accept-language", languages.join(", ").as_str()),
            ("te", "trailers"),
            ("upgrade", "h2c"),
            ("expect", "100-continue"),
            ("x-http-method-override", "DELETE"),
            ("x-original-url", "/admin"),
            ("range", "bytes=0-1"),
        ] {
            let reply = world.ada.call(reqwest::Method::GET, "/organizations/acme").header(name, value).send().await;
            assert_eq!(reply.expect(200)["slug"], "acme", "{name}");
        }
    }
);
