//! How refusals look, and those that have nothing to do with what is asked for.

use crate::support::world::PASSWORD;
use crate::support::{Reply, Wire, World};
use reqwest::Method;

#[track_caller]
pub(crate) fn is_a_problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.refusal(), (status, code));
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let id = reply.header("x-request-id");
    assert!(id.len() >= 8, "{id:?}");
    assert_eq!(reply.body["request_id"], id);
    assert_eq!(reply.body["instance"], format!("/requests/{id}"));
    assert_eq!(reply.body["status"], status);
    let kind = reply.body["type"].as_str().expect("a type").trim_start_matches("/problems/").replace('-', "_");
    assert_eq!(reply.body["code"], kind);
    for member in ["title", "detail"] {
        assert!(reply.body[member].as_str().is_some_and(|text| !text.is_empty()), "{}", reply.text);
    }
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

on_each_database!(
    async fn a_method_that_is_not_taken_is_told_which_are(world: World) {
        for (method, path, allowed) in [
            ("PUT", "/organizations", "GET,HEAD,POST"),
            ("DELETE", "/auth/login", "POST"),
            ("GET", "/auth/login", "POST"),
            ("FOO", "/organizations/acme", "DELETE,GET,HEAD,PATCH"),
            ("TRACE", "/organizations", "GET,HEAD,POST"),
            ("POST", "/organizations/acme/members", "GET,HEAD"),
            ("PATCH", "/organizations/acme/leave", "POST"),
        ] {
            let reply = world.ada.call(method.parse().expect("a method"), path).send().await;
            is_a_problem(&reply, 405, "method_not_allowed");
            let mut allow: Vec<_> = reply.header("allow").split(',').map(str::trim).collect();
            allow.sort_unstable();
            assert_eq!(allow.join(","), allowed, "{method} {path}");
        }
    }
);

on_each_database!(
    async fn only_json_is_answered(world: World) {
        for accept in ["application/xml", "text/html;q=0", "text/html", "application/json;q=0", "image/*, */*;q=0.0"] {
            let reply = world.ada.call(Method::GET, "/organizations").header("accept", accept).send().await;
            is_a_problem(&reply, 406, "not_acceptable");
        }
        for accept in [
            "*/*",
            "application/*",
            "APPLICATION/JSON",
            "text/html, application/json;q=0.1",
            "application/problem+json",
        ] {
            world.ada.call(Method::GET, "/organizations").header("accept", accept).send().await.expect(200);
        }
    }
);

