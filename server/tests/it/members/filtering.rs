//! What a list of members can be narrowed to.

use super::workspaces::workspace;
use crate::support::World;
use crate::support::database::Value::{Id, Text};
use serde_json::json;

const MEMBERS: &str = "/organizations/acme/members";

/// Makes a team with one member, behind the server's back.
async fn team(world: &World, slug: &str, member: &str) -> String {
    let id = uuid::Uuid::now_v7();
    let insert =
        "insert into teams (id, organization_id, slug, name, name_folded, member_count, created_at, updated_at)
                  select $1, id, $2, $2, $2, 1, 1, 1 from organizations where slug = 'acme'";
    world.database.execute(insert, &[Id(id), Text(slug.to_owned())]).await;
    let join = "insert into team_members (organization_id, team_id, user_id, role, name_folded, added_at, updated_at)
                select organization_id, $1, user_id, 'member', name_folded, 1, 1 from memberships where email = $2";
    world.database.execute(join, &[Id(id), Text(member.to_owned())]).await;
    world.database.execute("update organizations set team_count = team_count + 1 where slug = 'acme'", &[]).await;
    id.to_string()
}

on_each_database!(
    async fn members_are_found_by_role_team_and_workspace(world: World) {
        let auditor = world.role("auditor", &["audit:read"]).await;
        let vi = format!("{MEMBERS}/{}", world.vi.id);
        world.ada.patch(&vi, json!({ "roles": ["viewer", "auditor"] })).await.expect(200);
        let red = team(&world, "red", "cy@acme.test").await;
        let north = workspace(&world, "acme", "north").await;
        world.ada.patch(&vi, json!({ "workspaces": ["north"] })).await.expect(200);

        for (query, found) in [
            ("role=auditor".to_owned(), vec!["vi@acme.test"]),
            (format!("role={auditor}&role=admin"), vec!["ben@acme.test", "vi@acme.test"]),
            ("role=auditor&role=viewer".to_owned(), vec!["vi@acme.test"]),
            ("team=red".to_owned(), vec!["cy@acme.test"]),
            (format!("team={red}"), vec!["cy@acme.test"]),
            ("team=none".to_owned(), vec!["ada@acme.test", "ben@acme.test", "bil@acme.test", "vi@acme.test"]),
            ("team=none&role=member".to_owned(), vec![]),
            ("workspace=North".to_owned(), vec!["vi@acme.test"]),
            (format!("workspace={north}&search=vi"), vec!["vi@acme.test"]),
            (format!("workspace={north}&team=red"), vec![]),
        ] {
            assert_eq!(world.cy.get(&format!("{MEMBERS}?{query}")).await.column("email"), found, "{query}");
        }
        assert_eq!(world.cy.get(&format!("{MEMBERS}?role=auditor&page=1")).await.expect(200)["total"], 1);
        for query in [
            "role=nobody",
            "role=999",
            "team=blue",
            "team=None%00",
            "team=0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55",
            "workspace=south",
            "workspace=none",
            "workspace=%00",
        ] {
            let refused = world.cy.get(&format!("{MEMBERS}?{query}")).await;
            assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{query}");
        }
    }
);

on_each_database!(
    async fn members_are_found_by_their_day_and_their_second_factor(world: World) {
        world
            .database
            .execute("update memberships set joined_at = 1700000000000 where email = 'cy@acme.test'", &[])
            .await;
        for (query, found) in [
            ("joined_to=2023-11-14T22:13:20Z", vec!["cy@acme.test"]),
            ("joined_from=2023-11-14T22:13:20Z&joined_to=2024-01-01T00:00:00Z", vec!["cy@acme.test"]),
            ("joined_to=2023-11-14T22:13:19.999Z", vec![]),
            ("joined_from=2023-11-14T22:13:20.001Z&search=cy", vec![]),
            ("has_2fa=true", vec![]),
            ("has_2fa=false&search=cy", vec!["cy@acme.test"]),
        ] {
            assert_eq!(world.ben.get(&format!("{MEMBERS}?{query}")).await.column("email"), found, "{query}");
        }
        for query in ["joined_from=yesterday", "joined_to=2023-11-14", "joined_from=", "has_2fa=yes", "has_2fa="] {
            let refused = world.ben.get(&format!("{MEMBERS}?{query}")).await;
            assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{query}");
        }
        assert_eq!(world.cy.get(&format!("{MEMBERS}?has_2fa=true")).await.refusal(), (403, "permission_denied"));
    }
);
