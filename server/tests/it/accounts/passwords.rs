//! Forgotten passwords.

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use serde_json::json;
use std::time::Duration;

async fn forget(world: &World) -> String {
    world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
    world.last_token("cy@acme.test").await
}

on_each_database!(
    async fn asking_tells_nobody_which_addresses_are_known(world: World) {
        let known = world.anon.post("/auth/password/forgot", json!({ "email": "CY@acme.test" })).await;
        let unknown = world.anon.post("/auth/password/forgot", json!({ "email": "nobody@acme.test" })).await;

        assert_eq!((known.status, known.text.as_str()), (202, ""));
        assert_eq!((unknown.status, unknown.text.as_str()), (202, ""));
        assert_eq!(known.headers.keys().collect::<Vec<_>>(), unknown.headers.keys().collect::<Vec<_>>());
        let recipients: Vec<String> = world.mail().await.into_iter().map(|mail| mail.to).collect();
        assert_eq!(recipients, ["cy@acme.test"]);
    }
);

on_each_database!(
    async fn a_reset_replaces_the_password(world: World) {
        let token = forget(&world).await;

        let new = json!({ "token": token, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD });
        world.anon.post("/auth/password/reset", new).await.expect(204);

        assert_eq!(world.cy.fresh().log_in(PASSWORD).await.refusal(), (401, "invalid_credentials"));
        world.cy.fresh().log_in(OTHER_PASSWORD).await.expect(200);
        assert_eq!(world.database.count("audit_events where action = 'user.password_changed'").await, 1);
    }
);

on_each_database!(
    async fn a_reset_ends_all_sign_ins_and_tokens(world: World) {
        let other = world.cy.fresh();
        other.log_in(PASSWORD).await.expect(200);
        let program = world.bearer(&world.cy, &["user:read"]).await;
        program.get("/users/@me").await.expect(200);
        let token = forget(&world).await;

        world
            .anon
            .post("/auth/password/reset", json!({ "token": token, "password": OTHER_PASSWORD }))
            .await
            .expect(204);

        assert!(!world.cy.is_signed_in().await);
        assert!(!other.is_signed_in().await);
        assert_eq!(program.get("/users/@me").await.refusal(), (401, "invalid_token"));
        assert!(world.ben.is_signed_in().await);
    }
);

on_each_database!(
    async fn a_link_works_once_and_kills_the_earlier_ones(world: World) {
        let first = forget(&world).await;
        let second = forget(&world).await;
        let reset = |token: String| {
            let anon = world.anon.fresh();
            async move { anon.post("/auth/password/reset", json!({ "token": token, "password": OTHER_PASSWORD })).await }
        };

        reset(second.clone()).await.expect(204);

        assert_eq!(reset(second).await.refusal(), (410, "reset_token_expired"));
        assert_eq!(reset(first).await.refusal(), (410, "reset_token_expired"));
    }
);

on_each_database!(
    async fn two_resets_at_once_are_one(world: World) {
        let token = forget(&world).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (anon, token) = (world.anon.fresh(), token.clone());
            let new = json!({ "token": token, "password": OTHER_PASSWORD });
            tasks.spawn(async move { anon.post("/auth/password/reset", new).await });
        }

        let mut statuses: Vec<u16> = tasks.join_all().await.iter().map(|reply| reply.status).collect();

        statuses.sort_unstable();
        assert_eq!(statuses, [204, 410, 410, 410, 410, 410, 410, 410, 410, 410]);
    }
);

on_each_database!(
    async fn a_link_is_good_for_an_hour(world: World) {
        let token = forget(&world).await;

        world.advance(Duration::from_secs(60 * 60 + 1));

        let late = world.anon.post("/auth/password/reset", json!({ "token": token, "password": OTHER_PASSWORD })).await;
        assert_eq!(late.refusal(), (410, "reset_token_expired"));
        world.cy.fresh().log_in(PASSWORD).await.expect(200);
    }
);

