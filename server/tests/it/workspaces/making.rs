//! Making, finding, changing and deleting workspaces.

use crate::support::World;
use reqwest::Method;
use serde_json::json;

const ACME: &str = "/organizations/acme";
const WORKSPACES: &str = "/organizations/acme/workspaces";

on_each_database!(
    async fn a_workspace_is_made_changed_and_deleted(world: World) {
        let made = world.ben.post(WORKSPACES, json!({ "name": "Berlin Lab", "description": "By the river." })).await;
        let workspace = made.expect(201).clone();
        assert_eq!((&workspace["slug"], &workspace["member_count"]), (&json!("berlin-lab"), &json!(0)));
        assert!(made.header("location").ends_with("/api/v1/organizations/acme/workspaces/berlin-lab"));
        let path = format!("{WORKSPACES}/{}", workspace["id"].as_str().expect("an id"));
        assert_eq!(world.cy.get(&path).await.expect(200), &workspace);
        assert_eq!(world.cy.get(&format!("{WORKSPACES}/Berlin-LAB")).await.expect(200), &workspace);
        assert_eq!(world.cy.get(ACME).await.expect(200)["workspace_count"], 1);

        assert_eq!(world.ben.patch(&path, json!({ "name": "Berlin Lab" })).await.expect(200), &workspace);
        let changed = world.ben.patch(&path, json!({ "name": "Lab", "slug": "lab", "description": null })).await;
        assert_eq!((&changed.expect(200)["slug"], &changed.body["version"]), (&json!("lab"), &json!(2)));
        assert_eq!(world.cy.get(&path).await.expect(200), &changed.body);
        let late = world.ben.call(Method::PATCH, &path).header("if-match", "\"1-x\"").json(&json!({ "name": "X" }));
        assert_eq!(late.send().await.refusal(), (412, "precondition_failed"));
        let wrong = json!({ "name": "" });
        let late = world.ben.call(Method::PATCH, &path).header("if-match", "\"1-x\"").json(&wrong).send().await;
        assert_eq!(late.refusal(), (422, "name_empty"));
        let nowhere = world.ben.patch(&format!("{WORKSPACES}/nowhere"), wrong).await;
        assert_eq!(nowhere.refusal(), (422, "name_empty"));
        world.ben.call(Method::DELETE, &path).header("if-match", "\"2-x\"").send().await.expect(204);

        assert_eq!(world.ben.delete(&path).await.refusal(), (404, "workspace_not_found"));
        assert_eq!(world.cy.get(ACME).await.expect(200)["workspace_count"], 0);
        let actions = "select action from audit_events where target_kind = 'workspace' order by created_at, id";
        let expected = ["workspace.created", "workspace.updated", "workspace.deleted"];
        assert_eq!(world.database.texts(actions).await, expected);
    }
);

on_each_database!(
    with[("limits", "workspaces=3")],
    async fn names_slugs_and_room_are_given_once(world: World) {
        world.workspace("Lab").await;

        for (body, code) in [
            (json!({ "name": "LAB", "slug": "other" }), "workspace_name_taken"),
            (json!({ "name": "Other", "slug": "Lab" }), "workspace_slug_taken"),
        ] {
            assert_eq!(world.ben.post(WORKSPACES, body).await.refusal(), (409, code));
        }
        let second = world.workspace("Lab!").await;
        assert_eq!(second, format!("{WORKSPACES}/lab-2"));
        assert!(world.workspace("漢字").await.starts_with(&format!("{WORKSPACES}/workspace-")));
        let full = world.ben.post(WORKSPACES, json!({ "name": "Fourth" })).await;
        assert_eq!(full.refusal(), (409, "workspace_limit_reached"));
        assert_eq!(world.ben.patch(&second, json!({ "name": "lab" })).await.refusal(), (409, "workspace_name_taken"));
        assert_eq!(world.ben.patch(&second, json!({ "slug": "lab" })).await.refusal(), (409, "workspace_slug_taken"));
    }
);

on_each_database!(
    async fn workspaces_are_found_and_walked(world: World) {
        for name in ["Delta", "alpha", "Charlie", "Bravo"] {
            world.workspace(name).await;
        }
        let own = format!("{WORKSPACES}/charlie/members/{}", world.cy.id);
        world.ben.call(Method::PUT, &own).send().await.expect(204);

        for (query, slugs) in [
            ("", vec!["alpha", "bravo", "charlie", "delta"]),
            ("sort=-name", vec!["delta", "charlie", "bravo", "alpha"]),
            ("search=RAV", vec!["bravo"]),
            ("search=a", vec!["alpha"]),
            ("member=@me", vec!["charlie"]),
            ("page=2&per_page=3", vec!["delta"]),
        ] {
            assert_eq!(world.cy.get(&format!("{WORKSPACES}?{query}")).await.column("slug"), slugs, "{query}");
        }
        let first = world.cy.get(&format!("{WORKSPACES}?limit=3")).await;
        let next = first.expect(200)["next_cursor"].as_str().expect("a way on").to_owned();
        let second = world.cy.get(&format!("{WORKSPACES}?limit=3&cursor={next}")).await;
        assert_eq!(second.column("slug"), ["delta"]);
        let back = second.body["prev_cursor"].as_str().expect("a way back").to_owned();
        let again = world.cy.get(&format!("{WORKSPACES}?limit=3&cursor={back}")).await;
        assert_eq!(again.column("slug"), first.column("slug"));
        let sorted = world.cy.get(&format!("{WORKSPACES}?sort=created_at")).await;
        assert_eq!(sorted.refusal(), (400, "invalid_sort"));
    }
);

on_each_database!(
    async fn workspaces_are_managed_by_those_who_may(world: World) {
        let lab = world.workspace("Lab").await;
        let place = format!("{lab}/members/{}", world.cy.id);
        for person in [&world.cy, &world.bil, &world.vi] {
            for reply in [
                person.post(WORKSPACES, json!({ "nam": 1 })).await,
                person.patch(&lab, json!({ "nam": 1 })).await,
                person.delete(&lab).await,
                person.call(Method::PUT, &place).send().await,
                person.delete(&place).await,
            ] {
                assert_eq!(reply.refusal(), (403, "permission_denied"));
            }
        }
        for path in [WORKSPACES, &lab, &format!("{lab}/members")] {
            world.cy.get(path).await.expect(200);
            assert_eq!(world.bil.get(path).await.refusal(), (403, "permission_denied"));
            assert_eq!(world.vi.get(path).await.refusal(), (403, "permission_denied"));
            assert_eq!(world.dot.get(path).await.refusal(), (404, "organization_not_found"));
            assert_eq!(world.anon.get(path).await.refusal(), (401, "unauthenticated"));
        }
        let program = world.bearer(&world.ben, &["workspace:read"]).await;
        assert_eq!(program.delete(&lab).await.refusal(), (403, "insufficient_scope"));
    }
);
