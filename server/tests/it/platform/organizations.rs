//! Every organization, as those who run the platform see it.

use crate::support::World;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ALL: &str = "/admin/organizations";
const ACME: &str = "/admin/organizations/acme";

on_each_database!(
    async fn for_everybody_else_there_is_no_platform(world: World) {
        let before = world.rows().await;
        for (method, path) in [
            (Method::GET, ALL),
            (Method::GET, ACME),
            (Method::PATCH, ACME),
            (Method::DELETE, ACME),
            (Method::POST, "/admin/organizations/acme/status"),
            (Method::POST, "/admin/organizations/acme/verify"),
            (Method::POST, "/admin/organizations/acme/transfer-ownership"),
            (Method::POST, "/admin/organizations/acme/members"),
            (Method::GET, "/admin/users"),
            (Method::PATCH, "/admin/users/@me"),
            (Method::GET, "/admin/outbox"),
            (Method::POST, "/admin/outbox/0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55/retry"),
            (Method::GET, "/admin/stats"),
        ] {
            for person in [&world.anon, &world.dot, &world.ada] {
                let reply = person.call(method.clone(), path).json(&json!({})).send().await;
                assert_eq!(reply.refusal(), (404, "not_found"), "{method} {path}");
            }
        }
        let program = world.bearer(&world.pat, &["org:read", "org:update", "org:delete", "member:write"]).await;
        assert_eq!(program.get(ALL).await.refusal(), (403, "insufficient_scope"));
        assert_eq!(program.patch(ACME, json!({ "bio": "x" })).await.refusal(), (403, "insufficient_scope"));
        let reader = world.bearer(&world.pat, &["admin:read"]).await;
        reader.get(ACME).await.expect(200);
        assert_eq!(reader.patch(ACME, json!({ "bio": "x" })).await.refusal(), (403, "insufficient_scope"));
        let writer = world.bearer(&world.pat, &["admin:write"]).await;
        writer.patch(ACME, json!({ "bio": "x", "verified": true })).await.expect(200);
        assert_eq!(world.rows().await[..4], before[..4]);
    }
);

