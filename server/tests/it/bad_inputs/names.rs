//! Names of people, of organizations and of what is in them.

use super::field::{Field, bad, bad_up_to, needed, rows};
use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn of_organizations(world: World) {
        let groups = needed(bad_up_to("name", 256));
        Field::founding(&world, "name").refuses(&world, &groups).await;
        Field::changing(&world, "name").refuses(&world, &groups).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn of_people(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let groups = bad_up_to("name", 128);
        Field::inviting(&world, "name").refuses(&world, &groups).await;
        Field::inviting_otherwise(&world, &invited, "name").refuses(&world, &groups).await;
        Field::accepting(&world, &invited, "name").refuses(&world, &groups).await;
        Field::signing_up(&world, "full_name").refuses(&world, &groups).await;
        Field::changing_oneself(&world, "full_name").refuses(&world, &groups).await;
        rows::refuse(&world, "name", &groups).await;
    }
);

on_each_database!(
    async fn of_roles(world: World) {
        for form in Field::of_roles(&world, "name").await {
            form.refuses(&world, &needed(bad_up_to("name", 80))).await;
        }
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn usernames(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::accepting(&world, &invited, "username").refuses(&world, &bad("username")).await;
        Field::signing_up(&world, "username").refuses(&world, &bad("username")).await;
        Field::changing_oneself(&world, "username").refuses(&world, &bad("username")).await;
    }
);

on_each_database!(
    async fn the_longest_names_are_taken(world: World) {
        for name in ["a".repeat(256), "\u{1f600}a".repeat(128), format!("  {}  ", "é".repeat(256))] {
            Field::changing(&world, "name").send(&json!(name)).await.expect(200);
        }
    }
);

on_each_database!(
    async fn what_is_dangerous_only_elsewhere_is_kept_as_it_is(world: World) {
        let [_, team] = Field::of_teams(&world, "name").await;
        let [_, workspace] = Field::of_workspaces(&world, "name").await;
        let [_, role] = Field::of_roles(&world, "name").await;
        for name in [
            "<script>alert(1)</script>",
            "{{7*7}}",
            "' OR 1=1 --",
            "../../etc/passwd",
            "\u{ff21}\u{ff43}\u{ff4d}\u{ff45}",
            "\u{5d0}\u{5d1}\u{5d2}",
            "NULL",
            "=cmd|'/C calc'!A0",
            "\u{ff1d}1+1",
        ] {
            for form in [&team, &workspace, &role] {
                assert_eq!(form.send(&json!(name)).await.expect(200)["name"], name);
            }
        }
    }
);

on_each_database!(
    async fn what_folds_to_one_name_is_taken(world: World) {
        world.team("finance").await;
        world.workspace("finance").await;
        for (number, name) in ["FINANCE", "\u{fb01}nance", "\u{ff26}inance"].into_iter().enumerate() {
            for (list, code) in [("teams", "team_name_taken"), ("workspaces", "workspace_name_taken")] {
                let reply = world.ben.post(&format!("/organizations/acme/{list}"), json!({ "name": name })).await;
                assert_eq!(reply.refusal(), (409, code), "{name}");
            }
            // Roles are told apart by their keys.
            let role = json!({ "key": format!("finance_{number}"), "name": name, "permissions": ["team:read"] });
            world.ben.post("/organizations/acme/roles", role).await.expect(201);
        }
    }
);
