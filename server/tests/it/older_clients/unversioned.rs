//! `004`: below `/api`, integer ids of members and roles, numbered pages, `success` and `message` around everything.

use super::client::{Client, text};
use crate::acceptance_checks::clients::is_camel;
use crate::support::World;
use crate::support::picture::PNG;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::{Value, json};

const MEMBERS: &str = "/organizations/acme/members";

/// The integer id of Cy's membership.
async fn cy(client: &Client) -> i64 {
    let found = client.get(&format!("{MEMBERS}?search=cy@")).await;
    found["data"][0]["memberId"].as_i64().expect("a number")
}

on_each_database!(
    async fn seed_004_post_organizations(world: World) {
        let call = world.ada.call(Method::POST, "/api/organizations").header("prefer", "return=minimal");

        let made = call.json(&json!({ "name": "Nuts" })).send().await;

        assert_eq!((made.status, made.text.as_str()), (201, ""));
        assert!(made.header("location").ends_with("/organizations/nuts"));
        assert_eq!(text(&Client::of_004(&world.ada).get("/organizations/nuts").await, "status"), "active");
    }
);

on_each_database!(
    async fn seed_004_get_members_by_page(world: World) {
        let client = Client::of_004(&world.ada);

        let page = client.get(&format!("{MEMBERS}?page=1&per_page=15")).await;

        assert_eq!((&page["page"], &page["perPage"], &page["total"]), (&json!(1), &json!(15), &json!(5)));
        assert_eq!((&page["totalPages"], page["data"].as_array().map(Vec::len)), (&json!(1), Some(5)));
    }
);

on_each_database!(
    async fn seed_004_put_member_with_workspaces_and_roles_and_delete_member(world: World) {
        let client = Client::of_004(&world.ada);
        let north = client.post("/organizations/acme/workspaces", json!({ "name": "North" }), 201).await;
        let one = format!("{MEMBERS}/{}", cy(&client).await);

        let member = client.put(&one, json!({ "workspaces": [text(&north, "id")], "roles": [4] })).await;

        assert_eq!(member["roles"], json!([{ "id": 4, "key": "billing", "name": "Billing" }]));
        assert_eq!(text(&member["workspaces"][0], "slug"), "north");
        assert_eq!(client.delete(&one, 200).await, Value::Null);
        assert_eq!(world.ada.get(&one).await.refusal(), (404, "member_not_found"));
    }
);

on_each_database!(
    async fn seed_004_post_admin_organizations_charge(world: World) {
        let client = Client::of_004(&world.pat);
        let id = text(&client.get("/organizations/acme").await, "id").to_owned();
        let credit = json!({ "amount": 5000, "reason": "Paid" });
        client.post(&format!("/admin/organizations/{id}/credit"), credit, 200).await;

        let charge = json!({ "amount": 1200, "service": "sms", "smsPoint": 400 });
        let charged = client.post(&format!("/admin/organizations/{id}/charge"), charge, 200).await;

        assert_eq!((&charged["wallet"]["balance"], &charged["wallet"]["smsPoints"]), (&json!(3800), &json!(400)));
        assert_eq!(charged["transaction"]["signedAmount"], -1200);
    }
);

on_each_database!(
    async fn seed_004_post_upload_avatar(world: World) {
        let call = world.ada.call(Method::POST, "/api/organizations/acme/upload-avatar?case=camel&envelope=true");

        let reply = call.file("file", "image/png", PNG).send().await;

        assert_eq!((&reply.expect(200)["success"], is_camel(&reply.body)), (&json!(true), true));
        let url = text(&reply.body["data"], "avatarUrl");
        assert_eq!(text(&Client::of_004(&world.ada).get("/organizations/acme").await, "avatarUrl"), url);
    }
);

on_each_database!(
    async fn seed_004_post_invite(world: World) {
        let client = Client::of_004(&world.ada);
        let north = client.post("/organizations/acme/workspaces", json!({ "name": "North" }), 201).await;
        let places = json!([text(&north, "id")]);
        let invite = |role: i64| json!({ "email": "eve@x.test", "name": "Eve", "roles": [role], "workspaces": places });

        let owner = world.ada.post("/api/organizations/acme/invite", invite(1)).await;
        assert_eq!(owner.refusal(), (422, "owner_role_not_invitable"));
        let invitation = client.post("/organizations/acme/invite", invite(3), 200).await;
        assert_eq!((text(&invitation, "role"), text(&invitation["workspaces"][0], "slug")), ("member", "north"));
        let token = world.last_token("eve@x.test").await;
        let eve = Client::of_004(&world.anon.fresh());
        let accept = format!("/organizations/invite/{token}/accept");
        let accepted = eve.post(&accept, json!({ "password": PASSWORD }), 200).await;
        assert_eq!(text(&accepted["membership"]["workspaces"][0], "slug"), "north");
    }
);

on_each_database!(
    async fn seed_004_post_invite_token_accept(world: World) {
        let invited = world.invited(&world.ada, json!({ "email": "eve@x.test", "name": "Eve" })).await;
        let client = Client::of_004(&world.anon.fresh());

        let body = json!({ "password": PASSWORD, "passwordConfirmation": PASSWORD });
        let accepted = client.post(&format!("/organizations/invite/{}/accept", invited.mailed), body, 200).await;

        assert_eq!((text(&accepted["user"], "fullName"), text(&accepted, "session")), ("Eve", "created"));
        assert_eq!(text(&accepted["membership"], "role"), "member");
    }
);
