//! Passwords, where they are chosen and where they are given.

use super::field::{Field, bad, corpus, needed};
use crate::support::World;
use serde_json::json;

on_each_database!(
    with[("sign_up", "open")],
    async fn that_are_chosen(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "zebediah@x.test", "name": "Zebediah Quill" })).await;
        let groups = needed(bad("password"));
        Field::accepting(&world, &invited, "password").refuses(&world, &groups).await;
        Field::signing_up(&world, "password").refuses(&world, &groups).await;
        Field::resetting(&world, "password").await.refuses(&world, &groups).await;
        Field::changing_oneself(&world, "password").refuses(&world, &groups).await;
    }
);

on_each_database!(
    async fn that_are_made_of_what_is_known(world: World) {
        world.ada.patch("/organizations/acme", json!({ "name": "Zyxomma Works" })).await.expect(200);
        let invited = world.invited(&world.ben, json!({ "email": "zebediah@x.test", "name": "Zebediah Quill" })).await;
        Field::accepting(&world, &invited, "password").refuses(&world, &corpus("password_of_zebediah")).await;
    }
);

on_each_database!(
    async fn that_are_given_twice_but_not_alike(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let groups = bad("password_confirmation");
        Field::accepting(&world, &invited, "password_confirmation").refuses(&world, &groups).await;
        Field::resetting(&world, "password_confirmation").await.refuses(&world, &groups).await;
    }
);

on_each_database!(
    async fn that_were_never_set_are_wrong_not_invalid(world: World) {
        let field = Field::signing_in(&world, "password");
        for value in needed(bad("password")).iter().flat_map(|group| &group.values) {
            let refusal = if value.is_string() { (401, "invalid_credentials") } else { (422, "wrong_type") };
            assert_eq!(field.send(value).await.refusal(), refusal, "{value}");
        }
    }
);
