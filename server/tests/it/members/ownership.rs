//! Handing an organization over (security.md T7, T8, S15).

use crate::support::World;
use crate::support::world::{PASSWORD, link_in};
use serde_json::json;
use std::time::Duration;

const TRANSFER: &str = "/organizations/acme/transfer-ownership";

on_each_database!(
    async fn ada_hands_over_to_ben(world: World) {
        let reply = world.ada.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })).await;

        let body = reply.expect(200);
        assert_eq!(body["organization"]["owner"], world.ben.id.as_str());
        assert_eq!(
            (body["previous_owner"]["role"].as_str(), body["new_owner"]["role"].as_str()),
            (Some("admin"), Some("owner"))
        );
        assert_eq!(world.ben.get("/organizations/acme").await.expect(200)["current_user_role"], "owner");
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["current_user_role"], "admin");
        let mut told: Vec<_> =
            world.mail().await.into_iter().map(|mail| (mail.to.clone(), link_in(&mail).to_owned())).collect();
        told.sort();
        let link = world.app.config.link("/organizations/acme");
        assert_eq!(told, [("ada@acme.test".to_owned(), link.clone()), ("ben@acme.test".to_owned(), link)]);
        assert_eq!(world.database.count("audit_events where action = 'org.ownership_transferred'").await, 1);
    }
);

on_each_database!(
    async fn the_heir_can_be_named_in_four_ways(world: World) {
        let number =
            world.ada.get(&format!("/organizations/acme/members/{}", world.ben.id)).await.expect(200)["member_id"]
                .clone();
        let (ada, ben) = (world.ada.id.as_str(), world.ben.id.as_str());
        world.ada.post(TRANSFER, json!({ "member_id": number })).await.expect(200);
        world.ben.post("/organizations/acme/transfer", json!({ "new_owner_id": ada })).await.expect(200);
        world.ada.post(TRANSFER, json!({ "newOwner": ben })).await.expect(200);
        world.ben.post(TRANSFER, json!({ "new_owner_uid": ada, "previous_owner_role": "viewer" })).await.expect(200);
        assert_eq!(world.ben.get("/organizations/acme").await.expect(200)["current_user_role"], "viewer");
    }
);

on_each_database!(
    async fn the_former_owner_may_leave_at_once(world: World) {
        let reply = world.ada.post(TRANSFER, json!({ "new_owner_uid": world.cy.id, "then_leave": true })).await;

        assert!(reply.expect(200)["previous_owner"].is_null());
        assert_eq!(reply.body["organization"]["member_count"], 4);
        assert_eq!(world.ada.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.cy.get("/organizations/acme").await.expect(200)["current_user_role"], "owner");
    }
);

on_each_database!(
    async fn a_former_owner_may_become_anything_that_others_are(world: World) {
        let auditor = world.role("auditor", &["audit:read"]).await;
        world.role("helper", &["invite:read"]).await;
        let ada = format!("/organizations/acme/members/{}", world.ada.id);
        let keys = async || {
            let member = world.pat.get(&ada).await;
            let roles = member.expect(200)["roles"].as_array().expect("roles").clone();
            roles.iter().map(|role| role["key"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
        };
        let heir = json!({ "new_owner_uid": world.ben.id, "previous_owner_role": auditor });
        world.ada.post(TRANSFER, heir).await.expect(200);
        assert_eq!(keys().await, ["member", "auditor"]);
        world.ada.get("/organizations/acme/audit-log").await.expect(200);

        let back = json!({ "new_owner_uid": world.ada.id, "previous_owner_role": "helper", "then_leave": true });
        world.ben.post(TRANSFER, back).await.expect(200);
        assert_eq!(keys().await, ["owner", "auditor"]);
        let again = json!({ "new_owner_uid": world.cy.id, "previous_owner_role": "billing" });
        world.ada.post(TRANSFER, again).await.expect(200);
        assert_eq!(keys().await, ["billing", "auditor"]);
        let counted = world.cy.get("/organizations/acme/roles/helper").await;
        assert_eq!(counted.expect(200)["member_count"], 0);
    }
);

on_each_database!(
    async fn an_heir_is_another_member(world: World) {
        let before = world.rows().await;
        for (body, refusal) in [
            (json!({ "new_owner_uid": world.dot.id }), (422, "not_a_member")),
            (json!({ "new_owner_uid": "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55" }), (422, "not_a_member")),
            (json!({ "new_owner_uid": "x" }), (422, "not_a_member")),
            (json!({ "new_owner_uid": "\u{0}" }), (422, "not_a_member")),
            (json!({ "member_id": 0 }), (422, "not_a_member")),
            (json!({ "member_id": -1 }), (422, "not_a_member")),
            (json!({ "new_owner_uid": world.ada.id }), (409, "already_owner")),
            (json!({}), (422, "missing_field")),
            (json!({ "new_owner_uid": world.ben.id, "member_id": 1 }), (422, "duplicate_field")),
            (json!({ "new_owner_uid": null }), (422, "wrong_type")),
            (json!({ "new_owner_uid": [world.ben.id] }), (422, "wrong_type")),
            (json!({ "new_owner_uid": world.ben.id, "previous_owner_role": "boss" }), (422, "role_unknown")),
            (json!({ "new_owner_uid": world.ben.id, "previous_owner_role": "owner" }), (422, "role_unknown")),
            (json!({ "new_owner_uid": world.ben.id, "then_leave": "yes" }), (422, "wrong_type")),
            (json!({ "new_owner_uid": world.ben.id, "status": "active" }), (422, "unknown_field")),
        ] {
            assert_eq!(world.ada.post(TRANSFER, body.clone()).await.refusal(), refusal, "{body}");
        }
        world.database.execute("update memberships set status = 'suspended' where email = 'cy@acme.test'", &[]).await;
        world.database.execute("update organizations set member_count = 4", &[]).await;
        let suspended = world.ada.post(TRANSFER, json!({ "new_owner_uid": world.cy.id })).await;
        assert_eq!(suspended.refusal(), (409, "member_suspended"));
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn only_the_owner_hands_over(world: World) {
        for person in [&world.ben, &world.cy, &world.bil, &world.vi] {
            let reply = person.post(TRANSFER, json!({ "new_owner_uid": person.id })).await;
            assert_eq!(reply.refusal(), (403, "permission_denied"));
        }
        let reply = world.dot.post(TRANSFER, json!({ "new_owner_uid": world.dot.id })).await;
        assert_eq!(reply.refusal(), (404, "organization_not_found"));
    }
);

on_each_database!(
    async fn the_platform_may_hand_over(world: World) {
        let reply = world.pat.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })).await;

        assert_eq!(reply.expect(200)["organization"]["owner"], world.ben.id.as_str());
        let actors = world
            .database
            .texts("select actor_kind from audit_events where action = 'org.ownership_transferred'")
            .await;
        assert_eq!(actors, ["platform_admin"]);
    }
);

