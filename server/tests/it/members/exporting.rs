//! Members as a file.

use super::crowd::crowd;
use crate::support::World;
use serde_json::json;

const EXPORT: &str = "/organizations/acme/members/export";

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
