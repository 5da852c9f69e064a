//! Bodies that are no JSON, or not the JSON that is asked for.

use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::json;

const MALFORMED: [&[u8]; 30] = [
    b"",
    b"{",
    b"[",
    br#"{"name"}"#,
    br#"{"name":"a",}"#,
    br#"{"name" "a"}"#,
    b"{'name':'a'}",
    br#"{"name":"a"}}"#,
    br#"{"name":"a"}{"name":"b"}"#,
    b"\xef\xbb\xbf{\"name\":\"a\"}",
    br#"{"name":"a"/**/}"#,
    b"{\"name\":\"a\tb\"}",
    br#"{"name":"\u12"}"#,
    br#"{"name":"\udc00"}"#,
    b"{\"name\":\"\xff\"}",
    b"{\"name\":\"\xed\xa0\x80\"}",
    b"{\0\"\0n\0a\0m\0e\0\"\0:\0\"\0a\0\"\0}\0",
    b"{\0\0\0\"\0\0\0a\0\0\0\"\0\0\0",
    br#"{"amount":Infinity}"#,
    br#"{"amount":NaN}"#,
    br#"{"amount":01}"#,
    br#"{"amount":.5}"#,
    br#"{"amount":0x10}"#,
    br#"{"amount":1_000}"#,
    br#"{"a":True}"#,
    b"name=a",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    br#""name"#,
    b"\0",
    b" ",
];

/// Every endpoint that reads a body, with somebody who may call it.
async fn endpoints(world: &World) -> Vec<(crate::support::person::Person, Method, String)> {
    let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
    let of =
        |person: &crate::support::person::Person, method: Method, path: &str| (person.clone(), method, path.to_owned());
    let cy = format!("/organizations/acme/members/{}", world.cy.id);
    vec![
        of(&world.dot, Method::POST, "/organizations"),
        of(&world.ada, Method::PATCH, "/organizations/acme"),
        of(&world.ada, Method::POST, "/organizations/acme/transfer-ownership"),
        of(&world.ada, Method::PATCH, &cy),
        of(&world.ada, Method::PUT, &format!("{cy}/role")),
        of(&world.ada, Method::POST, "/organizations/acme/invitations"),
        of(&world.ada, Method::POST, "/organizations/acme/invite"),
        of(&world.ada, Method::POST, "/organizations/acme/invitations/bulk"),
        of(&world.ada, Method::PATCH, &format!("/organizations/acme/invitations/{}", invited.id)),
        of(&world.ada, Method::POST, &format!("/organizations/acme/invitations/{}/resend", invited.id)),
        of(&world.anon, Method::POST, &format!("/invitations/{}/accept", invited.mailed)),
        of(&world.anon, Method::POST, "/auth/sign-up"),
        of(&world.anon, Method::POST, "/auth/login"),
        of(&world.anon, Method::POST, "/auth/verify-email"),
        of(&world.cy, Method::POST, "/auth/reauthenticate"),
        of(&world.anon, Method::POST, "/auth/password/forgot"),
        of(&world.anon, Method::POST, "/auth/password/reset"),
        of(&world.pat, Method::POST, "/admin/organizations/acme/charge"),
        of(&world.pat, Method::POST, "/admin/organizations/acme/credit"),
        of(&world.pat, Method::POST, "/admin/organizations/acme/wallet/transactions/x/reverse"),
        of(&world.pat, Method::PATCH, "/admin/organizations/acme/wallet"),
    ]
}

