//! Check 17: what clients of the five older interfaces call, in camelCase and with envelopes, both ways.

use crate::support::person::Person;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};

/// No key of a field has an underscore; of the dictionary of industries the keys are data.
pub(crate) fn is_camel(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().all(|(name, member)| !name.contains('_') && (name == "choices" || is_camel(member)))
        }
        Value::Array(items) => items.iter().all(is_camel),
        _ => true,
    }
}

/// Sends a call with both wishes, and gives the `data` of the answer.
async fn ask(person: &Person, method: Method, path: &str, body: Value, status: u16) -> (Value, Reply) {
    let call = person.call(method.clone(), path).header("prefer", "case=camel, envelope");
    let call = if body.is_null() { call } else { call.json(&body) };
    let reply = call.send().await;
    assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
    assert_eq!(reply.header("preference-applied"), "case=camel, envelope", "{method} {path}");
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8", "{method} {path}");
    assert!(is_camel(&reply.body), "{method} {path}: {}", reply.text);
    assert_eq!(reply.body["success"], status < 400, "{method} {path}");
    assert!(reply.body["message"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
    (reply.body["data"].clone(), reply)
}

on_each_database!(
    async fn check_17_each_call_is_answered_in_camel_case_and_in_envelopes(world: World) {
        organizations(&world).await;
        members(&world).await;
        invitations(&world).await;
    }
);

async fn organizations(world: &World) {
    let ada = &world.ada;
    let new = json!({ "name": "Bolts", "countryCode": "DEU", "logoUrl": "https://e.test/l.png" });
    let (org, reply) = ask(ada, Method::POST, "/organizations", new, 201).await;
    assert_eq!((&org["countryCode"], &org["currentUserRole"]), (&json!("DE"), &json!("owner")));
    assert!(reply.header("location").ends_with("/api/v1/organizations/bolts"));
    let id = org["id"].as_str().expect("an id");

    for path in ["/organizations/bolts", &format!("/organizations/{id}"), "/orgs/bolts", "/api/organizations/bolts"] {
        let (shown, _) = ask(ada, Method::GET, path, Value::Null, 200).await;
        assert_eq!((&shown["id"], &shown["memberCount"]), (&org["id"], &json!(1)), "{path}");
    }
    let (page, _) = ask(ada, Method::GET, "/organizations?limit=1", Value::Null, 200).await;
    assert_eq!((page["data"].as_array().map(Vec::len), &page["hasMore"]), (Some(1), &json!(true)));
    let patch = json!({ "bio": "Bolts and nuts", "settings": { "membersCanInvite": true } });
    let (changed, _) = ask(ada, Method::PATCH, "/organizations/bolts", patch, 200).await;
    assert_eq!((&changed["bio"], &changed["settings"]["membersCanInvite"]), (&json!("Bolts and nuts"), &json!(true)));
    for path in ["/organizations/industry-choices", "/organizations/industries"] {
        let (choices, _) = ask(ada, Method::GET, path, Value::Null, 200).await;
        assert_eq!(&choices, world.anon.get(path).await.expect(200), "{path}");
    }
    let (_, refused) = ask(ada, Method::POST, "/orgs", json!({ "name": "", "countryCode": "??" }), 422).await;
    assert_eq!(refused.body["errors"]["name"].as_array().map(Vec::len), Some(1), "{}", refused.text);
    assert_eq!(refused.body["errors"]["countryCode"].as_array().map(Vec::len), Some(1), "{}", refused.text);
    assert_eq!(refused.body["problem"]["requestId"], refused.header("x-request-id"));
    assert_eq!(refused.body["message"], refused.body["problem"]["title"]);
    let (_, refused) = ask(&world.dot, Method::GET, "/organizations/bolts", Value::Null, 404).await;
    assert_eq!(refused.body["problem"]["code"], "organization_not_found");

    let empty = ada.call(Method::POST, "/api/organizations").header("prefer", "return=minimal");
    let empty = empty.json(&json!({ "name": "Nuts" })).send().await;
    assert_eq!((empty.status, empty.text.as_str()), (201, ""));
    assert!(empty.header("location").ends_with("/organizations/nuts"));
}

async fn members(world: &World) {
    let ada = &world.ada;
    let members = "/organizations/acme/members";
    let (page, reply) =
        ask(ada, Method::GET, "/api/organizations/acme/members?page=1&per_page=15", Value::Null, 200).await;
    assert_eq!((&page["perPage"], &page["total"]), (&json!(15), &json!(5)));
    assert_eq!(reply.header("x-total-count"), "5");
    let cy = page["data"].as_array().expect("a list").iter().find(|member| member["email"] == "cy@acme.test");
    let cy = cy.expect("Cy")["memberId"].to_string();
    let (found, _) = ask(ada, Method::GET, &format!("{members}?search=cy&role=member"), Value::Null, 200).await;
    assert_eq!(found["data"][0]["userId"], world.cy.id.as_str());
    let (shown, _) = ask(ada, Method::GET, &format!("{members}/{cy}"), Value::Null, 200).await;
    assert_eq!(shown["fullName"], "Cy Member");

    let path = format!("{members}/{}", world.cy.id);
    let (changed, _) = ask(ada, Method::PATCH, &path, json!({ "role": "viewer" }), 200).await;
    assert_eq!(changed["role"], "viewer");
    for method in [Method::PATCH, Method::PUT] {
        ask(ada, method, &format!("{path}/role"), json!({ "role": "member" }), 200).await;
    }
    let preview = ask(ada, Method::DELETE, &format!("{members}/{cy}?dry_run=true"), Value::Null, 200).await.0;
    assert_eq!(preview["pendingInvitations"], 0);
    let (nothing, removed) = ask(ada, Method::DELETE, &format!("{members}/{cy}"), Value::Null, 200).await;
    assert_eq!((nothing, removed.body["message"].as_str()), (Value::Null, Some("Deleted")));
    ask(&world.vi, Method::POST, "/organizations/acme/leave", Value::Null, 200).await;
    let (_, refused) = ask(ada, Method::POST, "/organizations/acme/leave", Value::Null, 409).await;
    assert_eq!(refused.body["problem"]["memberCount"], 3);
    let transfer = json!({ "newOwnerUid": world.ben.id });
    let (done, _) = ask(ada, Method::POST, "/organizations/acme/transfer-ownership", transfer, 200).await;
    assert_eq!(done["newOwner"]["userId"], world.ben.id.as_str());
    let back = json!({ "newOwnerId": world.ada.id });
    ask(&world.ben, Method::POST, "/organizations/acme/transfer", back, 200).await;
}

async fn invitations(world: &World) {
    let ada = &world.ada;
    let path = "/organizations/acme/invitations";
    let new = json!({ "email": "eve@x.test", "role": 3, "expiresInDays": 2 });
    let (invitation, _) = ask(ada, Method::POST, path, new, 201).await;
    assert!(invitation["acceptUrl"].is_string());
    let one = format!("{path}/{}", invitation["id"].as_str().expect("an id"));
    let (page, _) = ask(ada, Method::GET, path, Value::Null, 200).await;
    assert_eq!(page["data"][0]["email"], "eve@x.test");
    ask(ada, Method::GET, &one, Value::Null, 200).await;
    let (again, _) = ask(ada, Method::POST, &format!("{one}/resend"), json!({ "rotateToken": true }), 200).await;
    assert_eq!(again["resendCount"], 1);
    let token = world.last_token("eve@x.test").await;
    let (received, _) = ask(&world.anon, Method::GET, &format!("/invitations/{token}"), Value::Null, 200).await;
    assert_eq!(received["nextStep"], "set_password");
    let acceptance = json!({ "password": crate::support::world::PASSWORD, "name": "Eve" });
    let accept = format!("/api/organizations/invite/{token}/accept");
    let (accepted, _) = ask(&world.anon.fresh(), Method::POST, &accept, acceptance, 200).await;
    assert_eq!(accepted["user"]["fullName"], "Eve");

    let invite = "/api/organizations/acme/invite";
    let owner = json!({ "email": "fay@x.test", "role": 1 });
    let (_, refused) = ask(ada, Method::POST, invite, owner, 422).await;
    assert_eq!(refused.body["problem"]["errors"][0]["code"], "owner_role_not_invitable");
    let (fay, _) = ask(ada, Method::POST, invite, json!({ "email": "fay@x.test", "role": 3 }), 200).await;
    let cancel = format!("{path}/{}/cancel", fay["id"].as_str().expect("an id"));
    assert_eq!(ask(ada, Method::POST, &cancel, Value::Null, 200).await.0, Value::Null);
    let own = ask(&world.dot, Method::GET, "/users/@me/invitations", Value::Null, 200).await.0;
    assert_eq!(own["data"], json!([]));
}
