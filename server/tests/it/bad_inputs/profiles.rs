//! The other fields of organizations and invitations.

use super::field::{Field, Group, bad, bad_up_to, corpus, needed};
use crate::support::World;
use serde_json::json;

async fn both_refuse(world: &World, name: &'static str, groups: &[Group]) {
    Field::founding(world, name).refuses(world, groups).await;
    Field::changing(world, name).refuses(world, groups).await;
}

on_each_database!(
    async fn countries(world: World) {
        both_refuse(&world, "country_code", &bad("country")).await;
        for code in ["us", "USA", "De"] {
            Field::changing(&world, "countryCode").send(&json!(code)).await.expect(200);
        }
    }
);

on_each_database!(
    async fn texts(world: World) {
        both_refuse(&world, "bio", &bad_up_to("prose", 256)).await;
        both_refuse(&world, "description", &bad_up_to("prose", 4096)).await;
        Field::inviting(&world, "message").refuses(&world, &bad_up_to("prose", 1000)).await;
        Field::changing(&world, "description").send(&json!("é".repeat(4096))).await.expect(200);
    }
);

on_each_database!(
    async fn telephones(world: World) {
        both_refuse(&world, "phone", &bad("phone")).await;
    }
);

on_each_database!(
    async fn choices(world: World) {
        both_refuse(&world, "industry", &bad("industry")).await;
        both_refuse(&world, "visibility", &needed(bad("visibility"))).await;
    }
);

on_each_database!(
    async fn roles_of_invitations(world: World) {
        let mut groups = corpus("role");
        groups.push(Group {
            code: "role_unknown",
            values: vec![json!(0), json!(6), json!(-1), json!(1000), json!(i64::MAX)],
        });
        groups.push(Group { code: "owner_role_not_invitable", values: vec![json!(1)] });
        groups.push(Group {
            code: "wrong_type",
            values: vec![
                json!(null),
                json!(true),
                json!(1.5),
                json!(["member"]),
                json!({ "key": "member" }),
                json!(9_223_372_036_854_775_808_u64),
            ],
        });
        Field::inviting(&world, "role").refuses(&world, &groups).await;
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
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::inviting_otherwise(&world, &invited, "role").refuses(&world, &groups).await;
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
        let mut times = corpus("time");
        times.push(Group { code: "wrong_type", values: vec![json!(1_751_406_022), json!(["x"])] });
        Field::inviting(&world, "expires_at").refuses(&world, &times).await;
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::inviting_otherwise(&world, &invited, "expires_at").refuses(&world, &needed(times)).await;
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
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::inviting_otherwise(&world, &invited, "teams").refuses(&world, &teams).await;
        Field::inviting_otherwise(&world, &invited, "workspaces").refuses(&world, &workspaces).await;
        Field::inviting(&world, "send_email")
            .refuses(&world, &[Group { code: "wrong_type", values: vec![json!(null), json!("yes"), json!(1)] }])
            .await;
    }
);