on_each_database!(
    async fn organizations_are_found_by_what_is_known_of_them(world: World) {
        for (name, visibility, country) in [("=Sum", "public", "DE"), ("Delta", "private", "FR")] {
            world.advance(Duration::from_secs(60));
            let new = json!({ "name": name, "visibility": visibility, "country_code": country, "industry": "media" });
            world.dot.post("/organizations", new).await.expect(201);
        }
        world.pat.patch("/organizations/delta", json!({ "verified": true, "type": "personal" })).await.expect(200);
        let acme = world.pat.get("/organizations/acme").await;
        let (id, founded) =
            (acme.expect(200)["id"].as_str().expect("id"), acme.body["created_at"].as_str().expect("time"));

        for (query, names) in [
            ("", vec!["=Sum", "Acme Gears", "Delta"]),
            ("sort=-created_at", vec!["Delta", "=Sum", "Acme Gears"]),
            ("search=gear", vec!["Acme Gears"]),
            ("search=dot@elsewhere", vec!["=Sum", "Delta"]),
            (&format!("search={id}"), vec!["Acme Gears"]),
            ("verified=true", vec!["Delta"]),
            ("verified=false&visibility=private", vec!["Acme Gears"]),
            ("type=personal", vec!["Delta"]),
            ("country_code=deu", vec!["=Sum"]),
            ("industry=media&visibility=public", vec!["=Sum"]),
            ("status=banned", vec![]),
            (&format!("created_to={founded}"), vec!["Acme Gears"]),
            (&format!("created_from={founded}&limit=1"), vec!["=Sum"]),
        ] {
            assert_eq!(world.pat.get(&format!("{ALL}?{query}")).await.column("name"), names, "{query}");
        }
        for query in
            ["verified=maybe", "type=x", "country_code=xx", "created_from=today", "format=xml", "visibility=all"]
        {
            assert_eq!(world.pat.get(&format!("{ALL}?{query}")).await.refusal(), (400, "invalid_parameter"), "{query}");
        }
        assert_eq!(world.pat.get(&format!("{ALL}?sort=slug")).await.refusal(), (400, "invalid_sort"));
        let file = world.pat.get(&format!("{ALL}?format=csv&sort=name")).await;
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        let lines: Vec<_> = file.text.lines().collect();
        assert_eq!(lines.len(), 4, "{}", file.text);
        assert!(
            lines[0].starts_with(r#""id","slug","name","type","status""#) && lines[1].contains(r#","'=Sum","#),
            "{}",
            file.text
        );
    }
);

on_each_database!(
    with[("rate_limits", "export=2/3600s,login=1000/1s")],
    async fn the_list_is_taken_along_as_a_file(world: World) {
        let csv = format!("{ALL}?format=csv");
        for (query, code) in
            [("sort=slug", "invalid_sort"), ("status=odd", "invalid_parameter"), ("page=1", "pagination_conflict")]
        {
            assert_eq!(world.pat.get(&format!("{csv}&{query}")).await.refusal(), (400, code), "{query}");
        }

        let file = world.pat.call(Method::GET, &csv).header("accept", "text/csv").send().await;

        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(file.header("x-total-is-capped"), "false");
        let told = world.pat.get("/admin/audit-log?action=export.created").await;
        let event = &told.expect(200)["data"][0];
        assert_eq!(
            (&event["actor"]["type"], &event["target"]["id"]),
            (&json!("platform_admin"), &json!("organizations"))
        );
        assert_eq!(event["changes"], json!([{ "field": "organizations", "from": null, "to": "csv" }]));
        assert_eq!(told.body["data"].as_array().map(Vec::len), Some(1), "what is refused is no file");
        let mixed = world.pat.call(Method::GET, &csv).header("accept", "text/*;q=0.5, image/png").send().await;
        assert_eq!(mixed.status, 200);
        assert_eq!(world.pat.get(&csv).await.refusal(), (429, "rate_limited"));

        for (path, accept) in [(ALL, "text/csv"), (&csv, "image/png"), (&csv, "text/csv;q=0")] {
            let reply = world.pat.call(Method::GET, path).header("accept", accept).send().await;
            assert_eq!(reply.refusal(), (406, "not_acceptable"), "{path} {accept}");
        }
    }
);

on_each_database!(
    async fn the_platform_decides_on_the_status(world: World) {
        let path = "/admin/organizations/acme/status";
        let quiet = json!({ "status": "suspended", "status_reason": "Unpaid.", "notify": false });
        assert_eq!(world.pat.post(path, quiet).await.expect(200)["status"], "suspended");
        assert!(world.mail_to("ada@acme.test").await.iter().all(|mail| !mail.subject.contains("suspended")));
        let worse = json!({ "status": "banned", "statusReason": "Fraud." });
        assert_eq!(world.pat.post(path, worse).await.expect(200)["status_reason"], "Fraud.");
        let told = world.mail_to("ada@acme.test").await.pop().expect("a mail");
        assert_eq!(told.subject, "Acme Gears is banned now");
        let members = world.pat.patch(ACME, json!({ "name": "Acme", "member_limit": 9 })).await;
        assert_eq!(
            (&members.expect(200)["status"], &members.body["status_reason"]),
            (&json!("banned"), &json!("Fraud."))
        );
        for (body, code) in [
            (json!({}), "missing_field"),
            (json!({ "status": null }), "wrong_type"),
            (json!({ "status": "suspended" }), "status_reason_required"),
            (json!({ "status": "pending_deletion" }), "value_unknown"),
        ] {
            assert_eq!(world.pat.post(path, body.clone()).await.refusal(), (422, code), "{body}");
        }
        world.pat.post(path, json!({ "status": "inactive" })).await.expect(200);
        world.pat.delete("/admin/organizations/acme?confirm=acme").await.expect(202);
        let gone = world.pat.post(path, json!({ "status": "active" })).await;
        assert_eq!(gone.refusal(), (409, "invalid_status_transition"));
        let changes = "select changes from audit_events where action = 'org.status_changed' order by id limit 1";
        let changes = world.database.texts(changes).await.remove(0);
        assert!(changes.contains(r#""to":"suspended""#) && changes.contains("Unpaid."), "{changes}");
    }
);

on_each_database!(
    async fn the_platform_verifies_and_hands_over(world: World) {
        let note = json!({ "verified": true, "note": "Register entry 7." });
        let org = world.pat.post("/admin/organizations/acme/verify", note).await;
        assert_eq!(org.expect(200)["verified"], true);
        let changes =
            world.database.texts("select changes from audit_events where action = 'org.verified_changed'").await;
        assert!(changes[0].contains("Register entry 7."), "{changes:?}");
        let unsaid = world.pat.post("/admin/organizations/acme/verify", json!({ "verified": null })).await;
        assert_eq!(unsaid.refusal(), (422, "wrong_type"));

        world.pat.patch(ACME, json!({ "status": "suspended", "status_reason": "Fraud." })).await.expect(200);
        let heir = json!({ "new_owner_uid": world.ben.id, "previous_owner_role": "viewer" });
        let handed = world.pat.post("/admin/organizations/acme/transfer-ownership", heir).await;
        assert_eq!(handed.expect(200)["organization"]["owner"], world.ben.id.as_str());
        assert_eq!(handed.body["previous_owner"]["role"], "viewer");
        let stats = world.pat.get("/admin/stats").await;
        assert_eq!(stats.expect(200)["by_status"]["suspended"], 1);
        assert_eq!((&stats.body["organizations"], &stats.body["users"]), (&json!(1), &json!(7)));
        let growth = stats.body["growth"].as_array().expect("days");
        assert_eq!((growth.len(), &growth[29]["organizations"], &growth[29]["users"]), (30, &json!(1), &json!(7)));
    }
);
