//! Accepting an invitation (api.md 4.5.5, security.md I1, I2, I6, I9).

use crate::support::World;
use crate::support::world::{OTHER_PASSWORD, PASSWORD};
use serde_json::json;

on_each_database!(
    async fn eve_comes_in_by_the_mailed_link(world: World) {
        let new =
            json!({ "email": "eve@x.test", "name": "Eve", "role": "billing", "redirect_to": "/organizations/acme" });
        let invited = world.invited(&world.ben, new).await;
        let eve = world.anon.called("eve@x.test");

        let shown = eve.get(&format!("/invitations/{}", invited.mailed)).await;
        assert_eq!(shown.expect(200)["next_step"], "set_password");
        assert_eq!((shown.body["email"].as_str(), shown.body["role"].as_str()), (Some("eve@x.test"), Some("billing")));
        assert_eq!(shown.body["organization"]["name"], "Acme Gears");
        assert_eq!(shown.body["invited_by"], json!({ "full_name": "Ben Admin" }));
        assert_eq!(shown.header("cache-control"), "no-store");
        let accepted = eve
            .post(
                &format!("/invitations/{}/accept", invited.mailed),
                json!({ "password": PASSWORD, "username": "eve" }),
            )
            .await;

        let body = accepted.expect(200);
        assert_eq!((body["session"].as_str(), body["membership"]["role"].as_str()), (Some("created"), Some("billing")));
        assert_eq!(body["user"]["email_verified"], true);
        assert_eq!((body["user"]["full_name"].as_str(), body["user"]["username"].as_str()), (Some("Eve"), Some("eve")));
        assert_eq!(body["organization"]["member_count"], 6);
        assert_eq!(body["redirect_to"], "/organizations/acme");
        assert_eq!(accepted.header("cache-control"), "no-store");
        assert!(eve.is_signed_in().await);
        assert_eq!(eve.get("/organizations/acme").await.expect(200)["current_user_role"], "billing");
        let listed = world.ada.get("/organizations/acme/members?search=eve").await;
        assert_eq!(listed.column("email"), ["eve@x.test"]);
        assert_eq!(listed.body["data"][0]["invited_by"], world.ben.id.as_str());
        let invitation = world.ada.get(&format!("/organizations/acme/invitations/{}", invited.id)).await;
        assert_eq!(invitation.expect(200)["status"], "accepted");
        assert_eq!(invitation.body["accepted_user_id"], body["user"]["id"]);
        assert!(invitation.body["accept_url"].is_null());
        eve.fresh().log_in(PASSWORD).await.expect(200);
    }
);

on_each_database!(
    async fn a_copied_link_proves_no_address(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        world.dot.post("/organizations/bolts/invitations", json!({ "email": "eve@x.test" })).await.expect(201);
        let bolts = world.last_token("eve@x.test").await;
        let eve = world.anon.called("eve@x.test");

        let accepted =
            eve.post(&format!("/invitations/{}/accept", invited.linked), json!({ "password": PASSWORD })).await;

        assert_eq!(accepted.expect(200)["user"]["email_verified"], false);
        eve.get("/organizations/acme").await.expect(200);
        assert_eq!(eve.get("/users/@me/invitations").await.refusal(), (403, "email_not_verified"));
        assert_eq!(eve.post("/organizations", json!({ "name": "Mine" })).await.refusal(), (403, "email_not_verified"));
        let mails = world.mail_to("eve@x.test").await;
        assert_eq!(mails.last().map(|mail| mail.subject.as_str()), Some("Confirm your e-mail address"));
        let second = eve.post(&format!("/invitations/{bolts}/accept"), json!({})).await;
        assert_eq!(second.expect(200)["user"]["email_verified"], true);
        eve.get("/users/@me/invitations").await.expect(200);
    }
);

on_each_database!(
    async fn an_unproved_address_does_not_come_in_by_a_second_copied_link(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let eve = world.anon.called("eve@x.test");
        eve.post(&format!("/invitations/{}/accept", invited.linked), json!({ "password": PASSWORD })).await.expect(200);
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let second = world.dot.post("/organizations/bolts/invitations", json!({ "email": "eve@x.test" })).await;
        let link = second.expect(201)["accept_url"].as_str().expect("a link");
        let token = crate::support::world::token_of(link);

        let accepted = eve.post(&format!("/invitations/{token}/accept"), json!({})).await;

        assert_eq!(accepted.refusal(), (403, "email_not_verified"));
        assert_eq!(world.dot.get("/organizations/bolts").await.expect(200)["member_count"], 1);
    }
);

on_each_database!(
    with[("trust_links", "true")],
    async fn without_mail_an_instance_trusts_links(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;

        let accept = format!("/invitations/{}/accept", invited.linked);
        let accepted = world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await;

        assert_eq!(accepted.expect(200)["user"]["email_verified"], true);
    }
);

