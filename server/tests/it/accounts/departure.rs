//! Deleting one's account.

use crate::support::World;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ME: &str = "/users/@me";

on_each_database!(
    async fn with_ben_goes_everything_that_is_his(world: World) {
        let program = world.bearer(&world.ben, &["user:read", "org:read"]).await;
        world.ben.patch(ME, json!({ "username": "ben" })).await.expect(200);
        world.ada.get("/users/ben/organizations").await.expect(200);
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let copy = world.ben.copied();

        world.ben.delete(ME).await.expect(202);

        assert_eq!(world.ben.cookie(), None);
        assert!(!copy.is_signed_in().await);
        assert_eq!(program.get(ME).await.refusal(), (401, "invalid_token"));
        assert_eq!(world.ben.fresh().log_in(PASSWORD).await.refusal(), (401, "invalid_credentials"));
        let members = world.ada.get("/organizations/acme/members").await;
        assert!(!members.column("email").contains(&"ben@acme.test"));
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 4);
        let late = world.anon.get(&format!("/invitations/{}", invited.mailed)).await;
        assert_eq!(late.refusal(), (410, "invitation_revoked"));
        for path in ["/users/ben/organizations".to_owned(), format!("/users/{}/organizations", world.ben.id)] {
            assert_eq!(world.ada.get(&path).await.refusal(), (404, "user_not_found"));
        }
        let sql = "select action || ' ' || target_name from audit_events
                   where actor_name = 'Ben Admin' and action in ('member.left', 'user.disabled', 'token.revoked')
                   order by action";
        let events = world.database.texts(sql).await;
        assert_eq!(events, ["member.left Ben Admin", "token.revoked test", "user.disabled Ben Admin"]);
        let emptied = "users where deleted_at is not null and username is null and full_name is null
                       and password_hash is null and email like '%@deleted.invalid'";
        assert_eq!(world.count(emptied).await, 1);
    }
);

on_each_database!(
    async fn the_address_is_free_for_somebody_new(world: World) {
        world.cy.delete(ME).await.expect(202);

        let invited = world.invited(&world.ada, json!({ "email": "cy@acme.test" })).await;
        let acceptance = json!({ "name": "Another Cy", "password": PASSWORD });
        let accepted = world.anon.fresh().post(&format!("/invitations/{}/accept", invited.mailed), acceptance).await;

        assert_ne!(accepted.expect(200)["user"]["id"], world.cy.id.as_str());
        assert_eq!(accepted.body["membership"]["full_name"], "Another Cy");
    }
);

on_each_database!(
    async fn some_cannot_go_yet(world: World) {
        let program = world.bearer(&world.cy, &["user:write"]).await;
        let before = world.rows().await;

        let owner = world.ada.delete(ME).await;
        assert_eq!(owner.refusal(), (409, "owns_organizations"));
        assert_eq!(owner.body["organizations"][0]["slug"], "acme");
        assert_eq!(world.pat.delete(ME).await.refusal(), (409, "last_platform_admin"));
        assert_eq!(program.delete(ME).await.refusal(), (403, "session_required"));
        let stale = world.cy.call(Method::DELETE, ME).header("if-match", "\"0-x\"").send().await;
        assert_eq!(stale.refusal(), (412, "precondition_failed"));
        world.advance(Duration::from_secs(15 * 60 + 1));
        assert_eq!(world.cy.delete(ME).await.refusal(), (403, "reauthentication_required"));
        assert_eq!(world.rows().await, before);

        world.cy.post("/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);
        world.cy.delete(ME).await.expect(202);
    }
);

on_each_database!(
    async fn going_and_joining_at_once_leaves_nobody_in_between(world: World) {
        let invited = world.invited(&world.ada, json!({ "email": "dot@elsewhere.test" })).await;
        let browser = world.dot.copied();
        let path = format!("/invitations/{}/accept", invited.mailed);

        let (gone, joined) = tokio::join!(world.dot.delete(ME), browser.post(&path, json!({})));

        gone.expect(202);
        // Once the account is gone, the browser is nobody's, and who is new needs a password.
        let nobody = joined.status == 422 && joined.body["errors"][0]["code"] == "password_required";
        assert!(nobody || [200, 401, 404].contains(&joined.status), "{}", joined.text);
        assert_eq!(world.ada.get("/organizations/acme").await.expect(200)["member_count"], 5);
    }
);
