//! Cursors, limits, filters and ids in addresses.

use crate::support::World;
use serde_json::json;

const LISTS: [&str; 4] =
    ["/organizations", "/organizations/acme/members", "/organizations/acme/invitations", "/users/@me/invitations"];

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

async fn refuse(world: &World, list: &str, query: &str, code: &str) {
    let reply = world.ada.exactly("GET", &format!("/api/v1{list}?{query}")).await;
    assert_eq!(reply.refusal(), (400, code), "{list}?{query}");
    assert_eq!(reply.header("content-type"), "application/problem+json", "{list}?{query}");
}

on_each_database!(
    async fn numbers(world: World) {
        for list in LISTS {
            for number in NUMBERS {
                refuse(&world, list, &format!("limit={number}"), "invalid_parameter").await;
            }
            for number in ["0", "-5", "101", "1.5", "010", "x", ""] {
                refuse(&world, list, &format!("per_page={number}"), "invalid_parameter").await;
            }
            for number in ["0", "-1", "1.5", "010", "x", "", "4294967296", "99999999999999999999999999"] {
                refuse(&world, list, &format!("page={number}"), "invalid_parameter").await;
            }
            for query in ["page=10001", "page=101&per_page=100", "page=4294967295"] {
                refuse(&world, list, query, "page_too_deep").await;
            }
            for query in ["page=1&cursor=x", "page=1&limit=5", "per_page=5&cursor=x"] {
                refuse(&world, list, query, "pagination_conflict").await;
            }
            for query in ["limit[]=1", "cursor[]=a", "fields=*", "Limit=1", "nonsense=", "limit%00=1"] {
                refuse(&world, list, query, "unknown_parameter").await;
            }
            for query in ["sort=password", "sort=name;drop", "sort=", "sort=--name", "sort=name%00", "sort=NAME"] {
                refuse(&world, list, query, "invalid_sort").await;
            }
        }
    }
);

on_each_database!(
    async fn filters(world: World) {
        let long = format!("search={}", "a".repeat(101));
        for list in &LISTS[..3] {
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
                refuse(&world, list, query, "invalid_parameter").await;
            }
        }
        for query in
            ["invited_by=x", "invited_by=", "invited_by=550e8400-e29b-41d4-a716-44665544000g", "invited_by=@me"]
        {
            refuse(&world, LISTS[2], query, "invalid_parameter").await;
        }
        for query in ["visibility=odd", "visibility=public&visibility=private"] {
            refuse(&world, LISTS[0], query, "invalid_parameter").await;
        }
        for search in ["%25", "_", "%5C", "%27%20OR%201=1", "%F0%9F%98%80"] {
            let reply = world.ada.exactly("GET", &format!("/api/v1{}?search={search}", LISTS[1])).await;
            assert!(reply.column("email").is_empty(), "{search}");
        }
    }
);

on_each_database!(
    async fn cursors(world: World) {
        for name in ["a", "b", "c"] {
            world.ada.post("/organizations", json!({ "name": name })).await.expect(201);
            world
                .ben
                .post("/organizations/acme/invitations", json!({ "email": format!("{name}@x.test") }))
                .await
                .expect(201);
        }
        for list in &LISTS[..3] {
            let page = world.ada.get(&format!("{list}?limit=1")).await;
            let good = page.expect(200)["next_cursor"].as_str().expect("more").to_owned();
            let flipped = |at: usize| {
                let mut bytes = good.clone().into_bytes();
                bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                String::from_utf8(bytes).expect("ASCII")
            };
            let standard = good.replace('-', "%2B").replace('_', "%2F") + "%3D";
            let mut bad = vec![flipped(0), flipped(good.len() / 2), flipped(good.len() - 2), flipped(good.len() - 12)];
            bad.extend([format!("{good}A"), format!("{good}=="), format!("%20{good}"), good[1..].to_owned(), standard]);
            bad.push("A".repeat(8000));
            for fixed in [
                "x",
                "%20",
                "null",
                "0",
                "-1",
                "true",
                "{}",
                "'",
                "../..",
                "%ff",
                "%F0%9F%98%80",
                "YQ",
                "YQ=",
                "e30=",
                "W10",
                "eyJpZCI6IjEifQ==",
                "eyJ2IjoxfQ",
                "%00",
            ] {
                bad.push(fixed.to_owned());
            }
            for cursor in bad {
                refuse(&world, list, &format!("cursor={cursor}"), "invalid_cursor").await;
            }
            refuse(&world, list, "cursor=", "invalid_parameter").await;
            refuse(&world, list, &format!("cursor={good}&cursor={good}"), "invalid_parameter").await;
            refuse(&world, list, &format!("cursor={good}&search=abc"), "invalid_cursor").await;
            world.ada.get(&format!("{list}?cursor={good}&limit=7")).await.expect(200);
        }
    }
);

const IDS: [&str; 24] = [
    "0",
    "-1",
    "undefined",
    "00000000-0000-0000-0000-000000000000",
    "550E8400-E29B-41D4-A716-446655440000",
    "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "%7B550e8400-e29b-41d4-a716-446655440000%7D",
    "550e8400-e29b-41d4-a716-44665544000",
    "550e8400-e29b-41d4-a716-44665544000g",
    "%2e%2e%2f",
    "%2e%2e",
    "a%2fb",
    "1'%20OR%20'1'='1",
    "*",
    "id,id",
    "%00",
    "..%2f..%2fadmin",
    "acme%0d%0aX:%201",
    "%F0%9F%98%80",
    "%ff",
    "%ed%a0%80",
    "99999999999999999999999999",
    "acme%20",
    "%EF%BD%81%EF%BD%83%EF%BD%8D%EF%BD%85",
];

on_each_database!(
    async fn ids(world: World) {
        let before = world.rows().await;
        for id in IDS {
            for (method, path, code) in [
                ("GET", format!("/organizations/{id}"), "organization_not_found"),
                ("GET", format!("/organizations/{id}/members"), "organization_not_found"),
                ("GET", format!("/organizations/{id}/avatar"), "organization_not_found"),
                ("POST", format!("/organizations/{id}/leave"), "organization_not_found"),
                ("GET", format!("/organizations/acme/members/{id}"), "member_not_found"),
                ("DELETE", format!("/organizations/acme/members/{id}"), "member_not_found"),
                ("GET", format!("/organizations/acme/invitations/{id}"), "invitation_not_found"),
                ("DELETE", format!("/organizations/acme/invitations/{id}"), "invitation_not_found"),
                ("POST", format!("/organizations/acme/invitations/{id}/resend"), "invitation_not_found"),
                ("GET", format!("/invitations/{id}"), "invitation_not_found"),
                ("POST", format!("/invitations/{id}/decline"), "invitation_not_found"),
                ("POST", format!("/users/@me/invitations/{id}/accept"), "invitation_not_found"),
                ("POST", format!("/users/@me/invitations/{id}/decline"), "invitation_not_found"),
            ] {
                let reply = world.ada.exactly(method, &format!("/api/v1{path}")).await;
                assert!(
                    [(404, code), (404, "not_found")].contains(&reply.refusal()),
                    "{method} {path}: {}",
                    reply.text
                );
                assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
                assert!(!reply.text.contains("sql") && !reply.text.contains("/work"), "{}", reply.text);
            }
        }
        assert_eq!(world.rows().await, before);
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
