//! Fields of teams and workspaces.

use super::field::{Field, Group, bad, bad_up_to, corpus, needed};
use crate::support::World;
use serde_json::json;

fn colors() -> Vec<Group> {
    let others = vec![json!(true), json!({ "r": 1, "g": 2, "b": 3 }), json!(0), json!(["#3B82F6"])];
    let mut groups = corpus("color");
    groups.push(Group { code: "wrong_type", values: others });
    groups
}

on_each_database!(
    async fn of_teams(world: World) {
        for (field, groups) in [
            ("name", needed(bad_up_to("name", 100))),
            ("slug", needed(bad("slug_of_group"))),
            ("description", bad_up_to("prose", 500)),
            ("color", colors()),
        ] {
            for form in Field::of_teams(&world, field).await {
                form.refuses(&world, &groups).await;
            }
        }
    }
);

on_each_database!(
    async fn a_color_that_fills_more_than_a_body_is_not_read(world: World) {
        for form in Field::of_teams(&world, "color").await {
            let reply = form.send(&json!(format!("#{}", "F".repeat(100_000)))).await;
            assert_eq!(reply.refusal(), (413, "payload_too_large"));
        }
    }
);

on_each_database!(
    async fn of_workspaces(world: World) {
        for (field, groups) in [
            ("name", needed(bad_up_to("name", 100))),
            ("slug", needed(bad("slug_of_group"))),
            ("description", bad_up_to("prose", 500)),
        ] {
            for form in Field::of_workspaces(&world, field).await {
                form.refuses(&world, &groups).await;
            }
        }
        let unknown = json!({ "name": "New", "color": "#3B82F6" });
        let reply = world.ben.post("/organizations/acme/workspaces", unknown).await;
        assert_eq!(reply.errors(), [("#/color", "unknown_field")]);
    }
);

on_each_database!(
    async fn what_is_just_allowed_is_taken(world: World) {
        let longest = json!({
            "name": "\u{e9}".repeat(100),
            "slug": "a".repeat(39),
            "description": format!(" {}\r\nb ", "a".repeat(498)),
            "color": "#abcdef",
        });
        let made = world.ben.post("/organizations/acme/teams", longest).await;
        assert_eq!(made.expect(201)["color"], "#ABCDEF");
        assert_eq!(made.body["description"], format!("{}\nb", "a".repeat(498)));
        let empty = world.ben.post("/organizations/acme/teams", json!({ "name": "Support", "description": " " })).await;
        assert_eq!((&empty.expect(201)["slug"], &empty.body["description"]), (&json!("support"), &json!(null)));
    }
);