on_each_database!(
    async fn only_json_is_read(world: World) {
        let before = world.rows().await;
        let body = br#"{"name":"Bolts"}"#;
        for kind in [
            "text/plain;charset=application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "application/json; charset=utf-16",
            "application/json, text/plain",
            "",
        ] {
            let reply = world.ada.call(Method::POST, "/organizations").body(kind, body).send().await;
            is_a_problem(&reply, 415, "unsupported_media_type");
        }
        let bare =
            world.ada.call(Method::POST, "/organizations").body("x/y", body).without("content-type").send().await;
        is_a_problem(&bare, 415, "unsupported_media_type");
        for encoding in ["br", "gzip", "identity"] {
            let call = world.ada.call(Method::POST, "/organizations").body("application/json", body);
            is_a_problem(&call.header("content-encoding", encoding).send().await, 415, "unsupported_media_type");
        }
        assert_eq!(world.rows().await, before);
        for kind in ["APPLICATION/JSON", "application/json; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            world.ada.call(Method::POST, "/organizations").body(kind, body).send().await.expect(201);
        }
        let merge = world
            .ada
            .call(Method::PATCH, "/organizations/acme")
            .body("application/merge-patch+json", br#"{"bio":"x"}"#);
        merge.send().await.expect(200);
    }
);

/// The head of a new organization, with these fields about its body; then what is sent of that body.
async fn found(world: &World, cookie: &str, fields: &str, body: &str) -> Reply {
    let head = format!(
        "POST /api/v1/organizations HTTP/1.1\r\nHost: {}\r\n{cookie}Sec-Fetch-Site: same-origin\r\n\
         Content-Type: application/json\r\n{fields}\r\nConnection: close\r\n\r\n{body}",
        world.ada.host
    );
    Wire::open(&world.ada.address).await.exchange(head.as_bytes()).await.expect("an answer")
}

on_each_database!(
    async fn a_body_ends_at_64_kib(world: World) {
        let cookie = format!("Cookie: {}\r\n", world.ada.cookie().expect("signed in"));
        let before = world.rows().await;

        for cookie in [cookie.as_str(), ""] {
            for fields in
                ["Content-Length: 65537", "Content-Length: 10485760", "Content-Length: 65537\r\nExpect: 100-continue"]
            {
                is_a_problem(&found(&world, cookie, fields, "").await, 413, "payload_too_large");
            }
        }
        // Without a length it is cut off where it gets too long.
        let chunks = format!("1000\r\n{}\r\n", "a".repeat(0x1000)).repeat(16) + "1\r\na\r\n";
        let reply = found(&world, &cookie, "Transfer-Encoding: chunked", &chunks).await;
        is_a_problem(&reply, 413, "payload_too_large");

        assert_eq!(world.rows().await, before);
        let frame = r#"{"name":"Bolts","description":""}"#.len();
        let longest = format!(r#"{{"name":"Bolts","description":"{}"}}"#, "a".repeat(64 * 1024 - frame));
        let call = world.ada.call(Method::POST, "/organizations").body("application/json", longest.as_bytes());
        assert_eq!(call.send().await.refusal(), (422, "text_too_long"));
    }
);

on_each_database!(
    async fn an_address_ends_at_8_kib(world: World) {
        let search = |length: usize| format!("/organizations?search={}", "a".repeat(length));

        is_a_problem(&world.ada.get(&search(8200)).await, 414, "uri_too_long");
        is_a_problem(&world.anon.get(&search(8200)).await, 414, "uri_too_long");
        let longest = 8 * 1024 - "/api/v1/organizations?search=".len();
        is_a_problem(&world.ada.get(&search(longest)).await, 400, "invalid_parameter");
        is_a_problem(&world.ada.get(&search(longest + 1)).await, 414, "uri_too_long");
    }
);

on_each_database!(
    async fn there_are_at_most_64_fields_of_32_kib(world: World) {
        let with = |count: usize| {
            let mut call = world.anon.call(Method::GET, "/health").header("accept", "*/*");
            // Host, Sec-Fetch-Site and Accept are there already.
            for number in 3..count {
                call = call.header(&format!("x-{number}"), "1");
            }
            call
        };
        with(64).send().await.expect(200);
        is_a_problem(&with(65).send().await, 431, "headers_too_large");
        let jar = format!("sid={}", "a".repeat(40 * 1024));
        is_a_problem(&world.anon.with_cookie(&jar).get("/health").await, 431, "headers_too_large");
    }
);

on_each_database!(
    async fn every_answer_has_the_id_of_its_request(world: World) {
        for (given, kept) in [
            ("0197a3c2-7d41", true),
            ("abcdefgh", true),
            ("short", false),
            ("<script>alert(1)</script>", false),
            (&"a".repeat(65), false),
            ("has space in it", false),
        ] {
            for path in ["/health", "/organizations", "/nope"] {
                let reply = world.ada.call(Method::GET, path).header("x-request-id", given).send().await;
                let id = reply.header("x-request-id");
                assert_eq!(id == given, kept, "{given} {path}");
                assert!(
                    (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
                    "{id}"
                );
            }
        }
        let first = world.ada.get("/health").await.header("x-request-id").to_owned();
        assert_ne!(world.ada.get("/health").await.header("x-request-id"), first);
    }
);

on_each_database!(
    async fn answers_are_not_to_be_kept_by_others(world: World) {
        let reply = world.ada.get("/organizations/acme").await;

        assert_eq!(reply.header("cache-control"), "private, no-cache");
        for name in ["Authorization", "Cookie", "Prefer", "Accept", "Accept-Encoding"] {
            assert!(reply.header("vary").to_lowercase().contains(&name.to_lowercase()), "{}", reply.header("vary"));
        }
        for (name, value) in [
            ("content-type", "application/json"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert!(reply.header(name).starts_with(value), "{name}: {}", reply.header(name));
        }
    }
);

on_each_database!(
    async fn who_is_nobody_is_told_how_to_be_somebody(world: World) {
        for path in [
            "/users/@me",
            "/organizations",
            "/organizations/acme/members",
            "/organizations/none/members",
            "/organizations/acme/invitations",
        ] {
            let reply = world.anon.get(path).await;
            is_a_problem(&reply, 401, "unauthenticated");
            assert_eq!(reply.header("www-authenticate"), r#"Bearer realm="api""#, "{path}");
        }
    }
);

on_each_database!(
    async fn two_cookies_of_one_name_are_no_credential(world: World) {
        let cookie = world.cy.cookie().expect("signed in");
        for jar in
            [format!("{cookie}; sid=x"), format!("sid=x; {cookie}"), format!("__Host-{cookie}"), "sid=".to_owned()]
        {
            let reply = world.cy.with_cookie(&jar).get("/users/@me").await;
            assert_eq!(reply.refusal(), (401, "unauthenticated"), "{jar}");
        }
    }
);

on_each_database!(
    async fn a_bad_credential_is_refused_where_none_is_needed(world: World) {
        let bad = world.ada.with_token("gdh_pat_x");
        for path in ["/health", "/organizations/industries", "/organizations/acme", "/invitations/x", "/no/such/thing"]
        {
            let reply = bad.get(path).await;
            is_a_problem(&reply, 401, "invalid_token");
            assert!(reply.header("www-authenticate").contains("invalid_token"), "{path}");
        }
        let login = serde_json::json!({ "email": world.ada.email, "password": PASSWORD });
        is_a_problem(&bad.post("/auth/login", login).await, 401, "invalid_token");
    }
);