on_each_database!(
    async fn a_sign_in_of_a_quarter_of_an_hour_ago_is_too_old(world: World) {
        world.ada.log_in(PASSWORD).await.expect(200);
        world.advance(Duration::from_secs(15 * 60 + 1));

        let stale = world.ada.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })).await;
        assert_eq!(stale.refusal(), (403, "reauthentication_required"));
        world.ada.post("/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);

        world.ada.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })).await.expect(200);
    }
);

on_each_database!(
    async fn an_old_sign_in_elsewhere_does_not_become_fresh(world: World) {
        let elsewhere = world.ada.fresh();
        elsewhere.log_in(PASSWORD).await.expect(200);
        world.advance(Duration::from_secs(16 * 60));

        world.ada.post("/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);

        let stale = elsewhere.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })).await;
        assert_eq!(stale.refusal(), (403, "reauthentication_required"));
    }
);

on_each_database!(
    async fn transfers_at_once_leave_one_owner(world: World) {
        for round in 0..20 {
            let mut tasks = tokio::task::JoinSet::new();
            for heir in [&world.ben.id, &world.cy.id, &world.bil.id, &world.vi.id] {
                let (ada, heir) = (world.ada.clone(), heir.clone());
                tasks.spawn(async move { ada.post(TRANSFER, json!({ "new_owner_uid": heir })).await.status });
            }
            let mut statuses = tasks.join_all().await;
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 403, 403, 403], "{round}");
            let owners = world.database.texts("select email from memberships where role = 'owner'").await;
            assert_eq!(owners.len(), 1, "{round}: {owners:?}");
            let people = [&world.ben, &world.cy, &world.bil, &world.vi];
            let heir = people.into_iter().find(|person| person.email == owners[0]).expect("one of them");
            heir.log_in(PASSWORD).await.expect(200);
            heir.post(TRANSFER, json!({ "new_owner_uid": world.ada.id })).await.expect(200);
        }
    }
);

on_each_database!(
    async fn a_transfer_among_other_changes_leaves_one_owner(world: World) {
        for round in 0..10 {
            let ben = format!("/organizations/acme/members/{}", world.ben.id);
            let (transferred, removed, left) = tokio::join!(
                world.ada.post(TRANSFER, json!({ "new_owner_uid": world.ben.id })),
                world.pat.delete(&ben),
                world.ada.post_nothing("/organizations/acme/leave"),
            );
            for reply in [&transferred, &removed, &left] {
                assert!([200, 204, 403, 404, 409, 422].contains(&reply.status), "{round}: {}", reply.text);
            }
            let broken = server::service::invariants::check(&world.app).await.expect("the rules are checked");
            assert_eq!(broken, [], "{round}");
            if world.ada.get("/organizations/acme").await.status == 404 {
                break;
            }
            if transferred.status == 200 {
                world.pat.post(TRANSFER, json!({ "new_owner_uid": world.ada.id })).await.expect(200);
            }
            if removed.status == 204 {
                world
                    .ada
                    .post("/organizations/acme/invitations", json!({ "email": "ben@acme.test" }))
                    .await
                    .expect(201);
                let token = world.last_token("ben@acme.test").await;
                world.ben.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);
            }
        }
    }
);
