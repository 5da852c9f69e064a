//! `003`: `/orgs` by slug or id, tokens with scopes, answers in an envelope.

use super::client::{OF_003, seed_call, text};
use crate::acceptance_checks::clients::Dialect;
use crate::support::World;
use serde_json::json;

seed_call!(
    OF_003,
    async fn seed_003_post_get_and_patch_orgs(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&world.bearer(&world.ada, &["org:create", "org:update"]).await);

        let made =
            client.post("/orgs", json!({ "name": "Bolts (North)", "slug": "bolts", "bio": "Bolts." }), 201).await;
        let by_slug = client.get("/orgs/bolts").await;
        assert_eq!((&by_slug, text(&by_slug, "bio")), (&made, "Bolts."));
        let one = format!("/orgs/{}", text(&made, "id"));
        let changed = client.patch(&one, json!({ "slug": "nuts", "bio": "Nuts." })).await;
        assert_eq!((text(&changed, "slug"), text(&changed, "bio")), ("nuts", "Nuts."));
        assert!(changed["last_slug_updated_at"].is_string() && changed["slug_change_available_at"].is_string());
        assert_eq!(client.get(&one).await, changed);

        let reader = world.bearer(&world.ada, &["org:read"]).await;
        for refused in [
            reader.post("/orgs", json!({ "name": "x" })).await,
            reader.patch("/orgs/nuts", json!({ "bio": "x" })).await,
        ] {
            assert_eq!(refused.refusal(), (403, "insufficient_scope"));
        }
    }
);

seed_call!(
    OF_003,
    async fn seed_003_get_users_organizations_and_orgs(world: World, dialect: Dialect) {
        world.dot.post("/organizations", json!({ "name": "Bolts", "visibility": "public" })).await.expect(201);
        world.dot.post("/organizations/bolts/invitations", json!({ "email": "ada@acme.test" })).await.expect(201);
        let client = dialect.spoken_by(&world.bearer(&world.ada, &["org:read", "user:read"]).await);

        for path in ["organizations", "orgs"] {
            let own = client.get(&format!("/users/@me/{path}")).await;
            let standing = |at: usize| (text(&own["data"][at], "slug"), text(&own["data"][at]["membership"], "status"));
            assert_eq!([standing(0), standing(1)], [("acme", "active"), ("bolts", "pending")], "{path}");
            assert_eq!(client.get(&format!("/users/{}/{path}", world.ada.id)).await["data"], own["data"]);
            let hers = client.get(&format!("/users/{}/{path}", world.dot.id)).await;
            assert_eq!((hers["data"].as_array().map(Vec::len), text(&hers["data"][0], "slug")), (Some(1), "bolts"));
        }
    }
);
