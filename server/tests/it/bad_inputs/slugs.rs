//! Slugs, which are also called handles.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;

fn groups() -> Vec<Group> {
    vec![
        group("slug_empty", &["", " "]),
        group("slug_too_long", &[]).and_long("", "a", 40, "").and_long("", "a-", 30, "a"),
        group(
            "slug_invalid",
            &[
                "-a",
                "-",
                "a--b",
                "_a",
                "a.b",
                "..",
                "a.",
                " a",
                "a/b",
                "a\\b",
                "a%20b",
                "a+b",
                "@me",
                "~a",
                "a;b",
                "a?b",
                "a&b",
                "a*b",
                "a\"b",
                "a|b",
                "a\tb",
                "a\0b",
                "\u{ff55}\u{ff53}\u{ff45}\u{ff52}",
                "\u{251}cme",
                "\u{202e}acme",
                "\u{131}",
                "\u{17f}",
                "acm\u{e9}\u{301}",
                "\u{661}\u{662}\u{663}",
                "a\u{2010}b",
                "\u{1f600}",
                "a-",
                "acme\n",
            ],
        ),
        group(
            "slug_reserved",
            &[
                "admin",
                "app",
                "static",
                "login",
                "signup",
                "invite",
                "invitation",
                "account",
                "new",
                "create",
                "health",
                "docs",
                "support",
                "wallet",
                "status",
                "mail",
                "system",
                "team",
                "org",
                "organizations",
                "users",
                "undefined",
                "false",
                "favicon",
                "about",
                "privacy",
                "oauth",
                "search",
                "ADMIN",
                "550e8400-e29b-41d4-a716-446655440000",
                "550e8400e29b41d4a716446655440000",
                "1",
                "00000000-0000-0000-0000-000000000000",
                "12345",
            ],
        ),
        no_texts(),
        group("wrong_type", &[]).and_null(),
    ]
}

on_each_database!(
    async fn of_new_organizations(world: World) {
        Field::founding(&world, "slug").refuses(&world, &groups()).await;
        Field::founding(&world, "handle").refuses(&world, &groups()).await;
    }
);

on_each_database!(
    with[("org_slug_max", "3")],
    async fn the_longest_slug_is_the_operator_s_to_say(world: World) {
        Field::founding(&world, "slug").refuses(&world, &[group("slug_too_long", &["abcd"])]).await;
        Field::founding(&world, "slug").send(&"abc".into()).await.expect(201);
    }
);
