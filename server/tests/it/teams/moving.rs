//! Moving somebody from one team to another.

use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn a_person_moves_in_one_step(world: World) {
        let (design, sales) = (world.team("Design").await, world.team("Sales").await);
        world.put_into(&design, &world.cy, "lead").await;
        world.put_into(&sales, &world.vi, "member").await;
        let step = |team: &str| format!("{team}/members/{}/move", world.cy.id);

        let moved = world.ben.post(&step(&design), json!({ "to": "sales" })).await;

        assert_eq!(
            (&moved.expect(200)["from"]["slug"], &moved.body["from"]["member_count"]),
            (&json!("design"), &json!(0))
        );
        assert_eq!((&moved.body["to"]["slug"], &moved.body["to"]["member_count"]), (&json!("sales"), &json!(2)));
        let members = world.ben.get(&format!("{sales}/members?sort=name")).await;
        assert_eq!(members.expect(200)["data"][0]["role"], "member");
        let same = world.ben.post(&step(&sales), json!({ "to": "sales" })).await;
        assert_eq!(same.expect(200)["from"], same.body["to"]);
        let out = world.ben.post(&step(&sales), json!({ "to": "none" })).await;
        assert_eq!((&out.expect(200)["from"]["member_count"], &out.body["to"]), (&json!(1), &json!(null)));
        assert_eq!(
            world.ben.post(&step(&sales), json!({ "to": "design" })).await.refusal(),
            (404, "team_member_not_found")
        );
        assert_eq!(world.database.count("audit_events where action = 'team_member.removed'").await, 2);
        assert_eq!(world.database.count("audit_events where action = 'team_member.added'").await, 3);
    }
);

on_each_database!(
    async fn a_move_that_cannot_end_does_not_begin(world: World) {
        let (design, sales) = (world.team("Design").await, world.team("Sales").await);
        world.put_into(&design, &world.cy, "member").await;
        world.put_into(&design, &world.vi, "lead").await;
        world.put_into(&sales, &world.cy, "lead").await;
        world.put_into(&design, &world.bil, "member").await;
        let step = |person: &crate::support::person::Person| format!("{design}/members/{}/move", person.id);
        world.database.execute("update memberships set status = 'suspended' where email = 'bil@acme.test'", &[]).await;
        world.database.execute("update organizations set member_count = 4", &[]).await;
        let events = world.count("audit_events").await;

        for (by, whom, body, refusal) in [
            (&world.ben, &world.cy, json!({ "to": "sales" }), (409, "already_team_member")),
            (&world.ben, &world.bil, json!({ "to": "sales" }), (409, "member_suspended")),
            (&world.ben, &world.cy, json!({ "to": "unknown" }), (422, "team_unknown")),
            (&world.ben, &world.cy, json!({ "to": null }), (422, "wrong_type")),
            (&world.ben, &world.cy, json!({}), (422, "missing_field")),
            (&world.ben, &world.ada, json!({ "to": "sales" }), (404, "team_member_not_found")),
            (&world.vi, &world.vi, json!({ "to": "sales" }), (403, "permission_denied")),
            (&world.vi, &world.vi, json!({ "to": "unknown" }), (403, "permission_denied")),
            (&world.cy, &world.cy, json!({ "to": "sales" }), (403, "permission_denied")),
        ] {
            assert_eq!(by.post(&step(whom), body.clone()).await.refusal(), refusal, "{body}");
        }

        assert_eq!(world.count("audit_events").await, events);
        assert_eq!(world.ada.get(&design).await.expect(200)["member_count"], 3);
        world.vi.post(&step(&world.cy), json!({ "to": "none" })).await.expect(200);
    }
);