on_each_database!(
    async fn a_link_that_is_not_ours_resets_nothing(world: World) {
        let token = forget(&world).await;
        let changed: String = token.chars().rev().collect();

        for token in ["", "x", &changed, &token[1..], &format!("{token}A"), &format!("{token}=")] {
            let new = json!({ "token": token, "password": OTHER_PASSWORD });
            let reply = world.anon.post("/auth/password/reset", new).await;
            assert_eq!(reply.refusal(), (410, "reset_token_expired"), "{token:?}");
        }
        // What is wrong with the fields is told first.
        let short = json!({ "token": "x", "password": "short", "password_confirmation": "other" });
        let reply = world.anon.post("/auth/password/reset", short).await;
        let pointers =
            [("#/password", "password_too_short"), ("#/password_confirmation", "password_confirmation_mismatch")];
        assert_eq!((reply.status, reply.errors()), (422, pointers.to_vec()));
    }
);

on_each_database!(
    async fn a_bad_new_password_leaves_the_link_alive(world: World) {
        let token = forget(&world).await;
        let reset = |password: &'static str, again: Option<&'static str>| {
            let (anon, token) = (world.anon.fresh(), token.clone());
            let new = json!({ "token": token, "password": password, "password_confirmation": again });
            async move { anon.post("/auth/password/reset", new).await }
        };

        assert_eq!(reset("short", None).await.refusal(), (422, "password_too_short"));
        assert_eq!(reset("passwordpassword", None).await.refusal(), (422, "password_weak"));
        let differs = reset(OTHER_PASSWORD, Some("Seven lanterns drift north")).await;
        assert_eq!(differs.refusal(), (422, "password_confirmation_mismatch"));

        reset(OTHER_PASSWORD, Some(OTHER_PASSWORD)).await.expect(204);
    }
);

on_each_database!(
    async fn a_reset_proves_the_address(world: World) {
        world.database.execute("update users set email_verified_at = null where email = 'cy@acme.test'", &[]).await;
        assert_eq!(world.cy.get("/users/@me").await.expect(200)["email_verified"], false);
        let token = forget(&world).await;

        world
            .anon
            .post("/auth/password/reset", json!({ "token": token, "password": OTHER_PASSWORD }))
            .await
            .expect(204);

        assert_eq!(world.cy.fresh().log_in(OTHER_PASSWORD).await.expect(200)["user"]["email_verified"], true);
    }
);

on_each_database!(
    async fn one_password_in_two_spellings_signs_in(world: World) {
        let token = forget(&world).await;
        let composed = json!({ "token": token, "password": "caf\u{e9} lanterns drift north" });
        world.anon.post("/auth/password/reset", composed).await.expect(204);

        world.cy.fresh().log_in("cafe\u{301} lanterns drift north").await.expect(200);
    }
);

on_each_database!(
    async fn good_passwords_of_every_kind_are_taken(world: World) {
        let printable = |n: u32| char::from_u32(0x21 + (n * n * 31 + n * 17) % 93);
        let manager: String = (0..100).filter_map(printable).collect();
        let longest: String = (0..128_u32).filter_map(|n| char::from_u32(0x1f300 + n * n * 7 % 0x200)).collect();
        assert_eq!(longest.chars().count(), 128);
        for password in [" otter violin 9 ", &manager, &longest] {
            let token = forget(&world).await;
            let new = json!({ "token": token, "password": password });
            world.anon.post("/auth/password/reset", new).await.expect(204);
            world.cy.fresh().log_in(password).await.expect(200);
            for other in [password.get(1..).unwrap_or_default(), password.trim_end(), &format!("{password} ")] {
                let status = world.cy.fresh().log_in(other).await.status;
                assert_eq!(status == 200, other == password, "{other:?}");
            }
        }
    }
);

on_each_database!(
    async fn a_disabled_account_gets_no_link(world: World) {
        world.database.execute("update users set disabled_at = 1 where email = 'cy@acme.test'", &[]).await;

        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);

        assert!(world.mail().await.is_empty());
    }
);
