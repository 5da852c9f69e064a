//! Making an account by oneself, and proving its address.

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn eve() -> Value {
    json!({ "email": "eve@x.test", "password": PASSWORD, "full_name": "Eve" })
}

on_each_database!(
    async fn nobody_signs_up_where_accounts_are_made_by_invitation(world: World) {
        let before = world.rows().await;

        let reply = world.anon.post("/auth/sign-up", eve()).await;

        assert_eq!(reply.refusal(), (403, "sign_up_closed"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn eve_signs_up_and_proves_her_address(world: World) {
        let signed_up = world.anon.post("/auth/sign-up", eve()).await;
        assert_eq!((signed_up.status, signed_up.text.as_str()), (202, ""));
        let eve = world.anon.called("eve@x.test");
        assert_eq!(eve.log_in(PASSWORD).await.expect(200)["user"]["email_verified"], false);

        let token = world.last_token("eve@x.test").await;
        world.anon.post("/auth/verify-email", json!({ "token": token })).await.expect(204);

        assert_eq!(eve.get("/users/@me").await.expect(200)["email_verified"], true);
        eve.post("/organizations", json!({ "name": "Eve's" })).await.expect(201);
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn an_unproved_address_opens_nothing(world: World) {
        world.anon.post("/auth/sign-up", eve()).await.expect(202);
        world.ada.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);
        let eve = world.anon.called("eve@x.test");
        eve.log_in(PASSWORD).await.expect(200);

        let founded = eve.post("/organizations", json!({ "name": "Eve's" })).await;
        let listed = eve.get("/users/@me/invitations").await;

        assert_eq!(founded.refusal(), (403, "email_not_verified"));
        assert_eq!(listed.refusal(), (403, "email_not_verified"));
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn a_known_address_is_told_by_mail_alone(world: World) {
        let fresh = world.anon.post("/auth/sign-up", eve()).await;
        let (users, outbox) = (world.count("users").await, world.count("outbox").await);

        let again =
            world.anon.post("/auth/sign-up", json!({ "email": "CY@acme.test", "password": OTHER_PASSWORD })).await;

        assert_eq!((again.status, &again.text), (fresh.status, &fresh.text));
        let names = |reply: &crate::support::Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&again), names(&fresh));
        assert_eq!((world.count("users").await, world.count("outbox").await), (users, outbox + 1));
        let mail = world.mail_to("cy@acme.test").await.pop().expect("a mail");
        assert_eq!(mail.subject, "You already have an account");
        assert_eq!(world.cy.fresh().log_in(OTHER_PASSWORD).await.refusal(), (401, "invalid_credentials"));
        world.cy.fresh().log_in(PASSWORD).await.expect(200);
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn twenty_sign_ups_of_one_address_make_one_account(world: World) {
        let before = world.count("users").await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let anon = world.anon.fresh();
            let email = if number % 2 == 0 { "eve@x.test" } else { "EVE@x.test" };
            tasks.spawn(
                async move { anon.post("/auth/sign-up", json!({ "email": email, "password": PASSWORD })).await },
            );
        }

        let statuses: Vec<u16> = tasks.join_all().await.iter().map(|reply| reply.status).collect();

        assert_eq!(statuses, [202; 20]);
        assert_eq!(world.count("users").await, before + 1);
        assert_eq!(
            world.database.count("audit_events where action = 'user.created' and target_name = 'eve@x.test'").await,
            1
        );
    }
);

on_each_database!(with [("sign_up", "open"), ("email_domains", "x.test,acme.test")], async fn other_domains_are_kept_out(world: World) {
    let refused = world.anon.post("/auth/sign-up", json!({ "email": "eve@y.test", "password": PASSWORD })).await;

    assert_eq!(refused.refusal(), (403, "email_domain_not_allowed"));
    world.anon.post("/auth/sign-up", eve()).await.expect(202);
});

on_each_database!(
    with[("sign_up", "open")],
    async fn a_username_is_taken_once(world: World) {
        let new = |email: &str| json!({ "email": email, "password": PASSWORD, "username": "eve" });
        world.anon.post("/auth/sign-up", new("eve@x.test")).await.expect(202);

        let second = world.anon.post("/auth/sign-up", new("eva@x.test")).await;

        assert_eq!(second.refusal(), (409, "username_taken"));
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn a_link_to_prove_an_address_is_good_for_three_days(world: World) {
        world.anon.post("/auth/sign-up", eve()).await.expect(202);
        let token = world.last_token("eve@x.test").await;

        world.advance(3 * DAY + Duration::from_secs(1));

        let late = world.anon.post("/auth/verify-email", json!({ "token": token })).await;
        assert_eq!(late.refusal(), (410, "verification_expired"));
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn another_link_can_be_asked_for(world: World) {
        world.anon.post("/auth/sign-up", eve()).await.expect(202);
        let eve = world.anon.called("eve@x.test");
        eve.log_in(PASSWORD).await.expect(200);

        world.mail().await;
        eve.post_nothing("/users/@me/verification").await.expect(202);

        assert_eq!(world.mail_to("eve@x.test").await.len(), 2);
        let token = world.last_token("eve@x.test").await;
        world.anon.post("/auth/verify-email", json!({ "token": token })).await.expect(204);
        assert_eq!(eve.post_nothing("/users/@me/verification").await.refusal(), (409, "already_verified"));
        assert_eq!(world.anon.post_nothing("/users/@me/verification").await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    async fn what_is_no_link_proves_nothing(world: World) {
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        let reset = world.last_token("cy@acme.test").await;

        for token in ["", "x", "AAAA", "0\u{0}", &reset, &format!("{reset}=")] {
            let reply = world.anon.post("/auth/verify-email", json!({ "token": token })).await;
            assert_eq!(reply.refusal(), (410, "verification_expired"), "{token:?}");
        }
    }
);
