//! What the lead of a team may do there.

use crate::support::World;
use crate::support::person::Person;
use serde_json::json;

on_each_database!(
    async fn a_lead_manages_the_own_team(world: World) {
        let design = world.team("Design").await;
        world.put_into(&design, &world.vi, "lead").await;
        let member = |person: &Person| format!("{design}/members/{}", person.id);

        let changed = world.vi.patch(&design, json!({ "name": "Drawing", "color": "#000000" })).await;
        assert_eq!(changed.expect(200)["current_user_role"], "lead");
        world.vi.post(&format!("{design}/members"), json!({ "user_id": world.cy.id })).await.expect(201);
        world.vi.put(&member(&world.bil), json!({ "role": "member" })).await.expect(201);
        world.vi.delete(&member(&world.bil)).await.expect(204);

        for reply in [
            world.vi.post(&format!("{design}/members"), json!({ "user_id": world.bil.id, "role": "lead" })).await,
            world.vi.put(&member(&world.bil), json!({ "role": "lead" })).await,
            world.vi.put(&member(&world.cy), json!({ "role": "lead" })).await,
            world.vi.patch(&member(&world.cy), json!({ "role": "lead" })).await,
        ] {
            assert_eq!(reply.refusal(), (403, "lead_grant_denied"));
        }
        assert_eq!(world.vi.delete(&design).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.cy.patch(&design, json!({ "name": "Mine" })).await.refusal(), (403, "permission_denied"));

        world.vi.patch(&member(&world.vi), json!({ "role": "member" })).await.expect(200);
        assert_eq!(world.vi.patch(&design, json!({ "name": "Mine" })).await.refusal(), (403, "permission_denied"));
    }
);

on_each_database!(
    async fn a_lead_manages_no_other_team(world: World) {
        let (design, sales) = (world.team("Design").await, world.team("Sales").await);
        world.put_into(&design, &world.cy, "lead").await;
        world.put_into(&sales, &world.cy, "member").await;
        world.put_into(&sales, &world.vi, "member").await;
        let events = world.count("audit_events").await;

        for reply in [
            world.cy.patch(&sales, json!({ "name": "Mine" })).await,
            world.cy.post(&format!("{sales}/members"), json!({ "user_id": world.bil.id })).await,
            world.cy.put(&format!("{sales}/members/{}", world.bil.id), json!({})).await,
            world.cy.patch(&format!("{sales}/members/{}", world.cy.id), json!({ "role": "lead" })).await,
            world.cy.delete(&format!("{sales}/members/{}", world.vi.id)).await,
        ] {
            assert_eq!(reply.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.count("audit_events").await, events);
    }
);

on_each_database!(
    async fn a_lead_has_no_more_power_than_token_and_organization_leave(world: World) {
        let design = world.team("Design").await;
        world.put_into(&design, &world.cy, "lead").await;
        let reading = world.bearer(&world.cy, &["team:read"]).await;
        let writing = world.bearer(&world.cy, &["team:write"]).await;

        let refused = reading.patch(&design, json!({ "name": "Drawing" })).await;
        assert_eq!((refused.refusal(), &refused.body["scope"]), ((403, "insufficient_scope"), &json!("team:write")));
        let own = format!("{design}/members/@me");
        assert_eq!(reading.delete(&own).await.refusal(), (403, "insufficient_scope"));
        writing.patch(&design, json!({ "name": "Drawing" })).await.expect(200);

        world.database.execute("update organizations set status = 'inactive'", &[]).await;
        for reply in [
            world.cy.patch(&design, json!({ "name": "Painting" })).await,
            world.ben.patch(&design, json!({ "name": "Painting" })).await,
            world.cy.delete(&own).await,
            reading.delete(&own).await,
        ] {
            assert_eq!(reply.refusal(), (409, "organization_inactive"));
        }
        world.cy.get(&design).await.expect(200);
    }
);
