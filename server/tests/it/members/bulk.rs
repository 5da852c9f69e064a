//! One change for many members.

use crate::support::World;
use serde_json::{Value, json};

const BULK: &str = "/organizations/acme/members/bulk";

fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let results = report["results"].as_array().expect("results");
    results
        .iter()
        .map(|result| {
            (result["outcome"].as_str().expect("an outcome"), result["problem"]["code"].as_str().unwrap_or_default())
        })
        .collect()
}

on_each_database!(
    async fn one_refusal_stops_nobody_else(world: World) {
        let cy = world.ada.get(&format!("/organizations/acme/members/{}", world.cy.id)).await;
        let number = cy.expect(200)["member_id"].clone();
        let members = json!([world.ada.id, number, world.dot.id, world.ben.id, world.vi.id, "\u{0}", "nobody"]);

        let reply = world.ben.post(BULK, json!({ "action": "role", "role": "viewer", "members": members })).await;

        assert_eq!(
            outcomes(reply.expect(200)),
            [
                ("refused", "owner_protected"),
                ("done", ""),
                ("refused", "member_not_found"),
                ("refused", "cannot_change_own_role"),
                ("unchanged", ""),
                ("refused", "member_not_found"),
                ("refused", "member_not_found"),
            ]
        );
        assert_eq!(reply.body["summary"], json!({ "done": 1, "unchanged": 1, "refused": 5 }));
        assert_eq!(reply.body["results"][1]["member"], number);
        assert!(reply.body["results"][1].get("problem").is_none());
        let problem = &reply.body["results"][0]["problem"];
        let owner = format!("/organizations/acme/members/{}", world.ada.id);
        let single = world.ben.patch(&owner, json!({ "role": "viewer" })).await;
        for member in ["type", "title", "status", "detail", "code"] {
            assert_eq!(problem[member], single.body[member], "{member}");
        }
        assert_eq!(problem["request_id"], reply.header("x-request-id"));
    }
);

on_each_database!(
    async fn many_are_suspended_restored_and_removed(world: World) {
        let both = json!([world.cy.id, world.vi.id]);
        let act = async |body: Value| world.ben.post(BULK, body).await.expect(200).clone();

        let suspended = act(json!({ "action": "suspend", "reason": "Audit.", "members": both })).await;
        assert_eq!(outcomes(&suspended), [("done", ""), ("done", "")]);
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 3);
        let reasons =
            world.database.texts("select distinct suspended_reason from memberships where status = 'suspended'");
        assert_eq!(reasons.await, ["Audit."]);
        world.database.execute("update organizations set member_limit = 4", &[]).await;
        let restored = act(json!({ "action": "restore", "members": both })).await;
        assert_eq!(outcomes(&restored), [("done", ""), ("refused", "member_limit_reached")]);
        let removed = act(json!({ "action": "remove", "members": [world.cy.id, world.cy.id, world.vi.id] })).await;
        assert_eq!(outcomes(&removed), [("done", ""), ("refused", "member_not_found"), ("done", "")]);
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 3);
    }
);

on_each_database!(
    async fn what_is_wrong_with_the_whole_refuses_the_whole(world: World) {
        let before = world.rows().await;
        let cy = &world.cy.id;
        for (body, code) in [
            (json!({ "action": "role", "members": [cy] }), "missing_field"),
            (json!({ "action": "promote", "members": [cy] }), "value_unknown"),
            (json!({ "action": "remove", "members": [] }), "missing_field"),
            (json!({ "action": "remove", "members": vec![cy; 101] }), "too_many_items"),
            (json!({ "action": "remove" }), "missing_field"),
            (json!({ "members": [cy] }), "missing_field"),
            (json!({ "action": "suspend", "members": [cy], "reason": "x".repeat(501) }), "text_too_long"),
            (json!({ "action": "remove", "members": cy }), "wrong_type"),
            (json!({ "action": "remove", "members": [null] }), "wrong_type"),
            (json!({ "action": "remove", "members": [cy], "force": true }), "unknown_field"),
        ] {
            assert_eq!(world.ben.post(BULK, body.clone()).await.refusal(), (422, code), "{body}");
        }
        let body = json!({ "action": "remove", "members": [cy] });
        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.post(BULK, body.clone()).await.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.dot.post(BULK, body).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.rows().await, before);
    }
);
