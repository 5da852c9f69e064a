//! Inviting people (api.md 4.5.4).

use crate::support::World;
use crate::support::world::{link_in, token_of};
use serde_json::{Value, json};
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn ben_invites_eve(world: World) {
        let new = json!({
            "email": "Eve@X.test", "name": "Eve", "role": "billing", "message": "Welcome!\nBen",
            "expires_in_days": 2, "redirect_to": "/organizations/acme",
        });

        let reply = world.ben.post(INVITATIONS, new).await;

        let invitation = reply.expect(201);
        for (field, value) in [
            ("email", json!("eve@x.test")),
            ("name", json!("Eve")),
            ("role", json!("billing")),
            ("message", json!("Welcome!\nBen")),
            ("status", json!("pending")),
            ("is_expired", json!(false)),
            ("teams", json!([])),
            ("workspaces", json!([])),
            ("resend_count", json!(0)),
            ("accepted_at", Value::Null),
            ("accepted_user_id", Value::Null),
            ("invited_by", json!({ "user_id": world.ben.id, "username": null, "full_name": "Ben Admin" })),
            ("version", json!(1)),
        ] {
            assert_eq!(invitation[field], value, "{field}");
        }
        assert_eq!(invitation["delivery"]["state"], "queued");
        let id = invitation["id"].as_str().expect("an id");
        assert_eq!(
            reply.header("location"),
            world.app.config.link(&format!("/api/v1/organizations/acme/invitations/{id}"))
        );
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["pending_member_count"], 1);

        let mail = world.mail_to("eve@x.test").await.pop().expect("a mail");
        assert_eq!(mail.subject, "Join Acme Gears on Guildhall");
        for part in ["Ben Admin", "Acme Gears", "acme", "Billing", "Welcome!\nBen"] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        assert!(link_in(&mail).starts_with(&world.app.config.link("/invitations/")));
        let sent = world.ben.get(&format!("{INVITATIONS}/{id}")).await;
        assert_eq!(sent.expect(200)["delivery"]["state"], "sent");
    }
);

on_each_database!(
    async fn the_older_name_answers_200(world: World) {
        let reply = world.ben.post("/organizations/acme/invite", json!({ "email": "eve@x.test", "role": 3 })).await;

        assert_eq!(reply.expect(200)["role"], "member");
    }
);

on_each_database!(
    async fn what_is_not_said_comes_from_the_settings(world: World) {
        world
            .ada
            .patch("/organizations/acme", json!({ "settings": { "default_role": "viewer", "invitation_ttl_days": 1 } }))
            .await
            .expect(200);
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;

        let shown = world.ben.get(&format!("{INVITATIONS}/{}", invited.id)).await;
        assert_eq!(shown.expect(200)["role"], "viewer");
        world.advance(DAY);
        assert_eq!(
            world.anon.get(&format!("/invitations/{}", invited.mailed)).await.refusal(),
            (410, "invitation_expired")
        );
    }
);

on_each_database!(
    async fn nobody_invites_above_the_own_power(world: World) {
        let before = world.rows().await;
        for (person, body, refusal) in [
            (&world.ben, json!({ "email": "eve@x.test", "role": "owner" }), (422, "owner_role_not_invitable")),
            (&world.ben, json!({ "email": "eve@x.test", "role": 1 }), (422, "owner_role_not_invitable")),
            (&world.ben, json!({ "email": "eve@x.test", "roles": ["owner"] }), (422, "owner_role_not_invitable")),
            (&world.ada, json!({ "email": "eve@x.test", "role": "owner" }), (422, "owner_role_not_invitable")),
            (&world.cy, json!({ "email": "eve@x.test" }), (403, "permission_denied")),
            (&world.bil, json!({ "email": "eve@x.test" }), (403, "permission_denied")),
            (&world.vi, json!({ "nonsense": true }), (403, "permission_denied")),
            (&world.dot, json!({ "email": "eve@x.test" }), (404, "organization_not_found")),
            (&world.anon, json!({ "email": "eve@x.test" }), (401, "unauthenticated")),
        ] {
            assert_eq!(person.post(INVITATIONS, body.clone()).await.refusal(), refusal, "{} {body}", person.email);
        }
        assert_eq!(world.rows().await, before);
        assert!(world.mail().await.is_empty());
    }
);

on_each_database!(
    async fn members_invite_members_where_they_may(world: World) {
        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);

        world.cy.post(INVITATIONS, json!({ "email": "eve@x.test" })).await.expect(201);
        for role in ["admin", "billing", "viewer"] {
            let reply = world.cy.post(INVITATIONS, json!({ "email": "eva@x.test", "role": role })).await;
            assert_eq!(reply.refusal(), (403, "permission_escalation"), "{role}");
        }
        let viewer = world.vi.post(INVITATIONS, json!({ "email": "eva@x.test" })).await;
        assert_eq!(viewer.refusal(), (403, "permission_escalation"));
        assert_eq!(world.cy.get(INVITATIONS).await.refusal(), (403, "permission_denied"));
    }
);

on_each_database!(
    async fn a_sender_withdraws_what_she_sent(world: World) {
        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);
        let own = world.cy.post(INVITATIONS, json!({ "email": "eve@x.test" })).await.expect(201)["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let other = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;

        assert_eq!(world.cy.delete(&format!("{INVITATIONS}/{}", other.id)).await.refusal(), (403, "permission_denied"));
        let reader = world.bearer(&world.cy, &["org:read"]).await;
        assert_eq!(reader.delete(&format!("{INVITATIONS}/{own}")).await.refusal(), (403, "insufficient_scope"));
        world.database.execute("update organizations set status = 'inactive'", &[]).await;
        for person in [&reader, &world.cy] {
            let refused = person.delete(&format!("{INVITATIONS}/{own}")).await;
            assert_eq!(refused.refusal(), (409, "organization_inactive"));
        }
        world.database.execute("update organizations set status = 'active'", &[]).await;
        world.cy.delete(&format!("{INVITATIONS}/{own}")).await.expect(204);
    }
);

