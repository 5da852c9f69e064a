//! Sending again, withdrawing, and what becomes of the links (security.md I7, I8).

use crate::support::World;
use crate::support::world::{PASSWORD, token_of};
use serde_json::json;
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn sent_again_it_keeps_its_link(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test", "expires_in_days": 1 })).await;
        world.advance(DAY / 2);

        let again = world.ada.post_nothing(&format!("{INVITATIONS}/{}/resend", invited.id)).await;

        assert_eq!(
            (again.expect(200)["resend_count"].as_i64(), again.body["status"].as_str()),
            (Some(1), Some("pending"))
        );
        assert_eq!(token_of(again.body["accept_url"].as_str().expect("a link")), invited.linked);
        assert_eq!(world.last_token("eve@x.test").await, invited.mailed);
        assert_eq!(world.mail_to("eve@x.test").await.len(), 2);
        world.advance(3 * DAY);
        world.anon.get(&format!("/invitations/{}", invited.mailed)).await.expect(200);
    }
);

on_each_database!(
    async fn a_new_link_kills_the_old_ones(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;

        let again =
            world.ben.post(&format!("{INVITATIONS}/{}/resend", invited.id), json!({ "rotate_token": true })).await;

        let linked = token_of(again.expect(200)["accept_url"].as_str().expect("a link")).to_owned();
        let mailed = world.last_token("eve@x.test").await;
        for old in [&invited.mailed, &invited.linked] {
            assert_eq!(world.anon.get(&format!("/invitations/{old}")).await.refusal(), (404, "invitation_not_found"));
            let accepted =
                world.anon.post(&format!("/invitations/{old}/accept"), json!({ "password": PASSWORD })).await;
            assert_eq!(accepted.refusal(), (404, "invitation_not_found"));
            let declined = world.anon.post_nothing(&format!("/invitations/{old}/decline")).await;
            assert_eq!(declined.refusal(), (404, "invitation_not_found"));
        }
        for new in [&mailed, &linked] {
            world.anon.get(&format!("/invitations/{new}")).await.expect(200);
        }
    }
);

on_each_database!(
    async fn a_withdrawn_one_is_over(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let one = format!("{INVITATIONS}/{}", invited.id);

        world.ada.delete(&one).await.expect(204);

        for token in [&invited.mailed, &invited.linked] {
            assert_eq!(world.anon.get(&format!("/invitations/{token}")).await.refusal(), (410, "invitation_revoked"));
            let accepted =
                world.anon.post(&format!("/invitations/{token}/accept"), json!({ "password": PASSWORD })).await;
            assert_eq!(accepted.refusal(), (410, "invitation_revoked"));
        }
        assert_eq!(world.ada.post_nothing(&format!("{one}/resend")).await.refusal(), (409, "invitation_not_pending"));
        let before = world.rows().await;
        world.ada.delete(&one).await.expect(204);
        world.ada.post_nothing(&format!("{one}/cancel")).await.expect(204);
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_declined_one_is_over(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let decline = format!("/invitations/{}/decline", invited.linked);

        world.anon.post_nothing(&decline).await.expect(204);
        world.anon.post_nothing(&decline).await.expect(204);

        assert_eq!(
            world.anon.get(&format!("/invitations/{}", invited.mailed)).await.refusal(),
            (410, "invitation_declined")
        );
        let one = format!("{INVITATIONS}/{}", invited.id);
        assert_eq!(world.ada.post_nothing(&format!("{one}/resend")).await.refusal(), (409, "invitation_not_pending"));
        world.ada.delete(&one).await.expect(204);
        assert_eq!(world.ada.get(&one).await.expect(200)["status"], "declined");
        world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
    }
);

on_each_database!(
    async fn an_expired_one_can_still_be_declined(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test", "expires_in_days": 1 })).await;
        world.advance(DAY);

        world.anon.post_nothing(&format!("/invitations/{}/decline", invited.mailed)).await.expect(204);

        let statuses = world.database.texts("select status from invitations where email = 'eve@x.test'").await;
        assert_eq!(statuses, ["declined"]);
    }
);

on_each_database!(
    async fn an_accepted_one_cannot_be_taken_back(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world
            .anon
            .post(&format!("/invitations/{}/accept", invited.mailed), json!({ "password": PASSWORD }))
            .await
            .expect(200);
        let one = format!("{INVITATIONS}/{}", invited.id);

        assert_eq!(world.ada.delete(&one).await.refusal(), (409, "invitation_not_pending"));
        assert_eq!(world.ada.post_nothing(&format!("{one}/resend")).await.refusal(), (409, "invitation_not_pending"));
        let declined = world.anon.fresh().post_nothing(&format!("/invitations/{}/decline", invited.mailed)).await;
        assert_eq!(declined.refusal(), (410, "invitation_accepted"));
    }
);

on_each_database!(
    with[("rate_limits", "invite-create=99/60s,login=99/60s,invite-token=99/60s")],
    async fn mails_of_one_invitation_come_a_minute_apart_and_three_a_day(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let resend = format!("{INVITATIONS}/{}/resend", invited.id);

        let soon = world.ben.post_nothing(&resend).await;
        assert_eq!(soon.refusal(), (429, "rate_limited"));
        assert!(soon.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=61).contains(&wait)));
        for _ in 0..2 {
            world.advance(Duration::from_secs(61));
            world.ben.post_nothing(&resend).await.expect(200);
            world.mail().await;
        }
        world.advance(Duration::from_secs(61));

        assert_eq!(world.ben.post_nothing(&resend).await.refusal(), (429, "rate_limited"));
        assert_eq!(world.mail_to("eve@x.test").await.len(), 3);
    }
);

