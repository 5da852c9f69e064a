//! What stands in a path for an id, and is none, or is that of something else.

use crate::support::World;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const ACME: &str = "/organizations/acme";
const LEDGER: &str = "/admin/organizations/acme/wallet/transactions";

/// Percent-encoded as they are sent.
const IDS: [&str; 24] = [
    "0",
    "-1",
    "undefined",
    "00000000-0000-0000-0000-000000000000",
    "550E8400-E29B-41D4-A716-446655440000",
    "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "%7B550e8400-e29b-41d4-a716-446655440000%7D",
    "550e8400-e29b-41d4-a716-44665544000",
    "550e8400-e29b-41d4-a716-44665544000g",
    "%2e%2e%2f",
    "%2e%2e",
    "a%2fb",
    "1'%20OR%20'1'='1",
    "*",
    "id,id",
    "%00",
    "..%2f..%2fadmin",
    "acme%0d%0aX:%201",
    "%F0%9F%98%80",
    "%ff",
    "%ed%a0%80",
    "99999999999999999999999999",
    "acme%20",
    "%EF%BD%81%EF%BD%83%EF%BD%8D%EF%BD%85",
];

on_each_database!(
    async fn what_is_no_id_names_nothing(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let (team, workspace) = (world.team("Wheels").await, world.workspace("North").await);
        let digest: String = Sha256::digest(&invited.mailed).iter().map(|byte| format!("{byte:02x}")).collect();
        let before = world.rows().await;
        for id in IDS.into_iter().chain([digest.as_str()]) {
            for (method, path, code) in [
                ("GET", format!("/organizations/{id}"), "organization_not_found"),
                ("GET", format!("/organizations/{id}/members"), "organization_not_found"),
                ("GET", format!("/organizations/{id}/avatar"), "organization_not_found"),
                ("POST", format!("/organizations/{id}/leave"), "organization_not_found"),
                ("GET", format!("{ACME}/members/{id}"), "member_not_found"),
                ("DELETE", format!("{ACME}/members/{id}"), "member_not_found"),
                ("GET", format!("{ACME}/invitations/{id}"), "invitation_not_found"),
                ("DELETE", format!("{ACME}/invitations/{id}"), "invitation_not_found"),
                ("POST", format!("{ACME}/invitations/{id}/resend"), "invitation_not_found"),
                ("GET", format!("{ACME}/teams/{id}"), "team_not_found"),
                ("DELETE", format!("{team}/members/{id}"), "team_member_not_found"),
                ("GET", format!("{ACME}/workspaces/{id}"), "workspace_not_found"),
                ("PUT", format!("{workspace}/members/{id}"), "member_not_found"),
                ("GET", format!("{ACME}/roles/{id}"), "role_not_found"),
                ("DELETE", format!("{ACME}/tokens/{id}"), "token_not_found"),
                ("GET", format!("/invitations/{id}"), "invitation_not_found"),
                ("POST", format!("/invitations/{id}/decline"), "invitation_not_found"),
                ("POST", format!("/users/@me/invitations/{id}/accept"), "invitation_not_found"),
                ("POST", format!("/users/@me/invitations/{id}/decline"), "invitation_not_found"),
                ("DELETE", format!("/users/@me/tokens/{id}"), "token_not_found"),
                ("DELETE", format!("/users/@me/sessions/{id}"), "not_found"),
                ("GET", format!("/users/{id}/organizations"), "user_not_found"),
                ("GET", format!("/users/{id}/avatar"), "user_not_found"),
                ("GET", format!("/admin/organizations/{id}"), "organization_not_found"),
                ("POST", format!("/admin/outbox/{id}/retry"), "not_found"),
            ] {
                let person = if path.starts_with("/admin") { &world.pat } else { &world.ada };
                let reply = person.exactly(method, &format!("/api/v1{path}")).await;
                assert!(
                    [(404, code), (404, "not_found")].contains(&reply.refusal()),
                    "{method} {path}: {}",
                    reply.text
                );
                assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
                assert!(!reply.text.contains("sql") && !reply.text.contains("/src/"), "{}", reply.text);
            }
        }
        assert_eq!(world.rows().await, before);
    }
);

