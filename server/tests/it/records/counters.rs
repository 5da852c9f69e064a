//! Counters that count something else than there is are brought right by the housekeeping, once a day.

use crate::support::World;
use serde_json::json;
use server::service::invariants;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The rules that are broken, each once.
async fn broken(world: &World) -> Vec<&'static str> {
    let mut rules: Vec<_> =
        invariants::check(&world.app).await.expect("the rules are checked").iter().map(|row| row.rule).collect();
    rules.dedup();
    rules
}

on_each_database!(
    async fn counters_are_brought_right_once_a_day(world: World) {
        let design = world.team("Design").await;
        world.put_into(&design, &world.cy, "member").await;
        let lab = world.workspace("Lab").await;
        world.ben.put(&format!("{lab}/members/{}", world.cy.id), json!({})).await.expect(204);
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let before = world.ada.get("/organizations/acme").await.expect(200).clone();
        for spoiling in [
            "update organizations set member_count = member_count + 3, team_count = 7, workspace_count = 7
             where slug = 'acme'",
            "update teams set member_count = 0",
            "update workspaces set member_count = 9",
            "update role_counts set member_count = 4 where role_id = 3",
            "delete from role_counts where role_id = 5",
        ] {
            world.database.execute(spoiling, &[]).await;
        }
        assert_eq!(broken(&world).await.len(), 7);

        world.app.tidy().await.expect("the database answers");

        assert_eq!(broken(&world).await, [""; 0]);
        let after = world.ada.get("/organizations/acme").await.expect(200).clone();
        for counter in ["member_count", "team_count", "workspace_count", "version", "updated_at"] {
            assert_eq!(after[counter], before[counter], "{counter}");
        }
        assert_eq!(world.ada.get(&design).await.expect(200)["member_count"], 1);

        world.database.execute("update organizations set member_count = 1 where slug = 'acme'", &[]).await;
        world.app.tidy().await.expect("the database answers");
        assert_eq!(broken(&world).await, ["member_count is the number of active members"]);
        world.advance(DAY);
        world.app.tidy().await.expect("the database answers");
        assert_eq!(broken(&world).await, [""; 0]);
    }
);
