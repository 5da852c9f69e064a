//! An organization of any size, to measure with.

use crate::support::World;
use serde_json::json;
use server::service::seed;

/// `crowd`, which is Ada's.
pub(super) async fn planted(world: &World, members: u64) -> seed::Seeded {
    let plan =
        seed::Plan { members, teams: 3, invitations: 120, slug: "crowd".to_owned(), owner: world.ada.email.clone() };
    seed::plant(&world.app, &plan).await.expect("an organization")
}

on_each_database!(
    async fn an_organization_is_planted_with_all_that_is_counted(world: World) {
        let made = planted(&world, 1_234).await;

        let org = world.ada.get("/organizations/crowd").await;
        assert_eq!(org.expect(200)["id"], made.organization_id.to_string());
        // Of every 500 one is suspended.
        assert_eq!((&org.body["member_count"], &org.body["team_count"]), (&json!(1_232), &json!(3)));
        assert_eq!(org.body["pending_member_count"], 120);
        assert_eq!(world.count("memberships").await, 5 + 1_234);
        let suspended = world.ada.get("/organizations/crowd/members?status=suspended&sort=email").await;
        assert_eq!(suspended.column("email").len(), 2);
        let team = world.ada.get("/organizations/crowd/teams/team-2/members?page=1").await;
        assert_eq!(team.expect(200)["total"], 50);
        let stats = world.ada.get("/organizations/crowd/stats").await;
        stats.expect(200);
        let taken = seed::Plan {
            members: 1,
            teams: 0,
            invitations: 0,
            slug: "crowd".to_owned(),
            owner: "new@owner.test".to_owned(),
        };
        let refused = seed::plant(&world.app, &taken).await.expect_err("the slug is taken");
        assert_eq!(refused.code(), domain::code::Code::SlugTaken);
    }
);