/// The id of one thing of each kind.
async fn ids_of_all_kinds(world: &World) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (team, workspace) = (world.team("Wheels").await, world.workspace("North").await);
    let token = json!({ "name": "Deploys", "scopes": ["org:read"] });
    let credit = json!({ "amount": 100, "reason": "Paid" });
    let member = world.ada.get(&format!("{ACME}/members/{}", world.cy.id)).await;
    let invitation = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await.id;
    let own_token = world.ada.post("/users/@me/tokens", token.clone()).await;
    let org_token = world.ada.post(&format!("{ACME}/tokens"), token).await;
    let credited = world.pat.post("/admin/organizations/acme/credit", credit).await;
    let mails = world.pat.get("/admin/outbox?limit=1").await;
    world.signed_in(&world.ada.email).await;
    let sessions = world.ada.get("/users/@me/sessions").await;
    let mut sessions = sessions.expect(200)["data"].as_array().expect("a list").iter();
    let session = sessions.find(|session| session["current"] == false).expect("the other one");
    vec![
        ("organization", text(&world.ada.get(ACME).await.expect(200)["id"])),
        ("team", text(&world.ada.get(&team).await.expect(200)["id"])),
        ("workspace", text(&world.ada.get(&workspace).await.expect(200)["id"])),
        ("role", world.role("auditor", &["audit:read"]).await.to_string()),
        ("member", text(&member.expect(200)["member_id"])),
        ("user", world.cy.id.clone()),
        ("invitation", invitation),
        ("own token", text(&own_token.expect(201)["id"])),
        ("token", text(&org_token.expect(201)["id"])),
        ("transaction", text(&credited.expect(200)["transaction"]["id"])),
        ("mail", text(&mails.expect(200)["data"][0]["id"])),
        ("session", text(&session["id"])),
    ]
}

on_each_database!(
    async fn an_id_names_things_of_one_kind(world: World) {
        for (kind, id) in ids_of_all_kinds(&world).await {
            for (of, method, path, code) in [
                ("organization", Method::GET, format!("/organizations/{id}"), "organization_not_found"),
                ("organization", Method::GET, format!("/admin/organizations/{id}"), "organization_not_found"),
                ("team", Method::GET, format!("{ACME}/teams/{id}"), "team_not_found"),
                ("workspace", Method::GET, format!("{ACME}/workspaces/{id}"), "workspace_not_found"),
                ("role", Method::GET, format!("{ACME}/roles/{id}"), "role_not_found"),
                ("member or user", Method::GET, format!("{ACME}/members/{id}"), "member_not_found"),
                ("user", Method::GET, format!("/users/{id}/organizations"), "user_not_found"),
                ("user", Method::PATCH, format!("/admin/users/{id}"), "user_not_found"),
                ("invitation", Method::GET, format!("{ACME}/invitations/{id}"), "invitation_not_found"),
                ("own token", Method::POST, format!("/users/@me/tokens/{id}/rotate"), "token_not_found"),
                ("token", Method::POST, format!("{ACME}/tokens/{id}/rotate"), "token_not_found"),
                ("transaction", Method::POST, format!("{LEDGER}/{id}/reverse"), "transaction_not_found"),
                ("mail", Method::POST, format!("/admin/outbox/{id}/retry"), "not_found"),
                ("session", Method::DELETE, format!("/users/@me/sessions/{id}"), "not_found"),
            ] {
                let person = if path.starts_with("/admin") { &world.pat } else { &world.ada };
                let body = if path.starts_with(LEDGER) { json!({ "reason": "Wrong" }) } else { json!({}) };
                let call = person.call(method.clone(), &path);
                let call = if method == Method::GET { call } else { call.json(&body) };
                let reply = call.send().await;
                if of.split(" or ").any(|of| of == kind) {
                    assert!((200..300).contains(&reply.status), "{method} {path}: {}", reply.text);
                } else {
                    assert_eq!(reply.refusal(), (404, code), "{method} {path} of {kind}");
                }
            }
        }
    }
);
