//! Reading the audit log.

use crate::support::World;
use crate::support::person::Person;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const LOG: &str = "/organizations/acme/audit-log";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The actions of every page of a list.
async fn walk(person: &Person, path: &str, query: &str) -> Vec<String> {
    let (mut actions, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}?limit=2&{query}{cursor}")).await;
        actions.extend(page.column("action").into_iter().map(str::to_owned));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return actions,
        }
    }
}

/// Things happen, a minute apart; gives what was recorded, the latest first.
async fn live(world: &World) -> Vec<&'static str> {
    world.advance(Duration::from_secs(3600));
    let cy = format!("/organizations/acme/members/{}", world.cy.id);
    world.ben.patch("/organizations/acme", json!({ "bio": "We roll." })).await.expect(200);
    world.advance(Duration::from_secs(60));
    world.ben.patch(&cy, json!({ "role": "viewer" })).await.expect(200);
    world.advance(Duration::from_secs(60));
    world.ada.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);
    world.advance(Duration::from_secs(60));
    world.ada.delete(&cy).await.expect(204);
    vec!["member.removed", "invitation.created", "member.role_changed", "org.updated"]
}

on_each_database!(
    async fn the_log_tells_who_did_what_to_whom(world: World) {
        let happened = live(&world).await;

        let log = world.ben.get(LOG).await;

        assert_eq!(log.column("action")[..4], happened);
        let changed = &log.body["data"][2];
        assert_eq!(changed["actor"], json!({ "type": "user", "id": world.ben.id, "name": "Ben Admin" }));
        assert_eq!(changed["target"], json!({ "type": "user", "id": world.cy.id, "name": "Cy Member" }));
        assert_eq!(changed["changes"], json!([{ "field": "role", "from": "member", "to": "viewer" }]));
        assert_eq!(changed["ip"], "127.0.0.1");
        assert!(changed["request_id"].as_str().is_some_and(|id| id.len() >= 8));
        let actions = log.body["actions"].as_array().expect("the known names");
        assert!(actions.contains(&json!("wallet.charged")) && actions.contains(&json!("org.created")));
        assert_eq!(world.ben.get("/organizations/acme/audit-logs").await.expect(200)["data"], log.body["data"]);
        for (person, refusal) in [
            (&world.cy, (404, "organization_not_found")),
            (&world.bil, (403, "permission_denied")),
            (&world.vi, (403, "permission_denied")),
            (&world.dot, (404, "organization_not_found")),
            (&world.anon, (401, "unauthenticated")),
        ] {
            assert_eq!(person.get(LOG).await.refusal(), refusal);
        }
        let program = world.bearer(&world.ada, &["org:update"]).await;
        assert_eq!(program.get(LOG).await.refusal(), (403, "insufficient_scope"));
    }
);

on_each_database!(
    async fn the_log_is_filtered_and_walked(world: World) {
        let happened = live(&world).await;
        let all = walk(&world.ben, LOG, "sort=-created_at").await;
        assert_eq!(all[..4], happened);
        let mut oldest_first = walk(&world.ben, LOG, "sort=created_at").await;
        oldest_first.reverse();
        assert_eq!(oldest_first, all);
        let third = world.ben.get(LOG).await.body["data"][2]["created_at"].clone();
        let third = third.as_str().expect("a time");
        let (ada, ben, cy) = (&world.ada.id, &world.ben.id, &world.cy.id);

        for (query, actions) in [
            (format!("from={third}"), &happened[..3]),
            (format!("from={third}&actor={ben}"), &happened[2..3]),
            (format!("from={third}&actor={ada}"), &happened[..2]),
            (format!("actor=@me&from={third}"), &happened[2..3]),
            ("action=member.role_changed".to_owned(), &happened[2..3]),
            (format!("action=member.*&from={third}"), &["member.removed", "member.role_changed"]),
            ("action=org.updated&action=member.role_changed".to_owned(), &happened[2..]),
            (format!("target_type=user&target_id={cy}&from={third}"), &["member.removed", "member.role_changed"]),
            (format!("target_type=user&target_id={cy}&actor={ben}"), &["member.role_changed"]),
            ("target_type=invitation&search=EVE".to_owned(), &["invitation.created"]),
            (format!("search=cy%20mem&from={third}"), &["member.removed", "member.role_changed"]),
            (format!("search=be&from={third}"), &["member.role_changed"]),
            (format!("search=%25&from={third}"), &[]),
            ("action=wallet.*".to_owned(), &[]),
            ("actor=0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55".to_owned(), &[]),
        ] {
            assert_eq!(walk(&world.ben, LOG, &query).await, actions, "{query}");
            let counted = world.ben.get(&format!("{LOG}?{query}&per_page=1")).await;
            assert_eq!(counted.expect(200)["total"], actions.len(), "{query}");
        }
        for query in [
            "action=nobody.*",
            "action=",
            "action=Member.*",
            "actor=Ben",
            "actor=",
            "target_type=",
            "target_id=%00",
            "search=",
            "from=now",
            "to=2026-13-01T00:00:00Z",
            "format=xlsx",
        ] {
            assert_eq!(world.ben.get(&format!("{LOG}?{query}")).await.refusal(), (400, "invalid_parameter"), "{query}");
        }
        assert_eq!(world.ben.get(&format!("{LOG}?sort=action")).await.refusal(), (400, "invalid_sort"));
        assert_eq!(world.ben.get(&format!("{LOG}?page=10001")).await.refusal(), (400, "page_too_deep"));
    }
);

