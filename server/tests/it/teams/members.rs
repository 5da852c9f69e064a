//! Who is in a team.

use crate::support::World;
use crate::support::person::Person;
use reqwest::Method;
use serde_json::json;

const ACME: &str = "/organizations/acme";

async fn number_of(world: &World, person: &Person) -> i64 {
    let member = world.ada.get(&format!("{ACME}/members/{}", person.id)).await;
    member.expect(200)["member_id"].as_i64().expect("a number")
}

on_each_database!(
    async fn a_member_is_put_into_a_team(world: World) {
        let design = world.team("Design").await;
        let members = format!("{design}/members");
        let vi = number_of(&world, &world.vi).await;

        let added = world.ben.post(&members, json!({ "user_uid": world.cy.id })).await;
        assert_eq!((&added.expect(201)["team_role"], &added.body["role"]), (&json!("member"), &json!("member")));
        assert_eq!((&added.body["user_id"], &added.body["uid"]), (&json!(world.cy.id), &json!(world.cy.id)));
        assert_eq!((&added.body["email"], &added.body["version"]), (&json!("cy@acme.test"), &json!(1)));
        let again = world.ben.post(&members, json!({ "userId": world.cy.id, "role": "member" })).await;
        assert_eq!(again.expect(200), &added.body);
        let other = world.ben.post(&members, json!({ "user_id": world.cy.id, "role": "lead" })).await;
        assert_eq!(other.refusal(), (409, "already_team_member"));
        world.ben.post(&members, json!({ "member_id": vi, "role": "lead" })).await.expect(201);

        assert_eq!(world.cy.get(&members).await.column("email"), ["cy@acme.test", "vi@acme.test"]);
        assert_eq!(world.cy.get(&design).await.expect(200)["member_count"], 2);
        assert_eq!(world.cy.get(&design).await.body["current_user_role"], "member");
        let added = ["member", "lead"].map(|role| json!([{ "field": "teams.design", "from": null, "to": role }]));
        assert_eq!(world.changes("team_member.added").await, added);
        for (query, emails) in [
            ("role=lead", vec!["vi@acme.test"]),
            ("role=member", vec!["cy@acme.test"]),
            ("search=memb", vec!["cy@acme.test"]),
            ("search=vi", vec!["vi@acme.test"]),
            ("search=acme", vec![]),
            ("sort=-name", vec!["vi@acme.test", "cy@acme.test"]),
            ("per_page=1&page=2", vec!["vi@acme.test"]),
        ] {
            assert_eq!(world.cy.get(&format!("{members}?{query}")).await.column("email"), emails, "{query}");
        }
        assert_eq!(world.cy.get(&format!("{members}?role=boss")).await.refusal(), (400, "invalid_parameter"));
    }
);

