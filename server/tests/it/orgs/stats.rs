//! The figures of an organization.

use crate::support::World;
use serde_json::json;

const STATS: &str = "/organizations/acme/stats";

on_each_database!(
    async fn the_overview_has_its_figures(world: World) {
        world.role("auditor", &["audit:read"]).await;
        world.ada.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);

        let reply = world.cy.get(STATS).await;

        let members = reply.expect(200)["members"].as_array().expect("days");
        assert_eq!(members.len(), 365);
        assert_eq!((&members[364]["count"], &members[363]["count"]), (&json!(5), &json!(0)));
        let today =
            world.ada.get("/organizations/acme").await.expect(200)["created_at"].as_str().expect("a time").to_owned();
        assert!(today.starts_with(members[364]["date"].as_str().expect("a day")), "{today}");
        let roles = reply.body["roles"].as_array().expect("roles");
        assert_eq!(roles[0], json!({ "id": 1, "key": "owner", "name": "Owner", "member_count": 1 }));
        assert_eq!((roles.len(), &roles[5]["key"], &roles[5]["member_count"]), (6, &json!("auditor"), &json!(0)));
        assert_eq!((&reply.body["open_invitations"], &reply.body["teams"]), (&json!(1), &json!([])));
        world.bil.get(STATS).await.expect(200);
        assert_eq!(world.vi.get(STATS).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.dot.get(STATS).await.refusal(), (404, "organization_not_found"));
    }
);