on_each_database!(
    async fn somebody_else_cannot_accept(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let before = world.rows().await;

        let shown = world.dot.get(&format!("/invitations/{}", invited.mailed)).await;
        assert_eq!(shown.expect(200)["next_step"], "switch_account");
        for body in [json!({}), json!({ "password": PASSWORD })] {
            let reply = world.dot.post(&accept, body).await;
            assert_eq!(reply.refusal(), (403, "invitation_email_mismatch"));
            assert_eq!(reply.body["invited_email"], "e***@x.test");
        }
        for person in [&world.dot, &world.anon] {
            let reply = person.post(&accept, json!({ "email": "dot@elsewhere.test", "password": PASSWORD })).await;
            assert_eq!(reply.refusal(), (422, "unknown_field"));
        }

        assert_eq!(world.rows().await, before);
        world.anon.post(&accept, json!({ "password": PASSWORD })).await.expect(200);
    }
);

on_each_database!(
    async fn an_account_without_a_password_is_completed(world: World) {
        world
            .database
            .execute(
                "update users set password_hash = null, email_verified_at = null where email = 'dot@elsewhere.test'",
                &[],
            )
            .await;
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;
        let users = world.count("users").await;

        let dot = world.dot.fresh();
        let accepted =
            dot.post(&format!("/invitations/{}/accept", invited.mailed), json!({ "password": OTHER_PASSWORD })).await;

        assert_eq!(accepted.expect(200)["user"]["id"], world.dot.id.as_str());
        assert_eq!(accepted.body["user"]["email_verified"], true);
        assert_eq!(world.count("users").await, users);
        world.dot.fresh().log_in(OTHER_PASSWORD).await.expect(200);
    }
);

on_each_database!(
    async fn an_organization_that_is_not_active_takes_nobody_in(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let known = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;
        let before = world.rows().await;
        for status in ["suspended", "inactive", "banned"] {
            world.database.execute(&format!("update organizations set status = '{status}'"), &[]).await;
            let path = format!("/invitations/{}/accept", invited.mailed);
            let anonymous = world.anon.post(&path, json!({ "password": PASSWORD })).await;
            let signed_in = world.dot.post(&format!("/invitations/{}/accept", known.mailed), json!({})).await;
            assert_eq!(anonymous.refusal(), (409, "organization_not_accepting"), "{status}");
            assert_eq!(signed_in.refusal(), (409, "organization_not_accepting"), "{status}");
        }
        assert_eq!(world.rows().await, before);
        world.database.execute("update organizations set status = 'active'", &[]).await;
        world
            .anon
            .post(&format!("/invitations/{}/accept", invited.mailed), json!({ "password": PASSWORD }))
            .await
            .expect(200);
    }
);

on_each_database!(
    async fn looking_is_not_accepting(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let path = format!("/invitations/{}", invited.mailed);
        let before = world.rows().await;

        for _ in 0..10 {
            for method in ["GET", "HEAD", "OPTIONS"] {
                let reply = world.anon.call(method.parse().expect("a method"), &path).send().await;
                assert!(reply.headers.get("set-cookie").is_none(), "{method}");
            }
            assert_eq!(world.anon.get(&format!("{path}/accept")).await.refusal(), (405, "method_not_allowed"));
        }

        assert_eq!(world.rows().await, before);
        world.anon.post(&format!("{path}/accept"), json!({ "password": PASSWORD })).await.expect(200);
    }
);

on_each_database!(
    async fn a_disabled_person_stays_out(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;
        world
            .database
            .execute("update users set disabled_at = 1, password_hash = null where email = 'dot@elsewhere.test'", &[])
            .await;

        let accept = format!("/invitations/{}/accept", invited.mailed);
        let reply = world.anon.post(&accept, json!({ "password": PASSWORD })).await;

        assert_eq!(reply.refusal(), (403, "account_disabled"));
        assert_eq!(world.dot.post(&accept, json!({})).await.refusal(), (403, "account_disabled"));
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 5);
    }
);

on_each_database!(
    async fn an_acceptance_needs_what_an_account_needs(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let path = format!("/invitations/{}/accept", invited.mailed);
        world.database.execute("update users set username = 'dotty' where email = 'dot@elsewhere.test'", &[]).await;
        let before = world.rows().await;

        assert_eq!(world.anon.post_nothing(&path).await.refusal(), (422, "password_required"));
        assert_eq!(world.anon.post(&path, json!({})).await.errors(), [("#/password", "password_required")]);
        let taken = world.anon.post(&path, json!({ "password": PASSWORD, "username": "dotty" })).await;
        assert_eq!(taken.refusal(), (409, "username_taken"));

        assert_eq!(world.rows().await, before);
        let statuses = world.database.texts("select status from invitations where email = 'eve@x.test'").await;
        assert_eq!(statuses, ["pending"]);
    }
);

on_each_database!(
    async fn the_alias_of_another_description_accepts_too(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;

        let path = format!("/api/organizations/invite/{}/accept", invited.mailed);
        world
            .anon
            .fresh()
            .post(&path, json!({ "password": PASSWORD, "password_confirmation": PASSWORD }))
            .await
            .expect(200);
    }
);
