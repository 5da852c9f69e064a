//! Changing and deleting teams.

use crate::support::World;
use reqwest::Method;
use serde_json::json;

const ACME: &str = "/organizations/acme";
const TEAMS: &str = "/organizations/acme/teams";

on_each_database!(
    async fn what_a_team_is_called_can_be_changed(world: World) {
        let new = json!({ "name": "Design", "color": "#3B82F6", "description": "Draws." });
        let before = world.ben.post(TEAMS, new).await.expect(201).clone();
        world.team("Sales").await;
        let path = format!("{TEAMS}/{}", before["id"].as_str().expect("an id"));

        let same = world.ben.patch(&path, json!({ "name": "Design", "color": "#3b82f6" })).await;
        assert_eq!(same.expect(200), &before);
        let renamed = world.ben.patch(&path, json!({ "name": "DESIGN", "slug": "Drawing", "color": null })).await;
        let team = renamed.expect(200);
        assert_eq!((&team["name"], &team["slug"]), (&json!("DESIGN"), &json!("drawing")));
        assert_eq!((&team["color"], &team["description"]), (&json!(null), &json!("Draws.")));
        assert_eq!(team["version"], 2);
        assert_eq!(world.cy.get(&path).await.expect(200), team);

        let taken = world.ben.patch(&path, json!({ "name": "sales" })).await;
        assert_eq!(taken.refusal(), (409, "team_name_taken"));
        let taken = world.ben.patch(&path, json!({ "slug": "sales" })).await;
        assert_eq!(taken.refusal(), (409, "team_slug_taken"));
        assert_eq!(world.cy.get(&format!("{TEAMS}/design")).await.refusal(), (404, "team_not_found"));
        let expected = json!([
            { "field": "name", "from": "Design", "to": "DESIGN" },
            { "field": "slug", "from": "design", "to": "drawing" },
            { "field": "color", "from": "#3B82F6", "to": null },
        ]);
        assert_eq!(world.changes("team.updated").await, [expected]);
    }
);

on_each_database!(
    async fn a_change_is_for_the_version_that_was_seen(world: World) {
        let path = world.team("Design").await;
        let change = |tag: &'static str, method| world.ben.call(method, &path).header("if-match", tag);
        let name = |name: &str| json!({ "name": name });

        change("\"1-x\"", Method::PATCH).json(&name("Drawing")).send().await.expect(200);
        let late = change("\"1-x\"", Method::PATCH).json(&name("Painting")).send().await;
        assert_eq!((late.refusal(), &late.body["current_version"]), ((412, "precondition_failed"), &json!(2)));
        assert_eq!(change("\"1-x\"", Method::DELETE).send().await.refusal(), (412, "precondition_failed"));
        let wrong = json!({ "name": "", "color": "red" });
        let errors = [("#/name", "name_empty"), ("#/color", "color_invalid")];
        assert_eq!(change("\"1-x\"", Method::PATCH).json(&wrong).send().await.errors(), errors);
        assert_eq!(world.ben.patch(&format!("{TEAMS}/nowhere"), wrong.clone()).await.errors(), errors);
        assert_eq!(world.cy.patch(&format!("{TEAMS}/nowhere"), wrong).await.refusal(), (403, "permission_denied"));
        change("\"2-x\"", Method::DELETE).send().await.expect(204);
    }
);

on_each_database!(
    async fn a_deleted_team_leaves_its_members(world: World) {
        let design = world.team("Design").await;
        let sales = world.team("Sales").await;
        world.put_into(&design, &world.cy, "lead").await;
        world.put_into(&sales, &world.cy, "member").await;

        world.ben.delete(&design).await.expect(204);

        assert_eq!(world.ben.delete(&design).await.refusal(), (404, "team_not_found"));
        assert_eq!(world.cy.get(TEAMS).await.column("slug"), ["sales"]);
        let acme = world.cy.get(ACME).await;
        assert_eq!((&acme.expect(200)["team_count"], &acme.body["member_count"]), (&json!(1), &json!(5)));
        let cy = world.cy.get(&format!("{ACME}/members/@me")).await;
        assert_eq!(cy.expect(200)["teams"].as_array().map(Vec::len), Some(1));
        assert_eq!(world.database.count("audit_events where action = 'team.deleted'").await, 1);
    }
);
