//! Checks 6 to 8: what nobody reaches, whatever they may.

use crate::support::World;
use crate::support::person::Person;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ACME: &str = "/organizations/acme";

fn member(person: &Person) -> String {
    member_called(&person.id)
}

fn member_called(reference: &str) -> String {
    format!("/organizations/acme/members/{reference}")
}

on_each_database!(
    async fn check_06_nobody_reaches_above_themselves(world: World) {
        let wide = json!({ "key": "wide", "name": "Wide", "permissions": ["org:create"] });
        world.pat.post("/organizations/acme/roles", wide).await.expect(201);
        let (ada, ben, cy) = (member(&world.ada), member(&world.ben), member(&world.cy));
        let before = world.rows().await;

        for role in [json!("owner"), json!(1)] {
            let granted = world.ben.patch(&cy, json!({ "role": role })).await;
            assert_eq!(granted.refusal(), (403, "permission_escalation"));
        }
        for by in [&world.ada, &world.pat] {
            assert_eq!(by.patch(&cy, json!({ "role": "owner" })).await.refusal(), (409, "owner_protected"));
        }
        let wider = world.ben.patch(&cy, json!({ "roles": ["member", "wide"] })).await;
        assert_eq!(wider.refusal(), (403, "permission_escalation"));
        for path in [&ben, &member_called("@me")] {
            assert_eq!(
                world.ben.patch(path, json!({ "role": "member" })).await.refusal(),
                (409, "cannot_change_own_role")
            );
        }
        for by in [&world.ben, &world.pat] {
            for touched in [
                by.patch(&ada, json!({ "role": "admin" })).await,
                by.patch(&ada, json!({ "role": "viewer" })).await,
                by.delete(&ada).await,
                by.delete(&format!("{ada}?dry_run=true")).await,
                by.post_nothing(&format!("{ada}/suspend")).await,
            ] {
                assert_eq!(touched.refusal(), (409, "owner_protected"));
            }
        }
        for own in [
            world.ada.patch(&ada, json!({ "role": "admin" })).await,
            world.ada.post_nothing(&format!("{ada}/suspend")).await,
        ] {
            assert_eq!(own.refusal(), (409, "owner_protected"));
        }
        for gone in [
            world.ada.post_nothing("/organizations/acme/leave").await,
            world.ada.delete(&member_called("@me")).await,
            world.ada.delete(&ada).await,
        ] {
            assert_eq!(gone.refusal(), (409, "owner_must_transfer"));
            assert_eq!(gone.body["member_count"], 5);
            let candidates = gone.body["candidates_url"].as_str().expect("an address");
            assert!(candidates.ends_with("/organizations/acme/members"));
        }
        assert_eq!(world.rows().await, before);
    }
);

/// What Dot's organization has, and what is called below a list of `acme` that has such things.
struct Foreign {
    list: &'static str,
    code: &'static str,
    /// Each way to name one.
    references: Vec<String>,
    calls: &'static [(&'static str, &'static str, &'static str)],
}

