//! `004`: below `/api`, organizations by id, integer ids of members and roles, numbered pages, `success` and `message`
//! around everything.

use super::client::{OF_004, acme_by_id, program, seed_call, text};
use crate::acceptance_checks::clients::{Client, Dialect};
use crate::support::World;
use crate::support::picture::PNG;
use crate::support::world::PASSWORD;
use crate::wallet::books::credited;
use reqwest::Method;
use serde_json::{Value, json};

/// For the one call that this description has no answer to.
const UNANSWERED: Dialect = Dialect { base: OF_004.base, minimal: true, ..Dialect::PLAIN };

/// The integer id of Cy's membership.
async fn cy(client: &Client, org: &str) -> i64 {
    let found = client.get(&format!("{org}/members?search=cy@")).await;
    found["data"][0]["memberId"].as_i64().expect("a number")
}

/// The id of a new workspace.
async fn north(world: &World) -> String {
    let path = world.workspace("North").await;
    text(world.ada.get(&path).await.expect(200), "id").to_owned()
}

seed_call!(
    UNANSWERED,
    async fn seed_004_post_organizations(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);

        let (nothing, made) = client.send(Method::POST, "/organizations", json!({ "name": "Nuts" }), 201).await;

        assert_eq!(nothing, Value::Null);
        assert!(made.header("location").ends_with("/organizations/nuts"));
        let nuts = world.ada.get("/organizations/nuts").await;
        assert_eq!(text(nuts.expect(200), "status"), "active");
    }
);

seed_call!(
    OF_004,
    async fn seed_004_get_members_by_page(world: World, dialect: Dialect) {
        let org = acme_by_id(&world).await;
        let client = dialect.spoken_by(&program(&world, &world.ada).await);

        let page = client.get(&format!("{org}/members?page=1&per_page=15")).await;

        assert_eq!((&page["page"], &page["perPage"], &page["total"]), (&json!(1), &json!(15), &json!(5)));
        assert_eq!((&page["totalPages"], page["data"].as_array().map(Vec::len)), (&json!(1), Some(5)));
    }
);

seed_call!(
    OF_004,
    async fn seed_004_put_member_with_workspaces_and_roles_and_delete_member(world: World, dialect: Dialect) {
        let (org, north) = (acme_by_id(&world).await, north(&world).await);
        let client = dialect.spoken_by(&program(&world, &world.ada).await);
        let one = format!("{org}/members/{}", cy(&client, &org).await);

        let member = client.put(&one, json!({ "workspaces": [north], "roles": [4] })).await;

        assert_eq!(member["roles"], json!([{ "id": 4, "key": "billing", "name": "Billing" }]));
        assert_eq!(text(&member["workspaces"][0], "slug"), "north");
        assert_eq!(client.delete(&one, 200).await, Value::Null);
        assert_eq!(world.ada.get(&one).await.refusal(), (404, "member_not_found"));
    }
);

seed_call!(
    OF_004,
    async fn seed_004_post_admin_organizations_charge(world: World, dialect: Dialect) {
        let org = acme_by_id(&world).await;
        let client = dialect.spoken_by(&world.bearer(&world.pat, &["admin:write"]).await);
        credited(&world, 5000).await;

        let charge = json!({ "amount": 1200, "service": "sms", "smsPoint": 400 });
        let charged = client.post(&format!("/admin{org}/charge"), charge, 200).await;

        assert_eq!((&charged["wallet"]["balance"], &charged["wallet"]["smsPoints"]), (&json!(3800), &json!(400)));
        assert_eq!(charged["transaction"]["signedAmount"], -1200);
    }
);

seed_call!(
    OF_004,
    async fn seed_004_post_upload_avatar(world: World, dialect: Dialect) {
        let org = acme_by_id(&world).await;
        let client = dialect.spoken_by(&program(&world, &world.ada).await);

        let avatar = client.upload(&format!("{org}/upload-avatar"), PNG).await;

        let acme = world.ada.get(&org).await;
        assert_eq!(text(&avatar, "avatarUrl"), text(acme.expect(200), "avatar_url"));
    }
);

seed_call!(
    OF_004,
    async fn seed_004_post_invite(world: World, dialect: Dialect) {
        let (org, north) = (acme_by_id(&world).await, north(&world).await);
        let client = dialect.spoken_by(&program(&world, &world.ada).await);
        let path = format!("{org}/invite");
        let invite =
            |role: i64| json!({ "email": "eve@x.test", "name": "Eve", "roles": [role], "workspaces": [north] });

        let (_, owner) = client.send(Method::POST, &path, invite(1), 422).await;
        assert_eq!(owner.body["problem"]["errors"][0]["code"], "owner_role_not_invitable");
        let invitation = client.post(&path, invite(3), 200).await;
        assert_eq!((text(&invitation, "role"), text(&invitation["workspaces"][0], "slug")), ("member", "north"));
        let token = world.last_token("eve@x.test").await;
        let eve = dialect.spoken_by(&world.anon.fresh());
        let accept = format!("/organizations/invite/{token}/accept");
        let accepted = eve.post(&accept, json!({ "password": PASSWORD }), 200).await;
        assert_eq!(text(&accepted["membership"]["workspaces"][0], "slug"), "north");
    }
);

seed_call!(
    OF_004,
    async fn seed_004_post_invite_token_accept(world: World, dialect: Dialect) {
        let invited = world.invited(&world.ada, json!({ "email": "eve@x.test", "name": "Eve" })).await;
        let client = dialect.spoken_by(&world.anon.fresh());

        let body = json!({ "password": PASSWORD, "passwordConfirmation": PASSWORD });
        let accepted = client.post(&format!("/organizations/invite/{}/accept", invited.mailed), body, 200).await;

        assert_eq!((text(&accepted["user"], "fullName"), text(&accepted, "session")), ("Eve", "created"));
        assert_eq!(text(&accepted["membership"], "role"), "member");
    }
);
