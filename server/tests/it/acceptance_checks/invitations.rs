//! Checks 1 to 5: accepting.

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use serde_json::json;
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn check_01_parallel_accepts_give_one_membership(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let before = world.rows().await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (anon, accept) = (world.anon.fresh(), format!("/invitations/{}/accept", invited.mailed));
            tasks.spawn(async move { anon.post(&accept, json!({ "password": PASSWORD })).await });
        }

        let replies = tasks.join_all().await;

        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        let late = replies.iter().filter(|reply| reply.status != 200);
        assert!(late.clone().all(|reply| reply.refusal() == (410, "invitation_accepted")), "{replies:?}");
        let after = world.rows().await;
        assert_eq!([after[1], after[2]], [before[1] + 1, before[2] + 1]);
        assert_eq!(
            world
                .database
                .count("audit_events where action = 'invitation.accepted' and target_name = 'eve@x.test'")
                .await,
            1
        );
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 6);
    }
);

on_each_database!(
    async fn check_02_of_two_for_the_last_seat_one_gets_it(world: World) {
        let mut invited = Vec::new();
        for email in ["eve@x.test", "eva@x.test"] {
            invited.push(world.invited(&world.ben, json!({ "email": email })).await);
        }
        world.database.execute("update organizations set member_limit = 6", &[]).await;
        let accept = |index: usize| {
            let (anon, path) = (world.anon.fresh(), format!("/invitations/{}/accept", invited[index].mailed));
            async move { anon.post(&path, json!({ "password": PASSWORD })).await }
        };

        let (first, second) = tokio::join!(accept(0), accept(1));

        let (won, lost, loser) =
            if first.status == 200 { (first, second, &invited[1]) } else { (second, first, &invited[0]) };
        won.expect(200);
        assert_eq!(lost.refusal(), (409, "member_limit_reached"));
        let left = world.ada.get(&format!("/organizations/acme/invitations/{}", loser.id)).await;
        assert_eq!(left.expect(200)["status"], "pending");
        assert_eq!(world.database.count(&format!("users where email = '{}'", loser.email)).await, 0);
    }
);

on_each_database!(
    async fn check_03_an_expired_link_is_dead_and_the_address_is_invited_anew(world: World) {
        let renewed = world.invited(&world.ben, json!({ "email": "eve@x.test", "expires_in_days": 1 })).await;
        let replaced = world.invited(&world.ben, json!({ "email": "eva@x.test", "expires_in_days": 1 })).await;
        world.advance(DAY);
        world.ben.log_in(PASSWORD).await.expect(200);
        let accept = |token: &str| {
            let (anon, path) = (world.anon.fresh(), format!("/invitations/{token}/accept"));
            async move { anon.post(&path, json!({ "password": PASSWORD })).await }
        };
        let written = async || (world.rows().await, world.count("sign_ins").await);
        let before = written().await;

        for late in [&renewed, &replaced] {
            assert_eq!(accept(&late.mailed).await.refusal(), (410, "invitation_expired"));
            let looked = world.anon.get(&format!("/invitations/{}", late.mailed)).await;
            assert_eq!(looked.refusal(), (410, "invitation_expired"));
        }
        assert_eq!(written().await, before);

        world.ben.post_nothing(&format!("{INVITATIONS}/{}/resend", renewed.id)).await.expect(200);
        let looked = world.anon.get(&format!("/invitations/{}", renewed.mailed)).await;
        assert_eq!(looked.refusal(), (404, "invitation_not_found"));
        assert_eq!(accept(&renewed.mailed).await.refusal(), (404, "invitation_not_found"));
        accept(&world.last_token("eve@x.test").await).await.expect(200);

        let new = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        assert_ne!(new.id, replaced.id);
        let twice = world.ben.post_nothing(&format!("{INVITATIONS}/{}/resend", replaced.id)).await;
        assert_eq!(twice.refusal(), (409, "already_invited"));
        accept(&new.mailed).await.expect(200);
    }
);

on_each_database!(
    async fn check_04_an_address_is_the_same_in_any_case(world: World) {
        let invited = world.ben.post(INVITATIONS, json!({ "email": "User@Example.COM" })).await;
        assert_eq!(invited.expect(201)["email"], "user@example.com");
        let user = world.anon.called("user@example.com");
        let token = world.last_token(&user.email).await;

        let accepted = user.post(&format!("/invitations/{token}/accept"), json!({ "password": PASSWORD })).await;

        assert_eq!(accepted.expect(200)["user"]["email"], "user@example.com");
        user.fresh().log_in(PASSWORD).await.expect(200);
        world.ben.post(INVITATIONS, json!({ "email": "DOT@elsewhere.test" })).await.expect(201);
        let token = world.last_token("dot@elsewhere.test").await;
        world.dot.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);
    }
);

on_each_database!(
    async fn check_05_an_account_keeps_its_password(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let hash = "select password_hash from users where email = 'dot@elsewhere.test'";
        let (hash_before, before) = (world.database.texts(hash).await, world.rows().await);

        let shown = world.anon.get(&format!("/invitations/{}", invited.mailed)).await;
        assert_eq!(shown.expect(200)["next_step"], "sign_in");
        for password in [OTHER_PASSWORD, "short", PASSWORD] {
            let reply = world.anon.post(&accept, json!({ "password": password })).await;
            assert_eq!(reply.refusal(), (401, "sign_in_required"), "{password}");
            assert_eq!(reply.body["login_url"], world.app.config.link("/sign-in"));
        }

        assert_eq!((world.database.texts(hash).await, world.rows().await), (hash_before.clone(), before));
        assert_eq!(world.dot.fresh().log_in(OTHER_PASSWORD).await.refusal(), (401, "invalid_credentials"));
        world.dot.fresh().log_in(PASSWORD).await.expect(200);
        let accepted = world.dot.post(&accept, json!({ "password": OTHER_PASSWORD })).await;
        assert_eq!(
            (accepted.expect(200)["session"].as_str(), accepted.body["membership"]["role"].as_str()),
            (Some("none"), Some("member"))
        );
        assert_eq!(world.database.texts(hash).await, hash_before);
    }
);
