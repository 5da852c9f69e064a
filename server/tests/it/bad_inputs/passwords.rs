//! Passwords, where they are chosen and where they are given.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;
use serde_json::json;

fn groups() -> Vec<Group> {
    vec![
        group("password_too_short", &["", "password", "elevenchars"]),
        group("password_too_long", &[]).and_long("", "a", 129, "").and_long("", "\u{1f600}", 1000, ""),
        group(
            "password_weak",
            &["passwordpassword", "qwertyuiopasdfghjkl", "aaaaaaaaaaaaaaa", "letmeinletmeinletmein", "password1234"],
        ),
        group(
            "password_invalid_character",
            &[
                "granite\0otter violin",
                "granite otter\u{ffff}violin",
                "granite\totter violin",
                "granite otter violin\n",
            ],
        ),
        no_texts(),
        group("wrong_type", &[]).and_null(),
    ]
}

on_each_database!(
    with[("sign_up", "open")],
    async fn that_are_chosen(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "zebediah@x.test", "name": "Zebediah Quill" })).await;
        Field::accepting(&world, &invited, "password").refuses(&world, &groups()).await;
        Field::signing_up(&world, "password").refuses(&world, &groups()).await;
        Field::resetting(&world, "password").await.refuses(&world, &groups()).await;
    }
);

on_each_database!(
    async fn that_are_made_of_what_is_known(world: World) {
        world.ada.patch("/organizations/acme", json!({ "name": "Zyxomma Works" })).await.expect(200);
        let invited = world.invited(&world.ben, json!({ "email": "zebediah@x.test", "name": "Zebediah Quill" })).await;
        let own =
            ["Zyxomma WorksZyxomma Works", "zyxommazyxomma", "zebediahzebediah", "Zebediah Quill", "zebediah@x.test"];
        Field::accepting(&world, &invited, "password").refuses(&world, &[group("password_weak", &own)]).await;
    }
);

on_each_database!(
    async fn that_are_given_twice_but_not_alike(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eva@x.test" })).await;
        let other = ["granite otter violin 43", "Granite otter violin 42", "granite otter violin 42 ", ""];
        let groups = [group("password_confirmation_mismatch", &other), no_texts()];
        Field::accepting(&world, &invited, "password_confirmation").refuses(&world, &groups).await;
        Field::resetting(&world, "password_confirmation").await.refuses(&world, &groups).await;
    }
);

on_each_database!(
    async fn that_were_never_set_are_wrong_not_invalid(world: World) {
        let field = Field::signing_in(&world, "password");
        for value in groups().iter().flat_map(|group| &group.values) {
            let refusal = if value.is_string() { (401, "invalid_credentials") } else { (422, "wrong_type") };
            assert_eq!(field.send(value).await.refusal(), refusal, "{value}");
        }
    }
);
