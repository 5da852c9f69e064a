//! The outbox, as those who run the platform see it.

use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn failed_mail_is_seen_and_sent_again(world: World) {
        for email in ["eve@x.test", "eva@x.test"] {
            world.ben.post("/organizations/acme/invitations", json!({ "email": email })).await.expect(201);
        }
        world.mail().await;
        let broken =
            "update outbox set state = 'failed', last_error = '550 no such user' where recipient = 'eve@x.test'";
        world.database.execute(broken, &[]).await;

        let failed = world.pat.get("/admin/outbox?state=failed").await;
        assert_eq!(failed.column("recipient"), ["eve@x.test"]);
        let mail = &failed.body["data"][0];
        assert_eq!((&mail["kind"], &mail["last_error"]), (&json!("invitation"), &json!("550 no such user")));
        assert!(mail.get("details").is_none() && mail.get("text").is_none());
        let all = world.pat.get("/admin/outbox?limit=2").await;
        assert_eq!(all.column("recipient"), ["eva@x.test", "eve@x.test"]);
        assert_eq!(all.body["has_more"], true);

        let retry = format!("/admin/outbox/{}/retry", mail["id"].as_str().expect("an id"));
        assert_eq!(world.pat.post_nothing(&retry).await.expect(202)["state"], "queued");
        assert_eq!(world.mail_to("eve@x.test").await.len(), 2);
        assert_eq!(world.pat.post_nothing(&retry).await.expect(202)["state"], "sent");
        assert_eq!(world.mail_to("eve@x.test").await.len(), 2);
        for id in ["x", "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55"] {
            let unknown = world.pat.post_nothing(&format!("/admin/outbox/{id}/retry")).await;
            assert_eq!(unknown.refusal(), (404, "not_found"));
        }
        assert_eq!(world.pat.get("/admin/outbox?state=lost").await.refusal(), (400, "invalid_parameter"));
    }
);