on_each_database!(
    async fn an_expired_one_points_to_the_newer_one(world: World) {
        let late = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world.database.execute("update invitations set expires_at = 1 where email = 'eve@x.test'", &[]).await;
        let newer = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;

        let again = world.ben.post_nothing(&format!("{INVITATIONS}/{}/resend", late.id)).await;

        assert_eq!(again.refusal(), (409, "already_invited"));
        assert_eq!(again.body["invitation_id"], newer.id.as_str());
        let resend = format!("/api/v1{INVITATIONS}/{}/resend", newer.id);
        assert_eq!(again.body["resend_url"], world.app.config.link(&resend));
    }
);

on_each_database!(
    async fn sending_again_has_its_own_rules(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let resend = format!("{INVITATIONS}/{}/resend", invited.id);
        let before = world.rows().await;
        for (body, code) in [
            (json!({ "expires_in_days": 0 }), "expiry_out_of_range"),
            (json!({ "expires_in_days": 31 }), "expiry_out_of_range"),
            (json!({ "expires_in_days": "7" }), "wrong_type"),
            (json!({ "rotate_token": "yes" }), "wrong_type"),
            (json!({ "send_email": null }), "wrong_type"),
            (json!({ "email": "other@x.test" }), "unknown_field"),
            (json!([]), "wrong_type"),
        ] {
            assert_eq!(world.ben.post(&resend, body.clone()).await.refusal(), (422, code), "{body}");
        }
        let nowhere = format!("{INVITATIONS}/0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55/resend");
        let unread = world.ben.post(&nowhere, json!({ "expires_in_days": 0 })).await;
        assert_eq!(unread.refusal(), (422, "expiry_out_of_range"));
        assert_eq!(world.ben.post_nothing(&nowhere).await.refusal(), (404, "invitation_not_found"));
        assert_eq!(world.cy.post_nothing(&resend).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.rows().await, before);
        let quiet = world.ben.post(&resend, json!({ "send_email": false, "rotate_token": true })).await;
        quiet.expect(200);
        assert_eq!(world.mail_to("eve@x.test").await.len(), 1);
    }
);
