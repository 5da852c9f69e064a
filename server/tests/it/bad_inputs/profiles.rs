//! The other fields of organizations and invitations.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;
use serde_json::json;

const COUNTRY_INVALID: [&str; 24] = [
    "",
    "U",
    "US ",
    "US\n",
    "840",
    "00",
    "-1",
    "1U",
    "U.",
    "US_CA",
    "en_US",
    "Германия",
    "U\u{405}",
    "U\u{200b}S",
    "\u{1f1fa}\u{1f1f8}",
    "U\0",
    "\u{dc}S",
    "\u{17f}U",
    "US;",
    "<US>",
    "&#85;S",
    "NaN",
    "*",
    "??",
];
const COUNTRY_UNASSIGNED: [&str; 15] =
    ["AA", "XX", "QM", "OO", "EU", "AN", "SU", "TP", "DD", "BU", "XK", "TA", "EA", "CP", "UN"];

async fn both_refuse(world: &World, name: &'static str, groups: &[Group]) {
    Field::founding(world, name).refuses(world, groups).await;
    Field::changing(world, name).refuses(world, groups).await;
}

/// Prose of at most so many characters.
fn prose(max: usize) -> Vec<Group> {
    vec![
        group("text_too_long", &[]).and_long("", "a", max + 1, "").and_long("", "\u{1f600}", max + 1, ""),
        group(
            "text_invalid_character",
            &[
                "a\0b",
                "a\u{1b}[31m",
                "a\rb",
                "a\u{7f}",
                "a\u{85}b",
                "a\u{202e}b",
                "a\u{200b}b",
                "a\u{feff}b",
                "a\u{2028}b",
                "a\u{e0041}",
                "a\u{e000}",
                "a\u{fdd0}",
                "a\u{fffe}",
                "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}",
            ],
        ),
        no_texts(),
    ]
}

on_each_database!(
    async fn countries(world: World) {
        let groups = [
            group("country_code_invalid", &COUNTRY_INVALID).and_long("", "U", 1000, ""),
            group("country_code_unassigned", &COUNTRY_UNASSIGNED),
            no_texts(),
        ];
        both_refuse(&world, "country_code", &groups).await;
        for code in ["us", "USA", "De"] {
            Field::changing(&world, "countryCode").send(&json!(code)).await.expect(200);
        }
    }
);

on_each_database!(
    async fn texts(world: World) {
        both_refuse(&world, "bio", &prose(256)).await;
        both_refuse(&world, "description", &prose(4096)).await;
        Field::inviting(&world, "message").refuses(&world, &prose(1000)).await;
        Field::changing(&world, "description").send(&json!("é".repeat(4096))).await.expect(200);
    }
);

on_each_database!(
    async fn telephones(world: World) {
        let numbers = [
            "",
            " ",
            "1234",
            "1234567890123456",
            "++12345",
            "12345+",
            "+",
            "-12345",
            "=12345",
            "(12345",
            ")1(2345",
            "١٢٣٤٥",
            "12345a",
            "tel:12345",
            "12345;ext=1",
            "12345\n",
            "12345\0",
            "１２３４５",
            "1                               2345",
        ];
        both_refuse(&world, "phone", &[group("phone_invalid", &numbers), no_texts()]).await;
    }
);

on_each_database!(
    async fn choices(world: World) {
        let industries = ["", "Technology", " technology", "tech", "ai_ml", "null", "\u{1f680}", "technology\0"];
        both_refuse(&world, "industry", &[group("industry_unknown", &industries), no_texts()]).await;
        let visibilities = ["", "Public", "secret", "public ", "null", "public\0"];
        let needed = group("wrong_type", &[]).and_null();
        both_refuse(&world, "visibility", &[group("value_unknown", &visibilities), no_texts(), needed]).await;
    }
);

on_each_database!(
    async fn roles_of_invitations(world: World) {
        let unknown = Group {
            code: "role_unknown",
            values: vec![
                json!(""),
                json!("boss"),
                json!("Admin"),
                json!("member "),
                json!("member\0"),
                json!(0),
                json!(6),
                json!(-1),
                json!(1000),
                json!(i64::MAX),
            ],
        };
        let owner = Group { code: "owner_role_not_invitable", values: vec![json!("owner"), json!(1), json!("1")] };
        let wrong = Group {
            code: "wrong_type",
            values: vec![
                json!(null),
                json!(true),
                json!(1.5),
                json!(["member"]),
                json!({ "key": "member" }),
                json!(9_223_372_036_854_775_808_u64),
            ],
        };
        Field::inviting(&world, "role").refuses(&world, &[unknown, owner, wrong]).await;
        let lists = [
            Group { code: "role_unknown", values: vec![json!(["boss"]), json!([6])] },
            Group { code: "role_conflict", values: vec![json!([]), json!(["member", "viewer"])] },
            Group { code: "too_many_items", values: vec![json!(vec![1; 101]), json!(vec!["member"; 21])] },
            Group {
                code: "wrong_type",
                values: vec![json!(null), json!("member"), json!({ "0": 1 }), json!([null]), json!([["member"]])],
            },
        ];
        Field::inviting(&world, "roles").refuses(&world, &lists).await;
    }
);

on_each_database!(
    async fn times_of_invitations(world: World) {
        let days = [
            Group {
                code: "expiry_out_of_range",
                values: vec![json!(0), json!(-1), json!(31), json!(i64::MAX), json!(i64::MIN)],
            },
            Group {
                code: "wrong_type",
                values: vec![json!("7"), json!(1.5), json!(7.0), json!(1e3), json!(true), json!([7]), json!(u64::MAX)],
            },
        ];
        Field::inviting(&world, "expires_in_days").refuses(&world, &days).await;
        let times = [
            Group {
                code: "expiry_out_of_range",
                values: vec![json!("2020-01-01T00:00:00Z"), json!("2199-01-01T00:00:00Z")],
            },
            Group {
                code: "wrong_type",
                values: vec![
                    json!(1_751_406_022),
                    json!(""),
                    json!("tomorrow"),
                    json!("2026-13-01T00:00:00Z"),
                    json!("9999999999"),
                    json!(["x"]),
                ],
            },
        ];
        Field::inviting(&world, "expires_at").refuses(&world, &times).await;
        Field::inviting(&world, "expiresAt").send(&json!(1_751_406_022)).await.expect(422);
    }
);

on_each_database!(
    async fn places_of_invitations(world: World) {
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let random = "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55";
        let teams = [
            Group { code: "team_unknown", values: vec![json!(["x"]), json!([random]), json!(["none"])] },
            Group { code: "too_many_items", values: vec![json!(vec!["x"; 51])] },
            Group { code: "wrong_type", values: vec![json!(null), json!("x"), json!([1]), json!({ "0": "x" })] },
        ];
        Field::inviting(&world, "teams").refuses(&world, &teams).await;
        let workspaces = [
            Group { code: "workspace_unknown", values: vec![json!(["x"]), json!([random])] },
            Group { code: "wrong_type", values: vec![json!(null), json!("x"), json!([1])] },
        ];
        Field::inviting(&world, "workspaces").refuses(&world, &workspaces).await;
        Field::inviting(&world, "send_email")
            .refuses(&world, &[Group { code: "wrong_type", values: vec![json!(null), json!("yes"), json!(1)] }])
            .await;
    }
);
