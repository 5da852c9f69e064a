//! The accounts, as those who run the platform see them.

use crate::support::World;
use crate::support::world::PASSWORD;
use reqwest::Method;
use serde_json::json;

const USERS: &str = "/admin/users";

on_each_database!(
    async fn accounts_are_listed_and_found(world: World) {
        let all = world.pat.get("/admin/users?sort=created_at").await;
        assert_eq!(all.column("email")[0], "pat@guildhall.test");
        assert_eq!(all.column("email").len(), 7);
        for (query, found) in [
            ("search=ada", vec!["ada@acme.test"]),
            ("search=OUTSIDER", vec!["dot@elsewhere.test"]),
            ("search=cy+member", vec!["cy@acme.test"]),
            (&format!("search={}", world.dot.id), vec!["dot@elsewhere.test"]),
            ("platform_admin=true", vec!["pat@guildhall.test"]),
            ("disabled=true", vec![]),
            ("search=@acme&limit=1&sort=created_at", vec!["ada@acme.test"]),
        ] {
            assert_eq!(world.pat.get(&format!("{USERS}?{query}")).await.column("email"), found, "{query}");
        }
        let ada = world.pat.get("/admin/users?search=ada@acme.test&page=1").await;
        assert_eq!((&ada.expect(200)["total"], &ada.body["data"][0]["organization_count"]), (&json!(1), &json!(1)));
        assert!(!ada.text.contains("argon2") && !ada.text.contains("password"));
        assert_eq!(world.pat.get("/admin/users?sort=email").await.refusal(), (400, "invalid_sort"));
        assert_eq!(world.pat.get("/admin/users?disabled=1").await.refusal(), (400, "invalid_parameter"));
    }
);

on_each_database!(
    async fn who_is_locked_out_is_out_at_once(world: World) {
        let program = world.bearer(&world.cy, &["org:read"]).await;
        let path = format!("{USERS}/{}", world.cy.id);

        let account = world.pat.patch(&path, json!({ "disabled": true })).await;

        assert_eq!((&account.expect(200)["disabled"], &account.body["version"]), (&json!(true), &json!(2)));
        assert!(!world.cy.is_signed_in().await);
        assert_eq!(program.get("/organizations/acme").await.refusal(), (401, "invalid_token"));
        assert_eq!(world.cy.log_in(PASSWORD).await.refusal(), (403, "account_disabled"));
        assert_eq!(world.pat.get("/admin/users?disabled=true").await.column("email"), ["cy@acme.test"]);
        assert_eq!(world.pat.patch(&path, json!({ "disabled": true })).await.expect(200)["version"], 2);
        world.pat.patch(&path, json!({ "disabled": false })).await.expect(200);
        world.cy.log_in(PASSWORD).await.expect(200);
        assert_eq!(program.get("/organizations/acme").await.refusal(), (401, "invalid_token"));
        let told = "select actor_kind || ' ' || action from audit_events where actor_name = 'Pat Platform' order by id";
        let told = world.database.texts(told).await;
        let done = ["user.disabled", "token.revoked", "user.enabled"];
        assert_eq!(told, done.map(|action| format!("platform_admin {action}")));
    }
);

on_each_database!(
    async fn an_owner_is_only_locked_out_by_force(world: World) {
        let path = format!("{USERS}/{}", world.ada.id);

        let refused = world.pat.patch(&path, json!({ "disabled": true })).await;
        assert_eq!(refused.refusal(), (409, "owns_organizations"));
        assert_eq!(refused.body["organizations"][0]["slug"], "acme");
        assert!(world.ada.is_signed_in().await);
        world.pat.patch(&format!("{path}?force=true"), json!({ "disabled": true })).await.expect(200);

        assert!(!world.ada.is_signed_in().await);
        for (path, body, refusal) in [
            ("/admin/users/nobody", json!({ "disabled": true }), (404, "user_not_found")),
            ("/admin/users/0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55", json!({}), (404, "user_not_found")),
            (path.as_str(), json!({ "disabled": null }), (422, "wrong_type")),
            (path.as_str(), json!({ "email": "x@x.test" }), (422, "unknown_field")),
        ] {
            assert_eq!(world.pat.patch(path, body.clone()).await.refusal(), refusal, "{path} {body}");
        }
        let stale = world.pat.call(Method::PATCH, &path).header("if-match", r#""9-x""#);
        assert_eq!(stale.json(&json!({ "disabled": false })).send().await.refusal(), (412, "precondition_failed"));
    }
);

on_each_database!(
    async fn somebody_always_runs_the_platform(world: World) {
        let (pat, dot) = (format!("{USERS}/{}", world.pat.id), format!("{USERS}/{}", world.dot.id));
        for patch in [json!({ "platform_admin": false }), json!({ "disabled": true })] {
            assert_eq!(world.pat.patch(&pat, patch).await.refusal(), (409, "last_platform_admin"));
        }
        world.pat.patch(&dot, json!({ "platform_admin": true })).await.expect(200);
        world.dot.get(USERS).await.expect(200);

        let down = json!({ "platform_admin": false });
        let (one, two) = tokio::join!(world.pat.patch(&dot, down.clone()), world.dot.patch(&pat, down));

        let mut outcomes = [one.status, two.status];
        outcomes.sort_unstable();
        // Who came second is the last one, or was none any more when the request began.
        assert!(outcomes == [200, 409] || outcomes == [200, 404], "{} {}", one.text, two.text);
        let left = world.database.number("select count(*) from users where platform_admin").await;
        assert_eq!(left, 1);
    }
);