on_each_database!(
    async fn members_who_invite_send_nothing_again(world: World) {
        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);
        world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world.cy.post(INVITATIONS, json!({ "email": "eva@x.test" })).await.expect(201);
        world.mail().await;
        let before = world.rows().await;

        for email in ["eve@x.test", "eva@x.test"] {
            let resend = format!("{INVITATIONS}?on_conflict=resend");
            let again = world.cy.post(&resend, json!({ "email": email })).await;
            assert_eq!(again.refusal(), (403, "permission_denied"), "{email}");
            let again = world.cy.post(INVITATIONS, json!({ "email": email })).await;
            assert_eq!(again.refusal(), (409, "already_invited"), "{email}");
        }
        let bulk = json!({ "invitations": [{ "email": "eve@x.test" }] });
        let again = world.cy.post(&format!("{INVITATIONS}/bulk?on_conflict=resend"), bulk).await;
        assert_eq!(again.refusal(), (403, "permission_denied"));
        assert_eq!(world.rows().await, before);
        let new = world.cy.post(&format!("{INVITATIONS}?on_conflict=resend"), json!({ "email": "zoe@x.test" })).await;
        new.expect(201);
    }
);

on_each_database!(
    async fn a_member_is_not_invited_again(world: World) {
        let member =
            world.ada.get(&format!("/organizations/acme/members/{}", world.cy.id)).await.expect(200)["member_id"]
                .clone();

        let reply = world.ben.post(INVITATIONS, json!({ "email": "CY@Acme.Test" })).await;

        assert_eq!(reply.refusal(), (409, "already_member"));
        assert_eq!(reply.body["member_id"], member);
    }
);

on_each_database!(
    async fn an_address_is_invited_once(world: World) {
        let first = world.invited(&world.ben, json!({ "email": "v@x.test" })).await;

        let again = world.ada.post(INVITATIONS, json!({ "email": "V@X.TEST" })).await;

        assert_eq!(again.refusal(), (409, "already_invited"));
        assert_eq!(again.body["invitation_id"], first.id.as_str());
        let resend = format!("/api/v1/organizations/acme/invitations/{}/resend", first.id);
        assert_eq!(again.body["resend_url"], world.app.config.link(&resend));
        let resent = world.ada.post(&format!("{INVITATIONS}?on_conflict=resend"), json!({ "email": "v@x.test" })).await;
        assert_eq!(
            (resent.expect(200)["id"].as_str(), resent.body["resend_count"].as_i64()),
            (Some(first.id.as_str()), Some(1))
        );
        let odd = world.ada.post(&format!("{INVITATIONS}?on_conflict=explode"), json!({ "email": "v@x.test" })).await;
        assert_eq!(odd.refusal(), (400, "invalid_parameter"));
    }
);

on_each_database!(
    async fn known_and_unknown_addresses_are_invited_alike(world: World) {
        let known = world.ben.post(INVITATIONS, json!({ "email": "dot@elsewhere.test" })).await;
        let unknown = world.ben.post(INVITATIONS, json!({ "email": "eve@elsewhere.test" })).await;

        assert_eq!((known.status, unknown.status), (201, 201));
        assert_eq!(known.text.len(), unknown.text.len());
        let fields = |body: &Value| body.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(&known.body), fields(&unknown.body));
        assert_eq!(known.body["accepted_user_id"], Value::Null);
    }
);

on_each_database!(
    with[("email_domains", "x.test")],
    async fn an_instance_may_name_its_domains(world: World) {
        let reply = world.ben.post(INVITATIONS, json!({ "email": "eve@y.test" })).await;

        assert_eq!(reply.refusal(), (403, "email_domain_not_allowed"));
        world.ben.post(INVITATIONS, json!({ "email": "eve@x.test" })).await.expect(201);
    }
);

on_each_database!(
    async fn an_invitation_need_not_be_mailed(world: World) {
        let reply = world.ben.post(INVITATIONS, json!({ "email": "eve@x.test", "send_email": false })).await;

        assert_eq!(reply.expect(201)["delivery"]["state"], "skipped");
        assert!(reply.body["last_sent_at"].is_null());
        assert!(world.mail().await.is_empty());
        let link = reply.body["accept_url"].as_str().expect("a link");
        world.anon.get(&format!("/invitations/{}", token_of(link))).await.expect(200);
    }
);

on_each_database!(
    async fn what_people_write_stays_text_in_mail(world: World) {
        world.ada.patch("/organizations/acme", json!({ "name": "<b>x</b> & Co" })).await.expect(200);
        let new =
            json!({ "email": "eve@x.test", "message": "<img src=x onerror=alert(1)>\n{{ link }} https://e.test" });
        world.ben.post(INVITATIONS, new).await.expect(201);

        let mail = world.mail_to("eve@x.test").await.pop().expect("a mail");

        assert!(!mail.html.contains("<b>x</b>") && !mail.html.contains("<img"), "{}", mail.html);
        assert!(mail.html.contains("&lt;b&gt;") || mail.html.contains("&#60;b&#62;"), "{}", mail.html);
        assert!(!mail.html.contains(r#"href="https://e.test"#), "{}", mail.html);
        assert!(mail.text.contains("<img src=x onerror=alert(1)>\n{{ link }}"), "{}", mail.text);
    }
);
