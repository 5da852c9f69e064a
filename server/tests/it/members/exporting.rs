//! Members as a file.

use super::listing::crowd;
use crate::support::World;
use serde_json::json;

const EXPORT: &str = "/organizations/acme/members/export";

on_each_database!(
    async fn a_file_has_all_members_and_no_formula(world: World) {
        world.role("auditor", &["audit:read"]).await;
        let cy = format!("/organizations/acme/members/{}", world.cy.id);
        world.ada.patch(&cy, json!({ "roles": ["member", "auditor"] })).await.expect(200);
        world.database.execute("update users set full_name = '=1+1' where email = 'vi@acme.test'", &[]).await;
        world.ada.post(&format!("{cy}/suspend"), json!({})).await.expect(200);

        let reply = world.ben.get(EXPORT).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"members.csv\"");
        let lines: Vec<_> = reply.text.lines().collect();
        assert_eq!(lines.len(), 6);
        let columns = "member_id,user_id,username,email,full_name,role,roles,teams,workspaces,status,joined_at";
        assert_eq!(lines[0].replace('"', ""), columns);
        assert!(
            lines[1].contains("\"ada@acme.test\",\"Ada Owner\",\"owner\",\"owner\",\"\",\"\",\"active\""),
            "{}",
            lines[1]
        );
        assert!(lines[4].contains("\"member\",\"member;auditor\",\"\",\"\",\"suspended\""), "{}", lines[4]);
        assert!(lines[5].contains("\"vi@acme.test\",\"'=1+1\""), "{}", lines[5]);
        let log = world.database.texts("select changes from audit_events where action = 'export.created'").await;
        assert!(log.len() == 1 && log[0].contains("csv"), "{log:?}");
    }
);

on_each_database!(
    async fn a_file_is_as_long_as_the_organization(world: World) {
        crowd(&world, 230, "m").await;

        let csv = world.ben.get(&format!("{EXPORT}?format=csv")).await;
        let reply = world.ben.get(&format!("{EXPORT}?format=json")).await;

        assert_eq!(csv.text.lines().count(), 236);
        let rows = reply.expect(200).as_array().expect("rows");
        assert_eq!(rows.len(), 235);
        let emails: std::collections::BTreeSet<_> = rows.iter().filter_map(|row| row["email"].as_str()).collect();
        assert_eq!(emails.len(), 235);
        assert_eq!((&rows[0]["roles"], &rows[0]["status"]), (&json!(["owner"]), &json!("active")));
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"members.json\"");
    }
);

on_each_database!(
    with[("rate_limits", "export=2/3600s,login=1000/1s")],
    async fn those_who_manage_members_take_files(world: World) {
        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.get(EXPORT).await.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.dot.get(EXPORT).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.ben.get(&format!("{EXPORT}?format=xml")).await.refusal(), (400, "invalid_parameter"));
        assert_eq!(world.ben.get(&format!("{EXPORT}?role=admin")).await.refusal(), (400, "unknown_parameter"));
        world.database.execute("update organizations set status = 'suspended', status_reason = 'Unpaid.'", &[]).await;

        for _ in 0..2 {
            assert_eq!(world.ben.get(EXPORT).await.status, 200);
        }

        let refused = world.ben.get(EXPORT).await;
        assert_eq!(refused.refusal(), (429, "rate_limited"));
        assert!(!refused.header("retry-after").is_empty());
        assert_eq!(world.ada.get(EXPORT).await.status, 200, "everybody has a quota of their own");
    }
);
