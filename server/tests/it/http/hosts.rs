//! The host that a request names, and what proxies claim about it (security.md I13).

use crate::support::world::link_in;
use crate::support::{Reply, Wire, World};
use reqwest::Method;
use serde_json::json;

/// A request whose head is written out by hand; `\n` stands for the end of a line.
async fn ask(world: &World, head: &str) -> Option<Reply> {
    let head = head.replace('\n', "\r\n");
    Wire::open(&world.anon.address).await.exchange(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await
}

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn a_request_names_one_well_formed_host(world: World) {
        for host in [
            "\nAccept: */*",
            "\nHost: ",
            "\nHost: good.test/",
            "\nHost: good.test:99999",
            "\nHost: good.test:x",
            "\nHost: a@good.test",
            "\nHost: good.test\nHost: good.test",
            "\nHost: good.test\nHost: evil.test",
            "\nHost: good test",
        ] {
            let reply = ask(&world, &format!("GET /api/v1/health HTTP/1.1{host}")).await.expect(host);
            assert_eq!(reply.refusal(), (400, "bad_request"), "{host:?}");
        }
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn other_hosts_are_not_answered(world: World) {
        for host in [
            "evil.test",
            "127.0.0.1",
            &world.anon.address,
            "xn--evil.test",
            "localhost",
            "good.test.evil.test",
            "good.test:444",
            "good.test.",
            "[::1]",
        ] {
            let reply = world.anon.call(Method::GET, "/health").header("host", host).send().await;
            assert_eq!(reply.refusal(), (421, "unknown_host"), "{host}");
            assert_eq!(reply.header("content-type"), "application/problem+json", "{host}");
        }
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn the_own_host_is_answered_in_any_spelling(world: World) {
        for host in ["good.test", "GOOD.test", "good.test:443"] {
            world.anon.call(Method::GET, "/health").header("host", host).send().await.expect(200);
        }
    }
);

on_each_database!(
    async fn health_is_told_to_whoever_asks(world: World) {
        for path in ["/health/live", "/health/ready"] {
            let reply = world.anon.call(Method::GET, path).header("host", "10.0.0.1:3000").send().await;
            assert_eq!(reply.expect(200)["status"], "ok", "{path}");
        }
        assert_eq!(world.anon.get("/health").await.expect(200), &json!({ "status": "ok", "database": "ok" }));
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn a_target_for_another_host_is_refused(world: World) {
        let reply =
            ask(&world, "GET http://evil.test/api/v1/health HTTP/1.1\nHost: good.test").await.expect("an answer");

        assert_eq!(reply.refusal(), (400, "bad_request"));
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn a_forged_host_sends_no_mail(world: World) {
        let before = world.rows().await;

        let invited = world.ada.call(Method::POST, "/organizations/acme/invitations").header("host", "evil.test");
        let invited = invited.json(&json!({ "email": "eve@x.test" })).send().await;
        let forgotten = world.anon.call(Method::POST, "/auth/password/forgot").header("host", "evil.test");
        let forgotten = forgotten.json(&json!({ "email": "cy@acme.test" })).send().await;

        assert_eq!(invited.refusal(), (421, "unknown_host"));
        assert_eq!(forgotten.refusal(), (421, "unknown_host"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn links_come_from_the_public_address_alone(world: World) {
        let forged = [
            ("x-forwarded-host", "evil.test"),
            ("forwarded", "host=evil.test;proto=http"),
            ("x-forwarded-proto", "http"),
            ("x-original-url", "/admin"),
            ("x-http-method-override", "DELETE"),
            ("x-org-id", "b"),
            ("referer", "https://evil.test/"),
        ];
        let send = |path: &str, body: serde_json::Value| {
            let call = world.ada.call(Method::POST, path).json(&body);
            forged.iter().fold(call, |call, (name, value)| call.header(name, value)).send()
        };

        let invited = send("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await;
        send("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);

        let accept_url = invited.expect(201)["accept_url"].as_str().expect("a link");
        assert!(accept_url.starts_with("https://good.test/invitations/"), "{accept_url}");
        assert!(invited.header("location").starts_with("https://good.test/api/v1/organizations/acme/invitations/"));
        let mails = world.mail().await;
        assert_eq!(mails.len(), 2);
        for mail in mails {
            assert!(link_in(&mail).starts_with("https://good.test/"), "{}", mail.text);
            assert!(!mail.source.contains("evil.test") && !mail.source.contains("http://"), "{}", mail.source);
        }
        let addresses =
            world.database.texts("select coalesce(ip, '') from audit_events where target_name = 'eve@x.test'").await;
        assert_eq!(addresses, ["127.0.0.1"]);
    }
);

on_each_database!(
    async fn an_address_that_a_stranger_claims_is_not_written_down(world: World) {
        let call = world.ada.call(Method::PATCH, "/organizations/acme").json(&json!({ "bio": "new" }));
        call.header("x-forwarded-for", "1.2.3.4").header("forwarded", "for=1.2.3.4").send().await.expect(200);

        let ips = world.database.texts("select coalesce(ip, '') from audit_events where action = 'org.updated'").await;
        assert_eq!(ips, ["127.0.0.1"]);
    }
);

on_each_database!(
    with[("trusted_proxies", "127.0.0.0/8")],
    async fn an_address_that_our_proxy_saw_is_written_down(world: World) {
        let call = world.ada.call(Method::PATCH, "/organizations/acme").json(&json!({ "bio": "new" }));
        call.header("x-forwarded-for", "9.9.9.9, 1.2.3.4, 127.0.0.2").send().await.expect(200);

        let ips = world.database.texts("select coalesce(ip, '') from audit_events where action = 'org.updated'").await;
        assert_eq!(ips, ["1.2.3.4"]);
    }
);