on_each_database!(
    async fn the_platform_reads_the_log_of_everything(world: World) {
        live(&world).await;
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);

        let log = world.pat.get("/admin/audit-log").await;

        assert_eq!(log.column("action")[..2], ["org.created", "member.removed"]);
        assert_ne!(log.body["data"][0]["organization_id"], log.body["data"][1]["organization_id"]);
        let users = walk(&world.pat, "/admin/audit-log", "action=user.created").await;
        assert_eq!(i64::try_from(users.len()), Ok(world.database.count("users").await));
        let theirs = world.ada.get(&format!("{LOG}?action=org.created")).await;
        assert_eq!(theirs.expect(200)["data"][0]["target"]["name"], "Acme Gears");
        assert_eq!(world.pat.get("/admin/audit-log?format=csv").await.status, 200);
        let export = world.pat.get("/admin/audit-log?action=export.created").await;
        assert_eq!(export.expect(200)["data"][0]["actor"]["type"], "platform_admin");
        let cursor = world.ada.get(&format!("{LOG}?limit=1")).await.body["next_cursor"].clone();
        let cursor = cursor.as_str().expect("more");
        let elsewhere = world.pat.get(&format!("/admin/audit-log?cursor={cursor}")).await;
        assert_eq!(elsewhere.refusal(), (400, "invalid_cursor"));
    }
);

on_each_database!(
    async fn the_log_is_taken_along_as_a_file(world: World) {
        let evil = "=HYPERLINK(1)";
        let update = "update users set full_name = $1 where email = 'ben@acme.test'";
        world.database.execute(update, &[crate::support::database::Value::Text(evil.to_owned())]).await;
        world.ben.patch("/organizations/acme", json!({ "bio": "We roll." })).await.expect(200);

        let path = format!("{LOG}?format=csv&action=org.updated");
        let file = world.ben.call(Method::GET, &path).header("accept", "text/csv").send().await;

        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(file.header("x-total-is-capped"), "false");
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains(&format!(r#","'{evil}","#)), "{}", lines[1]);
        assert_eq!(walk(&world.ben, LOG, "action=export.created").await, ["export.created"]);
    }
);

on_each_database!(
    async fn nothing_edits_the_log(world: World) {
        live(&world).await;
        let before = world.database.texts("select changes from audit_events order by id").await;
        let event = world.ada.get(LOG).await.body["data"][0]["id"].as_str().expect("an id").to_owned();

        for path in [LOG.to_owned(), format!("{LOG}/{event}"), "/admin/audit-log".to_owned()] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                for person in [&world.ada, &world.pat] {
                    let reply =
                        person.call(method.clone(), &path).json(&json!({ "action": "org.updated" })).send().await;
                    assert!([404, 405].contains(&reply.status), "{method} {path}: {}", reply.text);
                }
            }
        }

        assert_eq!(world.database.texts("select changes from audit_events order by id").await, before);
    }
);

on_each_database!(
    with[("audit_retention_days", "30")],
    async fn what_is_older_than_the_log_is_kept_is_forgotten(world: World) {
        world.advance(DAY * 20);
        world.app.tidy().await.expect("the database answers");
        let all = world.database.count("audit_events").await;
        assert!(all > 5);
        let ada = world.anon.called(&world.ada.email);
        ada.log_in(crate::support::world::PASSWORD).await.expect(200);
        ada.patch("/organizations/acme", json!({ "bio": "We roll." })).await.expect(200);

        world.advance(DAY * 11);
        world.app.tidy().await.expect("the database answers");

        let left = world.database.texts("select action from audit_events").await;
        assert_eq!(left, ["org.updated"]);
        assert!(world.database.refusal("delete from audit_events").await.contains("only added to"));
    }
);
