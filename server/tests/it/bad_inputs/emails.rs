//! Mail addresses.

use super::field::{Field, Group, bad, needed, rows};
use crate::support::World;
use serde_json::json;

fn groups() -> Vec<Group> {
    let mut groups = bad("email");
    groups.push(Group { code: "wrong_type", values: vec![json!(["v@x.test", "e@x.test"])] });
    groups
}

on_each_database!(
    async fn of_organizations(world: World) {
        Field::founding(&world, "email").refuses(&world, &groups()).await;
        Field::changing(&world, "email").refuses(&world, &groups()).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn of_people(world: World) {
        let groups = needed(groups());
        Field::inviting(&world, "email").refuses(&world, &groups).await;
        Field::signing_up(&world, "email").refuses(&world, &groups).await;
        Field::signing_in(&world, "email").refuses(&world, &groups).await;
        Field::forgetting(&world, "email").refuses(&world, &groups).await;
        Field::moving(&world, "email").refuses(&world, &groups).await;
        Field::admitting(&world, "email").refuses(&world, &groups).await;
        rows::refuse(&world, "email", &groups).await;
    }
);

on_each_database!(
    async fn several_addresses_in_a_form_reach_nobody(world: World) {
        let before = world.rows().await;
        for form in ["email=v@x.test&email=e@x.test", "email[]=v@x.test", "email=v@x.test"] {
            let call = world.ben.call(reqwest::Method::POST, "/organizations/acme/invitations");
            let reply = call.body("application/x-www-form-urlencoded", form.as_bytes()).send().await;
            assert_eq!(reply.refusal(), (415, "unsupported_media_type"), "{form}");
        }
        let twice = br#"{"email":"v@x.test","email":"e@x.test"}"#;
        let call =
            world.ben.call(reqwest::Method::POST, "/organizations/acme/invitations").body("application/json", twice);
        assert_eq!(call.send().await.refusal(), (422, "duplicate_field"));
        assert_eq!(world.rows().await, before);
    }
);
