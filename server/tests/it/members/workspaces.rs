//! The workspaces of a member, as `PATCH` and `PUT …/members/{member}` set them.

use crate::support::World;
use crate::support::database::Value::{Id, Text};
use crate::support::person::Person;
use reqwest::Method;
use serde_json::json;

/// Makes a workspace in an organization, behind the server's back.
pub(super) async fn workspace(world: &World, org: &str, slug: &str) -> String {
    let id = uuid::Uuid::now_v7();
    let insert = "insert into workspaces (id, organization_id, slug, name, name_folded, created_at, updated_at)
                  select $1, id, $3, $3, $3, 1, 1 from organizations where slug = $2";
    world.database.execute(insert, &[Id(id), Text(org.to_owned()), Text(slug.to_owned())]).await;
    let count = "update organizations set workspace_count = workspace_count + 1 where slug = $1";
    world.database.execute(count, &[Text(org.to_owned())]).await;
    id.to_string()
}

async fn slugs_of(world: &World, email: &str) -> Vec<String> {
    let sql = format!(
        "select w.slug from workspace_members m join workspaces w on w.id = m.workspace_id
         join users u on u.id = m.user_id
         where u.email = '{email}' order by w.slug"
    );
    world.database.texts(&sql).await
}

on_each_database!(
    async fn a_member_is_put_into_workspaces(world: World) {
        workspace(&world, "acme", "north").await;
        let south = workspace(&world, "acme", "south").await;
        workspace(&world, "acme", "west").await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);

        let reply = world.ben.patch(&cy, json!({ "workspaces": ["North", south, "south"] })).await;

        assert_eq!(reply.expect(200)["version"], 2);
        assert_eq!(slugs_of(&world, "cy@acme.test").await, ["north", "south"]);
        let counts = "select slug from workspaces where member_count = 1 order by slug";
        assert_eq!(world.database.texts(counts).await, ["north", "south"]);
        let again = world.ben.patch(&cy, json!({ "workspaces": ["south", "north"] })).await;
        assert_eq!(again.expect(200)["version"], 2);
        let preview = world.ben.delete(&format!("{cy}?dry_run=true")).await;
        assert_eq!(preview.expect(200)["workspaces"], 2);

        let replaced = world.ben.put(&cy, json!({ "roles": [5], "workspaces": ["west", "south"] })).await;
        assert_eq!((&replaced.expect(200)["role"], &replaced.body["version"]), (&json!("viewer"), &json!(3)));
        assert_eq!(slugs_of(&world, "cy@acme.test").await, ["south", "west"]);
        assert_eq!(world.database.texts(counts).await, ["south", "west"]);
        world.ben.put(&cy, json!({ "roles": ["viewer"], "workspaces": [] })).await.expect(200);
        assert!(slugs_of(&world, "cy@acme.test").await.is_empty());
        let log = "select changes from audit_events where action = 'member.workspaces_changed' order by id";
        let log = world.database.texts(log).await;
        assert_eq!(log.len(), 3);
        assert!(log[1].contains(r#"["north","south"]"#) && log[1].contains(r#"["south","west"]"#), "{log:?}");
    }
);

on_each_database!(
    async fn to_be_let_in_or_taken_out_makes_another_version(world: World) {
        let lab = world.workspace("Lab").await;
        let version = async |person: &Person| {
            let member = world.ben.get(&format!("/organizations/acme/members/{}", person.id)).await;
            member.expect(200)["version"].as_i64().expect("a number")
        };
        let place = format!("{lab}/members/{}", world.cy.id);
        let put = || world.ben.call(Method::PUT, &place).send();

        put().await.expect(204);
        assert_eq!(version(&world.cy).await, 2);
        put().await.expect(204);
        assert_eq!(version(&world.cy).await, 2, "nothing changed");
        world.ben.delete(&place).await.expect(204);
        assert_eq!(version(&world.cy).await, 3);
        put().await.expect(204);
        world.ben.delete(&lab).await.expect(204);
        assert_eq!((version(&world.cy).await, version(&world.vi).await), (5, 1));
    }
);

on_each_database!(
    async fn a_refused_change_moves_nobody(world: World) {
        workspace(&world, "acme", "north").await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let foreign = workspace(&world, "bolts", "bolts").await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);
        let before = world.rows().await;

        for (body, code) in [
            (json!({ "workspaces": ["north", foreign] }), "workspace_unknown"),
            (json!({ "workspaces": ["north", "bolts"] }), "workspace_unknown"),
            (json!({ "workspaces": ["north", "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55"] }), "workspace_unknown"),
            (json!({ "workspaces": ["nor\u{0}th"] }), "workspace_unknown"),
            (json!({ "workspaces": ["%"] }), "workspace_unknown"),
            (json!({ "workspaces": vec!["north"; 201] }), "too_many_items"),
            (json!({ "workspaces": null }), "wrong_type"),
            (json!({ "workspaces": "north" }), "wrong_type"),
        ] {
            assert_eq!(world.ben.patch(&cy, body.clone()).await.refusal(), (422, code), "{body}");
        }
        for (body, place) in [(json!({ "roles": [3] }), "#/workspaces"), (json!({ "workspaces": [] }), "#/roles")] {
            let reply = world.ben.put(&cy, body).await;
            assert_eq!((reply.refusal(), reply.errors()[0].0), ((422, "missing_field"), place));
        }
        let both = json!({ "role": "admin", "workspaces": ["north"] });
        assert_eq!(world.cy.patch(&cy, both.clone()).await.refusal(), (403, "permission_denied"));
        let owner = format!("/organizations/acme/members/{}", world.ada.id);
        let touched = world.ben.patch(&owner, json!({ "workspaces": ["north"] })).await;
        assert_eq!(touched.refusal(), (409, "owner_protected"));
        let stale = world.ben.call(reqwest::Method::PATCH, &cy).header("if-match", "\"7-x\"").json(&both).send().await;
        assert_eq!((stale.refusal(), &stale.body["current_version"]), ((412, "precondition_failed"), &json!(1)));
        for (body, code) in [
            (json!({ "role": "boss" }), "role_unknown"),
            (json!({ "roles": [3, "nobody"] }), "role_unknown"),
            (json!({ "workspaces": ["nowhere"] }), "workspace_unknown"),
        ] {
            let stale = world.ben.call(Method::PATCH, &cy).header("if-match", "\"7-x\"").json(&body).send().await;
            assert_eq!(stale.refusal(), (422, code), "{body}");
        }
        let own =
            world.ben.patch("/organizations/acme/members/@me", json!({ "role": "viewer", "workspaces": ["north"] }));
        assert_eq!(own.await.refusal(), (409, "cannot_change_own_role"));
        assert_eq!(world.rows().await, before);
        assert_eq!(world.count("workspace_members").await, 0);

        world.ada.patch("/organizations/acme/members/@me", json!({ "workspaces": ["north"] })).await.expect(200);
        assert_eq!(slugs_of(&world, "ada@acme.test").await, ["north"]);
    }
);

on_each_database!(
    async fn a_directory_s_members_are_changed_there(world: World) {
        let managed = r#"update organizations set managed_by = '[{"type":"scim","id":"okta"}]'"#;
        world.database.execute(managed, &[]).await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);

        for by in [&world.ada, &world.ben] {
            let refused = by.patch(&cy, json!({ "role": "viewer" })).await;
            assert_eq!(refused.refusal(), (409, "managed_externally"));
        }
        world.ada.patch(&cy, json!({ "role": "member" })).await.expect(200);
        world.pat.patch(&cy, json!({ "role": "viewer" })).await.expect(200);
    }
);
