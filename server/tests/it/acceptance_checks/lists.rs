//! Checks 10, 11 and 18: walking a list, turning its pages, taking it along.

use crate::members::crowd::{crowd, disperse, walk};
use crate::support::World;
use serde_json::json;
use std::collections::BTreeSet;

const MEMBERS: &str = "/organizations/acme/members";
const EXPORT: &str = "/organizations/acme/members/export";

on_each_database!(
    async fn check_10_a_walk_over_ten_thousand_repeats_and_skips_nobody(world: World) {
        crowd(&world, 10_000, "m").await;

        let (walked, stops) = walk_amid_changes(&world).await;

        let seen: BTreeSet<&str> = walked.iter().map(String::as_str).collect();
        assert_eq!(seen.len(), walked.len(), "somebody came twice");
        let stays = |number: &u32| *number < 1000 || number % 1000 / 10 != 77;
        let skipped: Vec<_> = (0..10_000_u32)
            .filter(stays)
            .map(|number| format!("m{number:05}@crowd.test"))
            .filter(|email| !seen.contains(email.as_str()))
            .collect();
        assert!(skipped.is_empty(), "{skipped:?}");
        // What was written while the walk was under way was met where it lay ahead, and not where it lay behind.
        let met = |stem: &str| walked.iter().filter(|email| email.starts_with(stem)).count();
        assert_eq!(stops.len(), 9);
        for (thousand, stop) in (1..).zip(&stops) {
            assert_eq!((met(&format!("{stop}-")), met(&format!("{stop}x"))), (0, 10), "who came around {stop}");
            let gone = (met(&format!("m0{}11", thousand - 1)), met(&format!("m0{thousand}77")));
            assert_eq!(gone, (10, 0), "who went around {stop}");
        }
        let first = world.cy.get(&format!("{MEMBERS}?limit=1")).await;
        let cursor = first.expect(200)["next_cursor"].as_str().expect("more");
        for other in ["search=crowd", "role=admin", "status=suspended", "sort=-email"] {
            let reply = world.cy.get(&format!("{MEMBERS}?cursor={cursor}&{other}")).await;
            assert_eq!(reply.refusal(), (400, "invalid_cursor"), "{other}");
        }
    }
);

/// Walks through all members by their addresses. After each thousand, between two pages, people come and go on either
/// side. Gives whom the walk has met, and where it was each time.
async fn walk_amid_changes(world: &World) -> (Vec<String>, Vec<String>) {
    let (mut met, mut stops, mut cursor) = (Vec::<String>::new(), Vec::new(), String::new());
    loop {
        let page = world.cy.get(&format!("{MEMBERS}?sort=email&limit=100{cursor}")).await;
        met.extend(page.column("email").into_iter().map(str::to_owned));
        let Some(next) = page.body["next_cursor"].as_str() else { return (met, stops) };
        cursor = format!("&cursor={next}");
        if met.len().is_multiple_of(1000) && met.len() < 10_000 {
            let (here, _) = met[met.len() - 1].split_once('@').expect("an address");
            stir(world, here, met.len() / 1000).await;
            stops.push(here.to_owned());
        }
    }
}

/// Ten come right behind and ten right ahead of here, and further off ten go on either side.
async fn stir(world: &World, here: &str, thousand: usize) {
    crowd(world, 10, &format!("{here}-")).await;
    crowd(world, 10, &format!("{here}x")).await;
    disperse(world, &format!("m0{}11%", thousand - 1)).await;
    disperse(world, &format!("m0{thousand}77%")).await;
}

on_each_database!(
    async fn check_11_pages_have_the_same_rows_as_the_walk(world: World) {
        crowd(&world, 12, "m").await;
        let walked = walk(&world, "sort=name", 7).await;

        for (number, emails) in walked.iter().enumerate() {
            let page = world.cy.get(&format!("{MEMBERS}?sort=name&per_page=7&page={}", number + 1)).await;
            assert_eq!(&page.column("email"), emails);
            assert_eq!((page.body["total"].as_u64(), page.body["total_pages"].as_u64()), (Some(17), Some(3)));
            assert_eq!(page.header("x-total-count"), "17");
        }
    }
);

on_each_database!(
    async fn check_18_a_name_that_begins_like_a_formula_is_harmless_in_a_file(world: World) {
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
