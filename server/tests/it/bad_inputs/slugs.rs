//! Slugs, which are also called handles.

use super::field::{Field, bad_up_to, group, needed};
use crate::support::World;

on_each_database!(
    async fn of_new_organizations(world: World) {
        let groups = needed(bad_up_to("slug", 39));
        Field::founding(&world, "slug").refuses(&world, &groups).await;
        Field::founding(&world, "handle").refuses(&world, &groups).await;
    }
);

on_each_database!(
    async fn of_organizations_that_are_called_otherwise(world: World) {
        let groups = needed(bad_up_to("slug", 39));
        Field::changing(&world, "slug").refuses(&world, &groups).await;
        Field::changing(&world, "handle").refuses(&world, &groups).await;
    }
);

on_each_database!(
    with[("org_slug_max", "3")],
    async fn the_longest_slug_is_the_operator_s_to_say(world: World) {
        Field::founding(&world, "slug").refuses(&world, &[group("slug_too_long", &["abcd"])]).await;
        Field::founding(&world, "slug").send(&"abc".into()).await.expect(201);
    }
);
