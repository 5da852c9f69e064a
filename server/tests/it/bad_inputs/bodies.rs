//! Bodies that are no JSON, or not the JSON that is asked for.

use crate::support::operations::Operation;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::Value;

/// The first ones are offered to every operation.
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

/// One operation for each way in which bodies are read: one that is needed, one that may be missing, and a list.
const TYPICAL: [&str; 3] = ["create_organization", "suspend_member", "invite_many"];
/// So many bodies are offered to every operation, the others to the typical ones.
const TO_ALL: usize = 2;

fn takes_json(told: &Value) -> bool {
    told["requestBody"]["content"]["application/json"].is_object()
}

fn is_typical(told: &Value) -> bool {
    TYPICAL.iter().any(|id| told["operationId"] == *id)
}

/// Nothing is written, whatever is offered.
async fn offer(world: &World, operations: &[Operation], bodies: &[&[u8]], judge: impl Fn(&Reply, &str)) {
    let before = world.rows().await;
    for Operation { by, method, path, told } in operations {
        let most = if is_typical(told) { bodies.len() } else { TO_ALL };
        for body in bodies.iter().take(most) {
            let reply = by.call(method.clone(), path).body("application/json", body).send().await;
            let shown: String = String::from_utf8_lossy(body).chars().take(60).collect();
            judge(&reply, &format!("{method} {path} {shown:?}"));
        }
    }
    assert_eq!(world.rows().await, before);
}

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_not_json_is_malformed(world: World) {
        let operations = world.operations(takes_json).await;
        let typical = operations.iter().filter(|operation| is_typical(operation.told));
        assert_eq!(typical.count(), TYPICAL.len());
        let malformed = |reply: &Reply, place: &str| assert_eq!(reply.refusal(), (400, "malformed_json"), "{place}");
        offer(&world, &operations, &MALFORMED, malformed).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_no_object_has_the_wrong_type(world: World) {
        let bodies: [&[u8]; 7] =
            [b"[]", b"null", b"1", b"true", br#""name""#, br#"["Acme","acme","DE"]"#, br#"[{"name":"a"}]"#];
        offer(&world, &world.operations(takes_json).await, &bodies, |reply, place| {
            assert_eq!(reply.refusal(), (422, "wrong_type"), "{place}");
            assert_eq!(reply.errors()[0].0, "#", "{place}");
        })
        .await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_nobody_asked_for_is_unknown(world: World) {
        let names = ["balance", "ownerRole", "createdAt", "__proto__", "$where", "passwordHash", "constructor"];
        let body = names.map(|name| format!(r#""{name}":{{"x":1}}"#)).join(",");
        let body = format!("{{{body}}}");
        offer(&world, &world.operations(takes_json).await, &[body.as_bytes()], |reply, place| {
            assert_eq!(reply.status, 422, "{place}: {}", reply.text);
            let errors = reply.errors();
            for name in names {
                let pointer = format!("#/{name}");
                assert!(errors.contains(&(pointer.as_str(), "unknown_field")), "{place}: {}", reply.text);
            }
        })
        .await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn what_is_too_deep_or_too_wide_is_refused(world: World) {
        let operations = world.operations(takes_json).await;
        let deep = ["[".repeat(129), r#"{"name":"#.repeat(200)];
        offer(&world, &operations, &[deep[0].as_bytes(), deep[1].as_bytes()], |reply, place| {
            assert!([(400, "malformed_json"), (422, "too_deep")].contains(&reply.refusal()), "{place}: {}", reply.text);
        })
        .await;
        let nested = format!("{}1{}", r#"{"name":"#.repeat(40), "}".repeat(40));
        let members: Vec<String> = (0..1000).map(|number| format!("\"k{number}\":1")).collect();
        let wide = format!("{{{}}}", members.join(","));
        for (body, refusal) in [(nested, (422, "too_deep")), (wide, (422, "too_many_items"))] {
            offer(&world, &operations, &[body.as_bytes()], |reply, place| {
                assert_eq!(reply.refusal(), refusal, "{place}");
            })
            .await;
        }
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn only_what_needs_a_body_asks_for_one(world: World) {
        for Operation { by, method, path, told } in world.operations(takes_json).await {
            let reply = by.call(method.clone(), &path).send().await;
            let is_missed = [400, 415].contains(&reply.status);
            assert_eq!(told["requestBody"]["required"], is_missed, "{method} {path}: {}", reply.text);
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