on_each_database!(
    async fn not_everybody_can_be_put_into_a_team(world: World) {
        let design = world.team("Design").await;
        let members = format!("{design}/members");
        world.database.execute("update memberships set status = 'suspended' where email = 'vi@acme.test'", &[]).await;
        world.database.execute("update organizations set member_count = 4", &[]).await;

        for (body, place, code) in [
            (json!({}), "#/user_uid", "missing_field"),
            (json!({ "user_uid": world.cy.id, "user_id": world.cy.id }), "#/user_uid", "duplicate_field"),
            (json!({ "user_id": world.dot.id }), "#/user_id", "not_a_member"),
            (json!({ "member_id": 1 }), "#/member_id", "not_a_member"),
            (json!({ "user_id": "cy" }), "#/user_id", "not_a_member"),
            (json!({ "user_id": world.cy.id, "role": "boss" }), "#/role", "team_role_unknown"),
            (json!({ "user_id": world.cy.id, "role": "Lead" }), "#/role", "team_role_unknown"),
            (json!({ "user_id": world.cy.id, "role": null }), "#/role", "wrong_type"),
            (json!({ "member_id": "7" }), "#/member_id", "wrong_type"),
            (json!({ "user_id": world.cy.id, "team": "x" }), "#/team", "unknown_field"),
        ] {
            let reply = world.ben.post(&members, body.clone()).await;
            assert_eq!((reply.status, reply.errors()), (422, vec![(place, code)]), "{body}");
        }
        let suspended = world.ben.post(&members, json!({ "user_id": world.vi.id })).await;
        assert_eq!(suspended.refusal(), (409, "member_suspended"));
        let suspended = world.ben.put(&format!("{members}/{}", world.vi.id), json!({})).await;
        assert_eq!(suspended.refusal(), (409, "member_suspended"));
        for reference in [world.dot.id.as_str(), "1", "cy"] {
            let stranger = world.ben.put(&format!("{members}/{reference}"), json!({})).await;
            assert_eq!(stranger.refusal(), (404, "member_not_found"), "{reference}");
        }
        for person in [&world.cy, &world.bil] {
            let reply = person.post(&members, json!({ "user": 1 })).await;
            assert_eq!(reply.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.count("team_members").await, 0);
    }
);

on_each_database!(
    async fn the_role_in_a_team_changes(world: World) {
        let design = world.team("Design").await;
        let cy = format!("{design}/members/{}", world.cy.id);

        let absent = world.ben.patch(&cy, json!({ "role": "lead" })).await;
        assert_eq!(absent.refusal(), (404, "team_member_not_found"));
        world.ben.call(Method::PUT, &cy).send().await.expect(201);
        assert_eq!(world.ben.put(&cy, json!({ "role": "lead" })).await.expect(200)["version"], 2);
        assert_eq!(world.ben.put(&cy, json!({})).await.expect(200)["role"], "lead");
        assert_eq!(world.ben.patch(&format!("{cy}/role"), json!({ "role": "member" })).await.expect(200)["version"], 3);
        assert_eq!(world.ben.patch(&cy, json!({ "role": "member" })).await.expect(200)["version"], 3);
        assert_eq!(world.ben.patch(&cy, json!({})).await.refusal(), (422, "missing_field"));
        assert_eq!(world.ben.patch(&cy, json!({ "role": "boss" })).await.refusal(), (422, "team_role_unknown"));
        let late = world.ben.call(Method::PATCH, &cy).header("if-match", "\"2-x\"").json(&json!({ "role": "lead" }));
        assert_eq!(late.send().await.refusal(), (412, "precondition_failed"));

        let steps = [("member", "lead"), ("lead", "member")];
        let expected = steps.map(|(from, to)| json!([{ "field": "teams.design", "from": from, "to": to }]));
        assert_eq!(world.changes("team_member.role_changed").await, expected);
    }
);

on_each_database!(
    async fn what_is_wrong_with_a_body_is_told_before_what_is_looked_up(world: World) {
        let design = world.team("Design").await;
        world.put_into(&design, &world.cy, "member").await;
        world.put_into(&design, &world.vi, "lead").await;
        let place = format!("{design}/members/{}", world.cy.id);
        let boss = json!({ "role": "boss" });

        for method in [Method::PUT, Method::PATCH] {
            let stale = world.ben.call(method, &place).header("if-match", "\"9-x\"").json(&boss).send().await;
            assert_eq!(stale.refusal(), (422, "team_role_unknown"));
        }
        let nowhere = format!("{ACME}/teams/nowhere/members");
        let cy = format!("{nowhere}/{}", world.cy.id);
        for (person, refusal) in [(&world.ben, (422, "team_role_unknown")), (&world.vi, (403, "permission_denied"))] {
            assert_eq!(person.put(&cy, boss.clone()).await.refusal(), refusal);
            assert_eq!(person.patch(&cy, boss.clone()).await.refusal(), refusal);
        }
        let nobody = world.ben.post(&nowhere, json!({})).await;
        assert_eq!(nobody.refusal(), (422, "missing_field"));
        let nowhere_to = world.ben.post(&format!("{cy}/move"), json!({})).await;
        assert_eq!(nowhere_to.refusal(), (422, "missing_field"));
        assert_eq!(world.ben.put(&cy, json!({})).await.refusal(), (404, "team_not_found"));
        assert_eq!(world.vi.patch(&place, boss).await.refusal(), (422, "team_role_unknown"));
    }
);

on_each_database!(
    async fn the_teams_of_a_member_make_another_version(world: World) {
        let (design, sales) = (world.team("Design").await, world.team("Sales").await);
        let version = async || {
            let member = world.ben.get(&format!("{ACME}/members/{}", world.cy.id)).await;
            member.expect(200)["version"].as_i64().expect("a number")
        };
        let place = format!("{design}/members/{}", world.cy.id);

        world.put_into(&design, &world.cy, "member").await;
        assert_eq!(version().await, 2);
        world.ben.post(&format!("{design}/members"), json!({ "user_id": world.cy.id })).await.expect(200);
        assert_eq!(version().await, 2, "nothing changed");
        world.ben.patch(&place, json!({ "role": "lead" })).await.expect(200);
        assert_eq!(version().await, 3);
        world.ben.post(&format!("{place}/move"), json!({ "to": "sales" })).await.expect(200);
        let moved = version().await;
        assert!(moved > 3, "{moved}");
        world.ben.delete(&sales).await.expect(204);
        assert_eq!(version().await, moved + 1);
        world.put_into(&design, &world.cy, "member").await;
        world.ben.delete(&place).await.expect(204);
        assert_eq!(version().await, moved + 3);
    }
);

on_each_database!(
    async fn one_is_taken_out_or_goes(world: World) {
        let design = world.team("Design").await;
        for person in [&world.cy, &world.vi, &world.bil, &world.ada] {
            world.put_into(&design, person, "member").await;
        }
        let place = |person: &Person| format!("{design}/members/{}", person.id);

        assert_eq!(world.cy.delete(&place(&world.vi)).await.refusal(), (403, "permission_denied"));
        world.ben.delete(&place(&world.ada)).await.expect(204);
        world.cy.delete(&place(&world.cy)).await.expect(204);
        let bil = number_of(&world, &world.bil).await;
        world.bil.delete(&format!("{design}/members/{bil}")).await.expect(204);
        world.vi.delete(&format!("{design}/members/@me")).await.expect(204);

        assert_eq!(world.ben.delete(&place(&world.ada)).await.refusal(), (404, "team_member_not_found"));
        assert_eq!(world.ben.delete(&place(&world.dot)).await.refusal(), (404, "team_member_not_found"));
        assert_eq!(world.cy.delete(&place(&world.cy)).await.refusal(), (404, "team_member_not_found"));
        assert_eq!(world.vi.delete(&format!("{design}/members/@me")).await.refusal(), (403, "permission_denied"));
        assert_eq!(world.cy.get(&design).await.expect(200)["member_count"], 0);
        assert_eq!(world.changes("team_member.removed").await.len(), 4);
    }
);

on_each_database!(
    async fn who_leaves_the_organization_leaves_its_teams_and_workspaces(world: World) {
        let (design, lab) = (world.team("Design").await, world.workspace("Lab").await);
        let sales = world.team("Sales").await;
        for person in [&world.cy, &world.vi] {
            world.put_into(&design, person, "lead").await;
            world.ben.call(Method::PUT, &format!("{lab}/members/{}", person.id)).send().await.expect(204);
        }
        world.put_into(&sales, &world.cy, "member").await;
        let cy = format!("{ACME}/members/{}", world.cy.id);
        let preview = world.ben.delete(&format!("{cy}?dry_run=true")).await;
        assert_eq!((&preview.expect(200)["teams"], &preview.body["workspaces"]), (&json!(2), &json!(1)));

        world.ben.delete(&cy).await.expect(204);
        world.vi.post_nothing(&format!("{ACME}/leave")).await.expect(204);

        for path in [&design, &sales, &lab] {
            assert_eq!(world.ada.get(path).await.expect(200)["member_count"], 0, "{path}");
            assert!(world.ada.get(&format!("{path}/members")).await.column("email").is_empty(), "{path}");
        }
    }
);
