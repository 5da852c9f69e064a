//! Moving an account to another address.

use crate::support::Reply;
use crate::support::World;
use crate::support::person::Person;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use serde_json::json;

async fn move_to(person: &Person, email: &str) -> Reply {
    person.post("/users/@me/email", json!({ "email": email, "current_password": PASSWORD })).await
}

async fn follow(world: &World, token: &str) -> Reply {
    world.anon.post("/auth/verify-email", json!({ "token": token })).await
}

on_each_database!(
    async fn the_old_address_is_in_force_until_the_new_one_is_proved(world: World) {
        let moved = move_to(&world.cy, "Zoe@X.test").await;
        assert_eq!((moved.status, moved.text.as_str()), (202, ""));
        assert!(world.cy.is_signed_in().await);
        let token = world.last_token("zoe@x.test").await;

        follow(&world, &token).await.expect(204);

        let zoe = world.cy.called("zoe@x.test");
        assert_eq!(zoe.log_in(PASSWORD).await.expect(200)["user"]["email_verified"], true);
        assert_eq!(world.cy.fresh().log_in(PASSWORD).await.refusal(), (401, "invalid_credentials"));
        assert_eq!(world.ada.get("/organizations/acme/members?search=zoe@x").await.column("email"), ["zoe@x.test"]);
        let told = world.mail_to("cy@acme.test").await.pop().expect("a mail");
        assert_eq!(told.subject, "Your account has another e-mail address");
        assert!(told.text.contains("z***@x.test") && !told.text.contains("zoe@x.test"), "{}", told.text);
        assert_eq!(follow(&world, &token).await.refusal(), (410, "verification_expired"));
        let event = "select changes from audit_events where action = 'user.updated' order by created_at desc limit 1";
        let changes = r#"[{"field":"email","from":"cy@acme.test","to":"zoe@x.test"}]"#;
        assert_eq!(world.database.texts(event).await, [changes]);
    }
);

on_each_database!(
    async fn that_an_address_is_taken_is_told_to_its_holder_alone(world: World) {
        let (taken, free) = (move_to(&world.cy, "ben@acme.test").await, move_to(&world.vi, "new@x.test").await);

        assert_eq!((taken.status, taken.text.as_str()), (202, ""));
        assert_eq!(taken.headers.keys().collect::<Vec<_>>(), free.headers.keys().collect::<Vec<_>>());
        assert_eq!(world.cy.get("/users/@me").await.expect(200)["email"], "cy@acme.test");
        let mails = world.mail().await;
        let told: Vec<_> = mails.iter().map(|mail| (mail.to.as_str(), mail.subject.as_str())).collect();
        let confirm = ("new@x.test", "Confirm your new e-mail address");
        assert_eq!(told, [("ben@acme.test", "You already have an account"), confirm]);
    }
);

on_each_database!(
    async fn of_two_who_want_one_address_the_first_to_prove_it_has_it(world: World) {
        move_to(&world.cy, "new@x.test").await.expect(202);
        let cy = world.last_token("new@x.test").await;
        move_to(&world.vi, "new@x.test").await.expect(202);
        let vi = world.last_token("new@x.test").await;

        let (first, second) = tokio::join!(follow(&world, &cy), follow(&world, &vi));

        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 410]);
        assert_eq!(world.count("users where email = 'new@x.test'").await, 1);
    }
);

on_each_database!(
    async fn a_link_is_dead_once_the_person_thinks_better_of_it(world: World) {
        move_to(&world.cy, "one@x.test").await.expect(202);
        let one = world.last_token("one@x.test").await;
        move_to(&world.cy, "two@x.test").await.expect(202);
        let two = world.last_token("two@x.test").await;
        assert_eq!(follow(&world, &one).await.refusal(), (410, "verification_expired"));

        move_to(&world.cy, "cy@acme.test").await.expect(202);
        assert_eq!(follow(&world, &two).await.refusal(), (410, "verification_expired"));

        move_to(&world.cy, "three@x.test").await.expect(202);
        let three = world.last_token("three@x.test").await;
        let change = json!({ "password": OTHER_PASSWORD, "current_password": PASSWORD });
        world.cy.patch("/users/@me", change).await.expect(200);
        assert_eq!(follow(&world, &three).await.refusal(), (410, "verification_expired"));
        assert!(world.cy.is_signed_in().await);
    }
);

on_each_database!(
    with[("email_domains", "acme.test")],
    async fn not_everybody_moves_everywhere(world: World) {
        let program = world.bearer(&world.cy, &["user:write"]).await;
        let before = world.rows().await;

        assert_eq!(move_to(&world.cy, "cy@x.test").await.refusal(), (403, "email_domain_not_allowed"));
        assert_eq!(move_to(&world.cy, "cy").await.refusal(), (422, "email_invalid"));
        assert_eq!(move_to(&program, "zoe@acme.test").await.refusal(), (403, "session_required"));
        let wrong = json!({ "email": "zoe@acme.test", "current_password": OTHER_PASSWORD });
        assert_eq!(world.cy.post("/users/@me/email", wrong).await.refusal(), (403, "wrong_password"));
        let missing = world.cy.post("/users/@me/email", json!({ "email": "zoe@acme.test" })).await;
        assert_eq!(missing.refusal(), (422, "missing_field"));
        assert_eq!(world.rows().await, before);
    }
);
