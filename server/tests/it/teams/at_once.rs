//! Two at once.

use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn two_admins_add_the_same_person(world: World) {
        let design = world.team("Design").await;
        let members = format!("{design}/members");
        let cy = format!("{members}/{}", world.cy.id);
        for round in 0..5 {
            let add = json!({ "user_id": world.cy.id });

            let (one, other) = tokio::join!(world.ada.post(&members, add.clone()), world.ben.post(&members, add));

            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 201], "{round}");
            assert_eq!(world.ada.get(&design).await.expect(200)["member_count"], 1);
            let (one, other) = tokio::join!(world.ada.delete(&cy), world.ben.delete(&cy));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 404], "{round}");
        }
        assert_eq!(world.database.count("audit_events where action = 'team_member.added'").await, 5);
    }
);

on_each_database!(
    async fn of_two_teams_of_one_name_one_is_made(world: World) {
        let make = |name: &'static str| {
            let ben = world.ben.clone();
            async move { ben.post("/organizations/acme/teams", json!({ "name": name })).await }
        };

        let (one, other) = tokio::join!(make("Design"), make("DESIGN"));

        let lost = if one.status == 201 { &other } else { &one };
        assert_eq!(lost.refusal(), (409, "team_name_taken"));
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["team_count"], 1);
    }
);

on_each_database!(
    async fn who_is_removed_is_in_no_team(world: World) {
        let design = world.team("Design").await;
        let (cy, members) = (format!("/organizations/acme/members/{}", world.cy.id), format!("{design}/members"));

        let (removed, added) =
            tokio::join!(world.ada.delete(&cy), world.ben.post(&members, json!({ "user_id": world.cy.id })));

        removed.expect(204);
        assert!([201, 422].contains(&added.status), "{}", added.text);
        assert_eq!(world.ada.get(&design).await.expect(200)["member_count"], 0);
    }
);
