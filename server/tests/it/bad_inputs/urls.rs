//! Web addresses, and paths to go to.

use super::field::{Field, bad, corpus};
use crate::support::World;

on_each_database!(
    async fn of_websites(world: World) {
        Field::founding(&world, "website").refuses(&world, &bad("url")).await;
        Field::changing(&world, "website").refuses(&world, &bad("url")).await;
    }
);

on_each_database!(
    async fn of_pictures(world: World) {
        let mut groups = bad("url");
        groups.extend(corpus("picture_url"));
        for name in ["avatar_url", "logo", "logo_url", "avatarUrl"] {
            // The error names the field as it was sent or by its own name.
            let before = world.rows().await;
            for group in &groups {
                for value in &group.values {
                    // Whatever else is wrong with it, a picture does not come over plain http.
                    let plain = value.as_str().is_some_and(|url| url.starts_with("http:"));
                    let code = if plain { "url_scheme" } else { group.code };
                    for field in [Field::founding(&world, name), Field::changing(&world, name)] {
                        assert_eq!(field.send(value).await.refusal(), (422, code), "{name} {value}");
                    }
                }
            }
            assert_eq!(world.rows().await, before);
        }
    }
);

on_each_database!(
    async fn of_places_to_go_to(world: World) {
        Field::inviting(&world, "redirect_to").refuses(&world, &bad("redirect")).await;
    }
);
