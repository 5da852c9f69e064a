//! Fields of teams and workspaces.

use super::field::{Field, Group, group, no_texts};
use super::names;
use crate::support::World;
use serde_json::json;

fn slugs() -> Vec<Group> {
    vec![
        group("slug_empty", &["", " "]),
        group("slug_too_long", &[]).and_long("", "a", 40, ""),
        group("slug_invalid", &["-a", "a--b", "a_b", "a b", "..", "a/b", "@me", "a\0b", "\u{ff41}", "\u{131}"]),
        group(
            "slug_reserved",
            &["none", "None", "new", "550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000", "12"],
        ),
        no_texts(),
        group("wrong_type", &[]).and_null(),
    ]
}

fn descriptions() -> Vec<Group> {
    vec![
        group("text_too_long", &[]).and_long("", "a", 501, ""),
        group("text_invalid_character", &["a\0b", "a\u{1b}[31m", "a\u{202e}b", "a\u{200b}b", "a\u{e000}"]),
        no_texts(),
    ]
}

fn colors() -> Vec<Group> {
    let texts = [
        "",
        " ",
        "#3B82F",
        "#3B82F6FF",
        "#ffff",
        "#3B82FG",
        "#3B82F6#",
        "#3B82F6 ",
        "#3B 2F6",
        "#3b82f6;background:url(//e.test)",
        "RED",
        "currentColor",
        "none",
        "rgb(1 2 3 / 50%)",
        "hsl(1,2%,3%)",
        "lab(1 2 3)",
        "var(--x)",
        "expression(alert(1))",
        "\0",
        "\u{ff03}3B82F6",
        "#3\u{102}2F6",
        "#+3B82F",
        "0x3B82F6",
        "&#x23;3B82F6",
        "#3B82F6--",
        "#3B82F6\"",
        "#......",
        "#null",
        "#123 456",
        "#12345\u{200b}",
        "#\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}",
        "#ABCDEF0",
    ];
    let others = [json!(true), json!({ "r": 1, "g": 2, "b": 3 }), json!(0), json!(["#3B82F6"])].to_vec();
    vec![group("color_invalid", &texts).and_long("#", "F", 50_000, ""), Group { code: "wrong_type", values: others }]
}

on_each_database!(
    async fn of_teams(world: World) {
        for (field, groups) in [
            ("name", names::needed(names::groups(100))),
            ("slug", slugs()),
            ("description", descriptions()),
            ("color", colors()),
        ] {
            for form in Field::of_teams(&world, field).await {
                form.refuses(&world, &groups).await;
            }
        }
    }
);

on_each_database!(
    async fn of_workspaces(world: World) {
        for (field, groups) in
            [("name", names::needed(names::groups(100))), ("slug", slugs()), ("description", descriptions())]
        {
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