const OF_MEMBERS: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("PATCH", "", r#"{"role":"viewer"}"#),
    ("PUT", "", r#"{"roles":["viewer"],"workspaces":[]}"#),
    ("DELETE", "", ""),
    ("DELETE", "?dry_run=true", ""),
    ("PATCH", "/role", r#"{"role":"viewer"}"#),
    ("PUT", "/role", r#"{"role":"viewer"}"#),
    ("POST", "/suspend", ""),
    ("POST", "/restore", ""),
];
const OF_TEAMS: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("PATCH", "", r#"{"name":"Stolen"}"#),
    ("DELETE", "", ""),
    ("GET", "/members", ""),
    ("POST", "/members", r#"{"user_id":"{cy}"}"#),
    ("PUT", "/members/{cy}", r#"{"role":"lead"}"#),
    ("PATCH", "/members/{cy}", r#"{"role":"lead"}"#),
    ("PATCH", "/members/{cy}/role", r#"{"role":"lead"}"#),
    ("DELETE", "/members/{cy}", ""),
    ("POST", "/members/{cy}/move", r#"{"to":"none"}"#),
];
/// Of those who are to come into a team of `acme`.
const INTO_A_TEAM: &[(&str, &str, &str)] = &[("PUT", "", ""), ("PUT", "", r#"{"role":"lead"}"#)];
/// Of those who are to be in one.
const IN_A_TEAM: &[(&str, &str, &str)] = &[
    ("PATCH", "", r#"{"role":"lead"}"#),
    ("PATCH", "/role", r#"{"role":"lead"}"#),
    ("DELETE", "", ""),
    ("POST", "/move", r#"{"to":"none"}"#),
];
const OF_WORKSPACES: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("PATCH", "", r#"{"name":"Stolen"}"#),
    ("DELETE", "", ""),
    ("GET", "/members", ""),
    ("PUT", "/members/{cy}", ""),
    ("DELETE", "/members/{cy}", ""),
];
const IN_A_WORKSPACE: &[(&str, &str, &str)] = &[("PUT", "", ""), ("DELETE", "", "")];
const OF_ROLES: &[(&str, &str, &str)] = &[("GET", "", ""), ("PATCH", "", r#"{"name":"Stolen"}"#), ("DELETE", "", "")];
const OF_INVITATIONS: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("PATCH", "", r#"{"role":"viewer"}"#),
    ("DELETE", "", ""),
    ("POST", "/cancel", ""),
    ("POST", "/resend", ""),
];
const OF_TOKENS: &[(&str, &str, &str)] = &[("DELETE", "", ""), ("POST", "/rotate", "")];
const OF_TRANSACTIONS: &[(&str, &str, &str)] = &[("POST", "/reverse", r#"{"reason":"Not ours"}"#)];

async fn theirs(world: &World) -> Vec<Foreign> {
    world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
    let made = async |list: &str, new: Value| {
        let reply = world.dot.post(&format!("/organizations/bolts/{list}"), new).await;
        reply.expect(201).clone()
    };
    let dot = world.dot.get("/organizations/bolts/members/@me").await.expect(200).clone();
    let team = made("teams", json!({ "name": "Nuts" })).await;
    let workspace = made("workspaces", json!({ "name": "North" })).await;
    let role = made("roles", json!({ "key": "auditor", "name": "Auditor", "permissions": ["audit:read"] })).await;
    let invitation = made("invitations", json!({ "email": "eve@x.test" })).await;
    let token = made("tokens", json!({ "name": "B", "scopes": ["org:read"] })).await;
    let credit = json!({ "amount": 10, "reason": "Filling" });
    let credit = world.pat.post("/admin/organizations/bolts/credit", credit).await.expect(200)["transaction"].clone();
    let kind = |list, code, thing: &Value, names: &[&str], calls| {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Foreign { list, code, references: names.iter().map(|name| plain(&thing[*name])).collect(), calls }
    };
    let person = ["member_id", "user_id"];
    let (team_members, workspace_members) =
        ("/organizations/acme/teams/design/members", "/organizations/acme/workspaces/lab/members");
    vec![
        kind("/organizations/acme/members", "member_not_found", &dot, &person, OF_MEMBERS),
        kind(team_members, "member_not_found", &dot, &person, INTO_A_TEAM),
        kind(team_members, "team_member_not_found", &dot, &person, IN_A_TEAM),
        kind(workspace_members, "member_not_found", &dot, &person, IN_A_WORKSPACE),
        kind("/organizations/acme/teams", "team_not_found", &team, &["id", "slug"], OF_TEAMS),
        kind("/organizations/acme/workspaces", "workspace_not_found", &workspace, &["id", "slug"], OF_WORKSPACES),
        kind("/organizations/acme/roles", "role_not_found", &role, &["id", "key"], OF_ROLES),
        kind("/organizations/acme/invitations", "invitation_not_found", &invitation, &["id"], OF_INVITATIONS),
        kind("/organizations/acme/tokens", "token_not_found", &token, &["id"], OF_TOKENS),
        kind(
            "/admin/organizations/acme/wallet/transactions",
            "transaction_not_found",
            &credit,
            &["id"],
            OF_TRANSACTIONS,
        ),
    ]
}

on_each_database!(
    async fn check_07_what_is_another_organization_s_is_not_found_here(world: World) {
        let random = "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55";
        world.team("Design").await;
        world.workspace("Lab").await;
        let theirs = theirs(&world).await;
        let before = world.rows().await;

        for Foreign { list, code, references, calls } in &theirs {
            let by = if list.starts_with("/admin") { &world.pat } else { &world.ada };
            let others = [random, "0", "-1", "none", "%00", "00000000-0000-0000-0000-000000000000"];
            for (method, path, body) in *calls {
                let mut told = BTreeSet::new();
                for reference in others.into_iter().chain(references.iter().map(String::as_str)) {
                    let (path, body) = (path.replace("{cy}", &world.cy.id), body.replace("{cy}", &world.cy.id));
                    let call = by.call(method.parse().expect("a method"), &format!("{list}/{reference}{path}"));
                    let call = if body.is_empty() { call } else { call.body("application/json", body.as_bytes()) };
                    let reply = call.send().await;
                    assert_eq!(reply.refusal(), (404, *code), "{method} {list}/{reference}{path}");
                    let id = reply.header("x-request-id");
                    told.insert(reply.text.replace(id, ""));
                }
                assert_eq!(told.len(), 1, "{method} {list}: {told:?}");
            }
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn check_08_a_personal_token_falls_with_its_person_and_an_organization_s_stays(world: World) {
        let new = json!({ "name": "Deploys", "scopes": ["org:update"] });
        let made = world.ben.post("/organizations/acme/tokens", new).await;
        let program = world.anon.with_token(made.expect(201)["token"].as_str().expect("a secret"));
        let personal = world.bearer(&world.ben, &["org:update"]).await;
        personal.patch(ACME, json!({ "bio": "a" })).await.expect(200);

        world.ada.patch(&member(&world.ben), json!({ "role": "viewer" })).await.expect(200);
        assert_eq!(personal.patch(ACME, json!({ "bio": "b" })).await.refusal(), (403, "permission_denied"));
        program.patch(ACME, json!({ "bio": "c" })).await.expect(200);

        world.ada.delete(&member(&world.ben)).await.expect(204);
        assert_eq!(personal.patch(ACME, json!({ "bio": "d" })).await.refusal(), (404, "organization_not_found"));
        assert_eq!(personal.get(ACME).await.refusal(), (404, "organization_not_found"));
        program.patch(ACME, json!({ "bio": "e" })).await.expect(200);

        world.ben.delete("/users/@me").await.expect(202);
        program.patch(ACME, json!({ "bio": "f" })).await.expect(200);
        assert_eq!(world.ada.get("/organizations/acme/tokens").await.column("name"), ["Deploys"]);
    }
);
