//! Names of people and organizations.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;
use serde_json::json;

/// `max` is what the field takes.
pub(super) fn groups(max: usize) -> Vec<Group> {
    vec![
        group("name_empty", &["", "   ", "\u{a0}", "\u{3000}", "\r\n"]),
        group("name_too_long", &[])
            .and_long("", "a", max + 1, "")
            .and_long("", "\u{1f600}", max + 1, "")
            .and_long("", "x", 1025, ""),
        group(
            "name_control_character",
            &[
                "a\0b",
                "a\u{7}",
                "a\u{1b}b[31m",
                "a\nb",
                "a\r\nBcc: e@x.test",
                "a\u{80}b",
                "a\u{9f}b",
                "a\tb",
                "a\u{7f}b",
            ],
        ),
        group(
            "name_format_character",
            &[
                "a\u{200b}b",
                "a\u{feff}b",
                "a\u{202e}gnp.exe",
                "a\u{2066}b\u{2069}",
                "a\u{61c}b",
                "a\u{2060}b",
                "a\u{2029}b",
                "a\u{e0041}b",
            ],
        ),
        group(
            "name_invalid_character",
            &[
                "a\u{e000}b",
                "a\u{fdd0}b",
                "a\u{fffe}b",
                "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d} algo",
                ".",
                "-",
            ],
        ),
        group("name_link", &["http://e.test", "ftp://e.test", "WWW.e.test win"]),
        no_texts(),
    ]
}

pub(super) fn needed(mut groups: Vec<Group>) -> Vec<Group> {
    groups.push(group("wrong_type", &[]).and_null());
    groups
}

on_each_database!(
    async fn of_organizations(world: World) {
        Field::founding(&world, "name").refuses(&world, &needed(groups(256))).await;
        Field::changing(&world, "name").refuses(&world, &needed(groups(256))).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn of_people(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::inviting(&world, "name").refuses(&world, &groups(128)).await;
        Field::accepting(&world, &invited, "name").refuses(&world, &groups(128)).await;
        Field::signing_up(&world, "full_name").refuses(&world, &groups(128)).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn usernames(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let groups = [
            group(
                "username_invalid",
                &[
                    "",
                    "a",
                    "Ada",
                    "a b",
                    " ada",
                    "a-b",
                    "a.b",
                    "@me",
                    "ada\n",
                    "ad\0",
                    "ädа",
                    "ａｄａ",
                    "a\u{200b}b",
                    "550e8400e29b41d4a716446655440000",
                    "../ada",
                    "ada'--",
                ],
            )
            .and_long("", "a", 33, ""),
            no_texts(),
        ];
        Field::accepting(&world, &invited, "username").refuses(&world, &groups).await;
        Field::signing_up(&world, "username").refuses(&world, &groups).await;
    }
);

on_each_database!(
    async fn the_longest_names_are_taken(world: World) {
        for name in ["a".repeat(256), "\u{1f600}a".repeat(128), format!("  {}  ", "é".repeat(256))] {
            Field::changing(&world, "name").send(&json!(name)).await.expect(200);
        }
    }
);
