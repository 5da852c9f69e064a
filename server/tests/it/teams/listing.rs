//! The list of teams, and the teams in the list of members.

use crate::support::World;
use serde_json::json;

const TEAMS: &str = "/organizations/acme/teams";
const MEMBERS: &str = "/organizations/acme/members";

on_each_database!(
    async fn teams_are_found_and_sorted(world: World) {
        for name in ["Delta", "alpha", "Charlie", "Ärzte", "Bravo_1"] {
            world.team(name).await;
        }
        let charlie = format!("{TEAMS}/charlie");
        world.put_into(&charlie, &world.cy, "lead").await;
        world.put_into(&charlie, &world.vi, "member").await;
        world.put_into(&format!("{TEAMS}/alpha"), &world.cy, "member").await;

        let all = world.cy.get(TEAMS).await;
        assert_eq!(all.column("slug"), ["alpha", "bravo-1", "charlie", "delta", "arzte"]);
        assert_eq!(all.body["data"][2]["current_user_role"], "lead");
        assert_eq!(all.body["data"][0]["current_user_role"], "member");
        assert!(all.body["data"][1]["current_user_role"].is_null());
        let by_vi = format!("member={}", world.vi.id);
        let made = vec!["delta", "alpha", "charlie", "arzte", "bravo-1"];
        for (query, slugs) in [
            ("search=A", vec!["alpha"]),
            ("search=%C3%A4R", vec!["arzte"]),
            ("search=rav", vec!["bravo-1"]),
            ("search=vo_", vec!["bravo-1"]),
            ("search=a_ph", vec![]),
            ("search=%25%25%25", vec![]),
            ("member=@me", vec!["alpha", "charlie"]),
            ("member=@me&search=ch", vec!["charlie"]),
            (by_vi.as_str(), vec!["charlie"]),
            ("sort=created_at", made.clone()),
            ("sort=-created_at", made.into_iter().rev().collect()),
            ("sort=-member_count&limit=2", vec!["charlie", "alpha"]),
            ("per_page=2&page=3", vec!["arzte"]),
        ] {
            assert_eq!(world.cy.get(&format!("{TEAMS}?{query}")).await.column("slug"), slugs, "{query}");
        }
        let pages = world.cy.get(&format!("{TEAMS}?page=1&per_page=2&member=@me")).await;
        assert_eq!((&pages.expect(200)["total"], &pages.body["total_pages"]), (&json!(2), &json!(1)));
        for (query, code) in [
            ("sort=color", "invalid_sort"),
            ("member=cy", "invalid_parameter"),
            ("search=", "invalid_parameter"),
            ("color=red", "unknown_parameter"),
            ("page=1&limit=2", "pagination_conflict"),
        ] {
            assert_eq!(world.cy.get(&format!("{TEAMS}?{query}")).await.refusal(), (400, code), "{query}");
        }
    }
);

on_each_database!(
    async fn a_walk_shows_every_team_once(world: World) {
        for number in 0..9 {
            world.team(&format!("Team {number}")).await;
        }
        world.put_into(&format!("{TEAMS}/team-4"), &world.cy, "member").await;
        for sort in ["name", "-name", "created_at", "-created_at", "member_count", "-member_count"] {
            let whole = world.cy.get(&format!("{TEAMS}?sort={sort}")).await;
            let whole: Vec<_> = whole.column("slug").into_iter().map(str::to_owned).collect();
            let mut walked = Vec::new();
            let mut page = world.cy.get(&format!("{TEAMS}?sort={sort}&limit=4")).await;
            loop {
                walked.extend(page.column("slug").into_iter().map(str::to_owned));
                let Some(next) = page.body["next_cursor"].as_str() else { break };
                let other = world.cy.get(&format!("{TEAMS}?sort={sort}&search=team&cursor={next}")).await;
                assert_eq!(other.refusal(), (400, "invalid_cursor"));
                page = world.cy.get(&format!("{TEAMS}?sort={sort}&limit=4&cursor={next}")).await;
            }
            assert_eq!(walked, whole, "{sort}");
            let previous = page.body["prev_cursor"].as_str().expect("a way back").to_owned();
            let back = world.cy.get(&format!("{TEAMS}?sort={sort}&limit=4&cursor={previous}")).await;
            assert_eq!(back.column("slug"), whole[4..8], "{sort}");
        }
    }
);

on_each_database!(
    async fn members_name_their_teams_and_workspaces(world: World) {
        let (sales, design) = (world.team("Sales").await, world.team("Design").await);
        let lab = world.workspace("Lab").await;
        world.put_into(&sales, &world.cy, "member").await;
        world.put_into(&design, &world.cy, "lead").await;
        world.put_into(&sales, &world.vi, "member").await;
        world.ben.call(reqwest::Method::PUT, &format!("{lab}/members/{}", world.cy.id)).send().await.expect(204);

        let list = world.ben.get(&format!("{MEMBERS}?sort=email")).await;

        let cy = &list.expect(200)["data"][3];
        let named = |place: &serde_json::Value| (place["slug"].clone(), place["name"].clone(), place["role"].clone());
        let teams: Vec<_> = cy["teams"].as_array().expect("teams").iter().map(named).collect();
        let expected = [("design", "Design", "lead"), ("sales", "Sales", "member")];
        assert_eq!(teams, expected.map(|(slug, name, role)| (slug.into(), name.into(), role.into())));
        let workspace = world.ben.get(&lab).await;
        let expected = json!([{ "id": workspace.expect(200)["id"], "slug": "lab", "name": "Lab" }]);
        assert_eq!(cy["workspaces"], expected);
        assert_eq!(list.body["data"][4]["teams"][0]["slug"], "sales");
        assert_eq!(list.body["data"][0]["teams"], json!([]));
        assert_eq!(world.ben.get(&format!("{MEMBERS}/{}", world.cy.id)).await.expect(200), cy);
        let changed = world.ben.patch(&format!("{MEMBERS}/{}", world.cy.id), json!({ "role": "viewer" })).await;
        assert_eq!((&changed.expect(200)["teams"], &changed.body["workspaces"]), (&cy["teams"], &cy["workspaces"]));
    }
);
