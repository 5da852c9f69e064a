//! What becomes of mail that is queued.

use crate::support::World;
use serde_json::json;
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";

async fn queue(world: &World, email: &str) -> String {
    let reply = world.ben.post(INVITATIONS, json!({ "email": email })).await;
    reply.expect(201)["id"].as_str().expect("an id").to_owned()
}

on_each_database!(
    async fn an_invitation_that_died_meanwhile_is_not_sent(world: World) {
        let id = queue(&world, "eve@x.test").await;
        world.ben.delete(&format!("{INVITATIONS}/{id}")).await.expect(204);
        queue(&world, "eva@x.test").await;

        let recipients: Vec<String> = world.mail().await.into_iter().map(|mail| mail.to).collect();

        assert_eq!(recipients, ["eva@x.test"]);
        let states = world.database.texts("select state from outbox where recipient = 'eve@x.test'").await;
        assert_eq!(states, ["skipped"]);
        let dead = world.ben.get(&format!("{INVITATIONS}/{id}")).await;
        assert_eq!(dead.expect(200)["delivery"]["state"], "skipped");
    }
);

on_each_database!(
    async fn an_invitation_that_expired_meanwhile_is_not_sent(world: World) {
        queue(&world, "eve@x.test").await;
        world.advance(Duration::from_secs(8 * 24 * 60 * 60));

        assert!(world.mail().await.is_empty());
    }
);

on_each_database!(
    async fn a_mail_is_sent_once_by_however_many_workers(world: World) {
        for number in 0..10 {
            queue(&world, &format!("e{number}@x.test")).await;
        }
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let app = world.app.clone();
            tasks.spawn(async move { app.deliver_mail().await.expect("the outbox is read") });
        }
        tasks.join_all().await;

        let mut recipients: Vec<String> = world.mail().await.into_iter().map(|mail| mail.to).collect();

        recipients.sort();
        let expected: Vec<String> = (0..10).map(|number| format!("e{number}@x.test")).collect();
        assert_eq!(recipients, expected);
    }
);

on_each_database!(
    async fn a_refused_request_leaves_no_mail(world: World) {
        let before = world.count("outbox").await;
        world.ben.post(INVITATIONS, json!({ "email": ["v@x.test", "e@x.test"] })).await.expect(422);
        world.ben.post(INVITATIONS, json!({ "email": "cy@acme.test" })).await.expect(409);
        let call = world.ben.call(reqwest::Method::POST, INVITATIONS);
        call.body("application/x-www-form-urlencoded", b"email=v@x.test&email=e@x.test").send().await.expect(415);

        assert_eq!(world.count("outbox").await, before);
    }
);

on_each_database!(
    async fn every_mail_has_a_text_and_a_page_and_an_id(world: World) {
        queue(&world, "eve@x.test").await;
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        world
            .ada
            .post("/organizations/acme/transfer-ownership", json!({ "new_owner_uid": world.ben.id }))
            .await
            .expect(200);

        let mails = world.mail().await;

        assert_eq!(mails.len(), 4);
        for mail in mails {
            assert!(
                mail.source.contains("Message-ID: <")
                    && mail.source.contains("text/plain")
                    && mail.source.contains("text/html")
            );
            let link = crate::support::world::link_in(&mail);
            assert!(link.starts_with(&world.app.config.origin()), "{link}");
            assert!(mail.html.contains(link), "{}", mail.html);
            assert!(!mail.html.contains("<script") && !mail.html.contains("<img"), "{}", mail.html);
        }
    }
);
