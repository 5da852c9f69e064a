//! Names of people and organizations.

use super::field::{Field, bad, bad_up_to, needed};
use crate::support::World;
use serde_json::json;

on_each_database!(
    async fn of_organizations(world: World) {
        let groups = needed(bad_up_to("name", 256));
        Field::founding(&world, "name").refuses(&world, &groups).await;
        Field::changing(&world, "name").refuses(&world, &groups).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn of_people(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let groups = bad_up_to("name", 128);
        Field::inviting(&world, "name").refuses(&world, &groups).await;
        Field::inviting_otherwise(&world, &invited, "name").refuses(&world, &groups).await;
        Field::accepting(&world, &invited, "name").refuses(&world, &groups).await;
        Field::signing_up(&world, "full_name").refuses(&world, &groups).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn usernames(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        Field::accepting(&world, &invited, "username").refuses(&world, &bad("username")).await;
        Field::signing_up(&world, "username").refuses(&world, &bad("username")).await;
    }
);

on_each_database!(
    async fn the_longest_names_are_taken(world: World) {
        for name in ["a".repeat(256), "\u{1f600}a".repeat(128), format!("  {}  ", "é".repeat(256))] {
            Field::changing(&world, "name").send(&json!(name)).await.expect(200);
        }
    }
);
