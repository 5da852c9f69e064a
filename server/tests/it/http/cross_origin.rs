//! Changes that another site makes a browser send (security.md S4).

use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/organizations/acme/invitations";

/// Ada's browser invites, with these fields instead of what our own pages send.
async fn invite(world: &World, fields: &[(&str, &str)]) -> Reply {
    let call = world.ada.call(Method::POST, PATH).json(&json!({ "email": "eve@x.test" })).without("sec-fetch-site");
    fields.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn a_change_from_another_site_is_refused(world: World) {
        let before = world.rows().await;

        for fields in [
            [("sec-fetch-site", "cross-site")].as_slice(),
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "x")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "")],
            &[("origin", "null")],
            &[("origin", "https://evil.test")],
            &[("origin", "http://good.test")],
            &[("origin", "https://good.test.evil.test")],
            &[("origin", "https://good.test:444")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://good.test")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.test")],
            &[("sec-fetch-site", "none"), ("origin", "null")],
            &[("referer", "https://good.test/")],
            &[],
        ] {
            let reply = invite(&world, fields).await;
            assert_eq!(reply.refusal(), (403, "csrf_rejected"), "{fields:?}");
            assert_eq!(reply.header("content-type"), "application/problem+json", "{fields:?}");
        }

        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    with[("public_url", "https://good.test")],
    async fn our_own_pages_make_changes(world: World) {
        for (number, fields) in [
            [("sec-fetch-site", "same-origin")].as_slice(),
            &[("origin", "https://good.test")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://good.test")],
        ]
        .into_iter()
        .enumerate()
        {
            let body = json!({ "email": format!("eve{number}@x.test") });
            let call = world.ada.call(Method::POST, PATH).json(&body).without("sec-fetch-site");
            let call = fields.iter().fold(call, |call, (name, value)| call.header(name, value));
            call.send().await.expect(201);
        }
    }
);

on_each_database!(
    async fn a_program_with_a_token_comes_from_nowhere(world: World) {
        let program = world.bearer(&world.ada, &["org:read", "invite:write"]).await;

        let call = program.call(Method::POST, PATH).json(&json!({ "email": "eve@x.test", "role": "viewer" }));
        let reply = call.header("sec-fetch-site", "cross-site").header("origin", "https://evil.test").send().await;

        reply.expect(201);
    }
);

on_each_database!(
    async fn nobody_is_signed_in_from_another_site(world: World) {
        let credentials = json!({ "email": "cy@acme.test", "password": crate::support::world::PASSWORD });
        let log_in = |site: Option<&'static str>| {
            let call =
                world.anon.fresh().call(Method::POST, "/auth/login").json(&credentials).without("sec-fetch-site");
            match site {
                Some(site) => call.header("sec-fetch-site", site),
                None => call,
            }
        };

        let forged = log_in(Some("cross-site")).send().await;
        assert_eq!(forged.refusal(), (403, "csrf_rejected"));
        assert!(forged.headers.get("set-cookie").is_none());
        log_in(None).send().await.expect(200);
    }
);

on_each_database!(
    async fn every_unsafe_method_is_guarded(world: World) {
        let bil = format!("/organizations/acme/members/{}", world.bil.id);
        let before = world.rows().await;

        for (method, path) in [
            (Method::DELETE, bil.as_str()),
            (Method::PATCH, bil.as_str()),
            (Method::PUT, &format!("{bil}/role")),
            (Method::POST, "/organizations/acme/leave"),
            (Method::POST, "/auth/logout"),
            (Method::PATCH, "/organizations/acme"),
            (Method::from_bytes(b"FOO").expect("a method"), "/organizations/acme"),
        ] {
            let call = world.ada.call(method.clone(), path).json(&json!({ "role": "viewer" }));
            let reply = call.header("sec-fetch-site", "cross-site").send().await;
            assert_eq!(reply.refusal(), (403, "csrf_rejected"), "{method} {path}");
        }

        assert_eq!(world.rows().await, before);
        assert!(world.ada.is_signed_in().await);
    }
);

on_each_database!(
    async fn looking_is_allowed_from_anywhere(world: World) {
        let reply =
            world.ada.call(Method::GET, "/organizations/acme").header("sec-fetch-site", "cross-site").send().await;

        reply.expect(200);
    }
);
