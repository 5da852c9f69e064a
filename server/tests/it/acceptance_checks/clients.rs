//! Check 17: camelCase in and out, envelopes in and out. Each call of api.md 4.7 is tried so where it is tried as its
//! own description has it, by `seed_call!` of `older_clients`; what is here lies beside those calls.

use crate::support::World;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::{Value, json};

mod client;

pub(crate) use client::{Case, Client, Dialect};

const WISHED: Dialect = Dialect::CAMEL_IN_ENVELOPES;

on_each_database!(
    async fn check_17_other_names_nested_fields_and_refusals_are_no_exception(world: World) {
        organizations(&world).await;
        members(&world).await;
        invitations(&world).await;
    }
);

async fn organizations(world: &World) {
    let ada = WISHED.spoken_by(&world.ada);
    let new = json!({ "name": "Bolts", "countryCode": "DEU", "logoUrl": "https://e.test/l.png" });
    let (org, reply) = ada.send(Method::POST, "/organizations", new, 201).await;
    assert_eq!((&org["countryCode"], &org["currentUserRole"]), (&json!("DE"), &json!("owner")));
    assert!(reply.header("location").ends_with("/api/v1/organizations/bolts"));
    let id = org["id"].as_str().expect("an id");

    for path in ["/organizations/bolts", &format!("/organizations/{id}"), "/orgs/bolts", "/api/organizations/bolts"] {
        let shown = ada.get(path).await;
        assert_eq!((&shown["id"], &shown["memberCount"]), (&org["id"], &json!(1)), "{path}");
    }
    let patch = json!({ "bio": "Bolts and nuts", "settings": { "membersCanInvite": true } });
    let changed = ada.patch("/organizations/bolts", patch).await;
    assert_eq!((&changed["bio"], &changed["settings"]["membersCanInvite"]), (&json!("Bolts and nuts"), &json!(true)));
    for path in ["/organizations/industry-choices", "/organizations/industries"] {
        assert_eq!(&ada.get(path).await, world.anon.get(path).await.expect(200), "{path}");
    }
    let (_, refused) = ada.send(Method::POST, "/orgs", json!({ "name": "", "countryCode": "??" }), 422).await;
    assert_eq!(refused.body["errors"]["name"].as_array().map(Vec::len), Some(1), "{}", refused.text);
    assert_eq!(refused.body["errors"]["countryCode"].as_array().map(Vec::len), Some(1), "{}", refused.text);
    assert_eq!(refused.body["problem"]["requestId"], refused.header("x-request-id"));
    assert_eq!(refused.body["message"], refused.body["problem"]["title"]);
    let dot = WISHED.spoken_by(&world.dot);
    let (_, refused) = dot.send(Method::GET, "/organizations/bolts", Value::Null, 404).await;
    assert_eq!(refused.body["problem"]["code"], "organization_not_found");
}

async fn members(world: &World) {
    let (ada, ben, vi) = (WISHED.spoken_by(&world.ada), WISHED.spoken_by(&world.ben), WISHED.spoken_by(&world.vi));
    let cy = format!("/organizations/acme/members/{}", world.cy.id);
    assert_eq!(ada.get(&cy).await["fullName"], "Cy Member");
    for method in [Method::PATCH, Method::PUT] {
        let (changed, _) = ada.send(method, &format!("{cy}/role"), json!({ "role": "viewer" }), 200).await;
        assert_eq!(changed["role"], "viewer");
    }
    assert_eq!(ada.delete(&format!("{cy}?dry_run=true"), 200).await["pendingInvitations"], 0);
    let (nothing, left) = vi.send(Method::DELETE, "/organizations/acme/members/@me", Value::Null, 204).await;
    assert_eq!((nothing, left.body["message"].as_str()), (Value::Null, Some("Deleted")));
    let (_, refused) = ada.send(Method::POST, "/organizations/acme/leave", Value::Null, 409).await;
    assert_eq!(refused.body["problem"]["memberCount"], 4);
    let transfer = json!({ "newOwnerId": world.ben.id });
    let done = ada.post("/organizations/acme/transfer", transfer, 200).await;
    assert_eq!(done["newOwner"]["userId"], world.ben.id.as_str());
    ben.post("/organizations/acme/transfer", json!({ "newOwner": world.ada.id }), 200).await;
}

async fn invitations(world: &World) {
    let ada = WISHED.spoken_by(&world.ada);
    let new = json!({ "email": "eve@x.test", "role": 3, "expiresInDays": 2 });
    let invitation = ada.post("/organizations/acme/invitations", new, 201).await;
    let one = format!("/organizations/acme/invitations/{}", invitation["id"].as_str().expect("an id"));
    assert!(ada.get(&one).await["acceptUrl"].is_string());
    let again = ada.post(&format!("{one}/resend"), json!({ "rotateToken": true }), 200).await;
    assert_eq!(again["resendCount"], 1);
    let token = world.last_token("eve@x.test").await;
    let received = WISHED.spoken_by(&world.anon).get(&format!("/invitations/{token}")).await;
    assert_eq!(received["nextStep"], "set_password");
    let eve = WISHED.spoken_by(&world.anon.called("eve@x.test"));
    let accepted = eve.post(&format!("/invitations/{token}/accept"), json!({ "password": PASSWORD }), 200).await;
    assert_eq!(accepted["user"]["emailVerified"], true);
    assert_eq!(eve.get("/users/@me/invitations").await["data"], json!([]));
}