/// Offers a body to every endpoint; nothing is written.
async fn offer(world: &World, bodies: &[&[u8]], judge: impl Fn(&Reply, &str)) {
    let endpoints = endpoints(world).await;
    let before = world.rows().await;
    for (person, method, path) in &endpoints {
        for body in bodies {
            let reply = person.call(method.clone(), path).body("application/json", body).send().await;
            let shown: String = String::from_utf8_lossy(body).chars().take(60).collect();
            judge(&reply, &format!("{method} {path} {shown:?}"));
        }
    }
    assert_eq!(world.rows().await, before);
}

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_not_json_is_malformed(world: World) {
        offer(&world, &MALFORMED, |reply, place| assert_eq!(reply.refusal(), (400, "malformed_json"), "{place}")).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_no_object_has_the_wrong_type(world: World) {
        let bodies: [&[u8]; 7] =
            [b"null", b"1", b"[]", b"true", br#""name""#, br#"["Acme","acme","DE"]"#, br#"[{"name":"a"}]"#];
        offer(&world, &bodies, |reply, place| {
            assert_eq!(reply.refusal(), (422, "wrong_type"), "{place}");
            assert_eq!(reply.errors()[0].0, "#", "{place}");
        })
        .await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_nobody_asked_for_is_unknown(world: World) {
        let bodies: [&[u8]; 8] = [
            br#"{"balance":1}"#,
            br#"{"ownerRole":"owner"}"#,
            br#"{"createdAt":"x"}"#,
            br#"{"__proto__":{"x":1}}"#,
            br#"{"$where":"1"}"#,
            br#"{"user_id":"x"}"#,
            br#"{"passwordHash":"x"}"#,
            br#"{"constructor":1}"#,
        ];
        offer(&world, &bodies, |reply, place| {
            assert_eq!(reply.status, 422, "{place}: {}", reply.text);
            assert!(reply.errors().iter().any(|(_, code)| *code == "unknown_field"), "{place}: {}", reply.text);
        })
        .await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_too_deep_or_too_wide_is_refused(world: World) {
        let deep = ["[".repeat(129), r#"{"name":"#.repeat(200)];
        offer(&world, &[deep[0].as_bytes(), deep[1].as_bytes()], |reply, place| {
            assert!([(400, "malformed_json"), (422, "too_deep")].contains(&reply.refusal()), "{place}: {}", reply.text);
        })
        .await;
        let nested = format!("{}1{}", r#"{"name":"#.repeat(40), "}".repeat(40));
        let members: Vec<String> = (0..1000).map(|number| format!("\"k{number}\":1")).collect();
        let wide = format!("{{{}}}", members.join(","));
        world.database.execute("update invitations set last_sent_at = null", &[]).await;
        for (body, refusal) in [(&nested, (422, "too_deep")), (&wide, (422, "too_many_items"))] {
            let before = world.rows().await;
            for (person, path) in [
                (&world.dot, "/organizations"),
                (&world.ben, "/organizations/acme/invitations"),
                (&world.anon, "/auth/login"),
            ] {
                let reply = person.call(Method::POST, path).body("application/json", body.as_bytes()).send().await;
                assert_eq!(reply.refusal(), refusal, "{path}");
            }
            assert_eq!(world.rows().await, before);
        }
    }
);

on_each_database!(
    async fn new_organizations_read_strictly(world: World) {
        let before = world.rows().await;
        for (body, at, code) in [
            (r#"{}"#, "#/name", "missing_field"),
            (r#"{"name ":"a"}"#, "#/name", "missing_field"),
            (r#"{"Name":"a"}"#, "#/name", "missing_field"),
            (r#"{"name":null}"#, "#/name", "wrong_type"),
            (r#"{"name":["a"]}"#, "#/name", "wrong_type"),
            (r#"{"name":"a","name":"b"}"#, "#/name", "duplicate_field"),
            (r#"{"name":"a","country_code":"DE","countryCode":"FR"}"#, "#/country_code", "duplicate_field"),
            (r#"{"name":"a","status":"active"}"#, "#/status", "unknown_field"),
            (r#"{"name":"a","owner":"x"}"#, "#/owner", "unknown_field"),
            (r#"{"name":"a","role":"owner"}"#, "#/role", "unknown_field"),
            (r#"{"name":"a","createdAt":"x"}"#, "#/createdAt", "unknown_field"),
            (r#"{"name":"a","__proto__":{"x":1}}"#, "#/__proto__", "unknown_field"),
            (r#"{"name":"a","$where":"1"}"#, "#/$where", "unknown_field"),
            (r#"{"name":"a","user_id":"x"}"#, "#/user_id", "unknown_field"),
            (r#"{"name":"a","passwordHash":"x"}"#, "#/passwordHash", "unknown_field"),
            (r#"{"name":"a","a/b~c":1}"#, "#/a~1b~0c", "unknown_field"),
            (r#"{"name":"a","verified":true}"#, "#/verified", "unknown_field"),
        ] {
            let reply =
                world.dot.call(Method::POST, "/organizations").body("application/json", body.as_bytes()).send().await;
            assert_eq!(reply.refusal(), (422, code), "{body}");
            assert_eq!(reply.errors()[0].0, at, "{body}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_stranger_learns_nothing_about_fields(world: World) {
        for body in [b"{".as_slice(), b"[]", br#"{"nonsense":1}"#] {
            for (person, path, refusal) in [
                (&world.anon, "/organizations", (401, "unauthenticated")),
                (&world.dot, "/organizations/acme/invitations", (404, "organization_not_found")),
                (&world.cy, "/organizations/acme/invitations", (403, "permission_denied")),
                (&world.ben, "/organizations/acme/transfer-ownership", (403, "permission_denied")),
            ] {
                let reply = person.call(Method::POST, path).body("application/json", body).send().await;
                assert_eq!(reply.refusal(), refusal, "{path}");
            }
        }
    }
);
