//! Making teams.

use crate::support::World;
use serde_json::json;

const ACME: &str = "/organizations/acme";
const TEAMS: &str = "/organizations/acme/teams";

on_each_database!(
    async fn an_admin_makes_a_team(world: World) {
        let new = json!({ "name": "  Design & Research ", "color": "#3b82f6", "description": "Draws things." });
        let made = world.ben.post(TEAMS, new).await;

        let team = made.expect(201);
        let texts = ["slug", "name", "color", "description"].map(|field| team[field].as_str().unwrap_or_default());
        assert_eq!(texts, ["design-research", "Design & Research", "#3B82F6", "Draws things."]);
        assert_eq!((&team["member_count"], &team["version"]), (&json!(0), &json!(1)));
        assert!(team["current_user_role"].is_null() && team["created_at"] == team["updated_at"]);
        assert!(made.header("location").ends_with("/api/v1/organizations/acme/teams/design-research"));
        let id = team["id"].as_str().expect("an id");
        for reference in [id, "design-research", "DESIGN-research"] {
            assert_eq!(world.cy.get(&format!("{TEAMS}/{reference}")).await.expect(200), team);
        }
        assert_eq!(world.cy.get(ACME).await.expect(200)["team_count"], 1);
        let events = world.database.texts("select target_name from audit_events where action = 'team.created'").await;
        assert_eq!(events, ["Design & Research"]);
    }
);

on_each_database!(
    async fn names_and_slugs_are_taken_once_in_an_organization(world: World) {
        world.team("Design").await;

        let name = world.ben.post(TEAMS, json!({ "name": "ＤＥＳＩＧＮ", "slug": "other" })).await;
        let slug = world.ben.post(TEAMS, json!({ "name": "Other", "slug": "Design" })).await;

        assert_eq!((name.refusal(), name.errors()), ((409, "team_name_taken"), vec![("#/name", "team_name_taken")]));
        assert_eq!((slug.refusal(), slug.errors()), ((409, "team_slug_taken"), vec![("#/slug", "team_slug_taken")]));
        assert_eq!(world.team("Design!").await, format!("{TEAMS}/design-2"));
        for name in ["漢字", "None", "2024"] {
            assert!(world.team(name).await.starts_with(&format!("{TEAMS}/team-")), "{name}");
        }
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let elsewhere = world.dot.post("/organizations/bolts/teams", json!({ "name": "Design" })).await;
        assert_eq!(elsewhere.expect(201)["slug"], "design");
        assert_eq!(world.cy.get(ACME).await.expect(200)["team_count"], 5);
    }
);

on_each_database!(
    with[("limits", "teams=2")],
    async fn there_are_as_many_teams_as_is_allowed(world: World) {
        let first = world.team("One").await;
        world.team("Two").await;

        assert_eq!(world.ada.post(TEAMS, json!({ "name": "Three" })).await.refusal(), (409, "team_limit_reached"));

        world.ada.delete(&first).await.expect(204);
        world.team("Three").await;
    }
);

on_each_database!(
    async fn only_those_who_manage_teams_make_and_delete_them(world: World) {
        let design = world.team("Design").await;
        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.post(TEAMS, json!({ "nam": 1 })).await.refusal(), (403, "permission_denied"));
            assert_eq!(person.patch(&design, json!({ "nam": 1 })).await.refusal(), (403, "permission_denied"));
            assert_eq!(person.delete(&design).await.refusal(), (403, "permission_denied"));
        }
        for person in [&world.bil, &world.vi] {
            for path in [TEAMS, &design, &format!("{design}/members")] {
                assert_eq!(person.get(path).await.refusal(), (403, "permission_denied"));
            }
            let unknown = person.patch(&format!("{TEAMS}/unknown"), json!({ "name": "X" })).await;
            assert_eq!(unknown.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.dot.get(&design).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.get(&design).await.refusal(), (401, "unauthenticated"));
        let program = world.bearer(&world.ben, &["team:read"]).await;
        program.get(&design).await.expect(200);
        assert_eq!(program.patch(&design, json!({ "name": "X" })).await.refusal(), (403, "insufficient_scope"));
        world.pat.post(TEAMS, json!({ "name": "Platform" })).await.expect(201);
        assert_eq!(world.count("teams").await, 2);
    }
);

on_each_database!(
    async fn a_body_names_only_what_is_the_organization_s_own(world: World) {
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let theirs = world.dot.post("/organizations/bolts/teams", json!({ "name": "Nuts" })).await;
        let mine = world.team("Design").await;
        world.put_into(&mine, &world.cy, "member").await;
        let events = world.count("audit_events").await;

        for to in [theirs.expect(201)["id"].as_str().expect("an id"), "nuts", "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55"] {
            let moved = world.ada.post(&format!("{mine}/members/{}/move", world.cy.id), json!({ "to": to })).await;
            assert_eq!(moved.refusal(), (422, "team_unknown"));
        }
        let stranger = world.ada.post(&format!("{mine}/members"), json!({ "user_id": world.dot.id })).await;
        assert_eq!(stranger.errors(), [("#/user_id", "not_a_member")]);
        assert_eq!(world.count("audit_events").await, events);
    }
);
