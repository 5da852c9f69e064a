//! Making somebody a member without asking.

use crate::support::World;
use serde_json::{Value, json};

const MEMBERS: &str = "/admin/organizations/acme/members";

on_each_database!(
    async fn the_platform_adds_an_account(world: World) {
        let added = world.pat.post(MEMBERS, json!({ "email": "Dot@Elsewhere.test", "role": "billing" })).await;

        assert_eq!((&added.expect(201)["role"], &added.body["user_id"]), (&json!("billing"), &json!(world.dot.id)));
        assert_eq!(world.dot.get("/organizations/acme").await.expect(200)["member_count"], 6);
        let told = world.mail_to("dot@elsewhere.test").await.pop().expect("a mail");
        assert_eq!(told.subject, "You are now in Acme Gears");
        let again = world.pat.post(MEMBERS, json!({ "userId": world.dot.id, "role": "admin" })).await;
        assert_eq!(again.expect(200)["role"], "billing");
        let event = "select changes from audit_events where action = 'member.added'";
        assert_eq!(world.database.texts(event).await, [r#"[{"field":"role","from":null,"to":"billing"}]"#]);
    }
);

on_each_database!(
    async fn a_role_of_the_organization_s_own_can_be_given(world: World) {
        let auditor = world.role("auditor", &["audit:read"]).await;
        let keys = |member: &Value| {
            let roles = member["roles"].as_array().expect("roles").iter();
            roles.map(|role| role["key"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
        };

        let added = world.pat.post(MEMBERS, json!({ "user_id": world.dot.id, "role": "auditor" })).await;
        assert_eq!(keys(added.expect(201)), ["member", "auditor"]);
        let by_number = world.pat.post(MEMBERS, json!({ "user_id": world.pat.id, "role": auditor })).await;
        assert_eq!(keys(by_number.expect(201)), ["member", "auditor"]);

        world.dot.get("/organizations/acme/audit-log").await.expect(200);
        let role = world.ada.get("/organizations/acme/roles/auditor").await;
        assert_eq!(role.expect(200)["member_count"], 2);
        let given = json!([
            { "field": "role", "from": null, "to": "member" },
            { "field": "roles", "from": [], "to": ["auditor"] },
        ]);
        assert_eq!(world.changes("member.added").await, [given.clone(), given]);
    }
);

on_each_database!(
    async fn nobody_is_added_against_the_rules(world: World) {
        let before = world.rows().await;
        for (body, refusal) in [
            (json!({}), (422, "missing_field")),
            (json!({ "email": "dot@elsewhere.test", "user_id": world.dot.id }), (422, "duplicate_field")),
            (json!({ "email": "nobody@x.test" }), (404, "user_not_found")),
            (json!({ "user_id": "x" }), (404, "user_not_found")),
            (json!({ "email": "x" }), (422, "email_invalid")),
            (json!({ "user_id": world.dot.id, "role": "boss" }), (422, "role_unknown")),
            (json!({ "user_id": world.dot.id, "role": "owner" }), (409, "owner_protected")),
            (json!({ "user_id": null }), (422, "wrong_type")),
        ] {
            assert_eq!(world.pat.post(MEMBERS, body.clone()).await.refusal(), refusal, "{body}");
        }
        let dot = json!({ "user_id": world.dot.id });
        world.pat.patch("/organizations/acme", json!({ "member_limit": 5 })).await.expect(200);
        assert_eq!(world.pat.post(MEMBERS, dot.clone()).await.refusal(), (409, "member_limit_reached"));
        let resting = json!({ "member_limit": null, "status": "inactive" });
        world.pat.patch("/organizations/acme", resting).await.expect(200);
        assert_eq!(world.pat.post(MEMBERS, dot).await.refusal(), (409, "organization_not_accepting"));
        assert_eq!(world.rows().await[..4], before[..4]);
    }
);
