//! The organizations of one person.

use crate::support::World;
use serde_json::{Value, json};

/// Dot's two, to the private one of which Cy is invited.
async fn found(world: &World) -> Value {
    for (name, visibility) in [("Bolts", "private"), ("Cogs", "public")] {
        let new = json!({ "name": name, "bio": "about", "visibility": visibility });
        world.dot.post("/organizations", new).await.expect(201);
    }
    let invitation = world.dot.post("/organizations/bolts/invitations", json!({ "email": "cy@acme.test" })).await;
    invitation.expect(201)["id"].clone()
}

on_each_database!(
    async fn one_s_own_list_has_memberships_and_invitations(world: World) {
        let invitation = found(&world).await;
        world.cy.patch("/users/@me", json!({ "username": "cy" })).await.expect(200);

        let mine = world.cy.get("/users/@me/organizations").await;
        assert_eq!(mine.column("slug"), ["acme", "bolts"]);
        let (acme, bolts) = (&mine.body["data"][0], &mine.body["data"][1]);
        assert_eq!((&acme["membership"]["status"], &acme["membership"]["role"]), (&json!("active"), &json!("member")));
        assert!(acme["membership"]["joined_at"].is_string() && acme["settings"].is_object());
        let pending = json!({ "status": "pending", "role": "member", "joined_at": null, "invitation_id": invitation });
        assert_eq!(bolts["membership"], pending);
        assert!(bolts.get("settings").is_none() && bolts.get("owner").is_none());

        for path in ["/users/cy/organizations", "/users/@me/orgs", &format!("/users/{}/orgs", world.cy.id)] {
            assert_eq!(world.cy.get(path).await.column("slug"), ["acme", "bolts"], "{path}");
        }
        let only = |status: &'static str| world.cy.get(status);
        assert_eq!(only("/users/@me/organizations?status=pending").await.column("slug"), ["bolts"]);
        assert_eq!(only("/users/@me/organizations?status=active").await.column("slug"), ["acme"]);
        assert_eq!(only("/users/@me/organizations?status=gone").await.refusal(), (400, "invalid_parameter"));
        let program = world.bearer(&world.cy, &["org:read"]).await;
        assert_eq!(program.get("/users/@me/organizations").await.column("slug"), ["acme"]);
        let blind = world.bearer(&world.cy, &["user:read"]).await;
        assert_eq!(blind.get("/users/@me/organizations").await.refusal(), (403, "insufficient_scope"));

        world.database.execute("update invitations set expires_at = 1 where email = 'cy@acme.test'", &[]).await;
        assert_eq!(world.cy.get("/users/@me/organizations").await.column("slug"), ["acme"]);
    }
);

on_each_database!(
    async fn others_see_what_is_public_or_shared(world: World) {
        found(&world).await;
        let dots = format!("/users/{}/organizations", world.dot.id);
        let adas = format!("/users/{}/organizations", world.ada.id);

        for stranger in [&world.anon, &world.cy, &world.bearer(&world.cy, &["user:read"]).await] {
            let seen = stranger.get(&dots).await;
            assert_eq!(seen.column("slug"), ["cogs"]);
            let told = json!({ "status": "active", "role": null, "joined_at": null, "invitation_id": null });
            assert_eq!(seen.body["data"][0]["membership"], told);
            assert!(seen.body["data"][0].get("owner").is_none());
        }
        assert_eq!(world.pat.get(&dots).await.column("slug"), ["bolts", "cogs"]);
        let shared = world.cy.get(&adas).await;
        assert_eq!(shared.column("slug"), ["acme"]);
        assert_eq!(shared.body["data"][0]["membership"]["role"], "owner");
        for outsider in [&world.anon, &world.vi, &world.dot, &world.bearer(&world.cy, &["org:read"]).await] {
            assert!(outsider.get(&adas).await.column("slug").is_empty());
        }

        assert_eq!(world.anon.get("/users/@me/organizations").await.refusal(), (401, "unauthenticated"));
        for unknown in ["nobody", "0", "a%00b", "00000000-0000-0000-0000-000000000000", "%FF"] {
            let reply = world.ada.get(&format!("/users/{unknown}/organizations")).await;
            assert_eq!(reply.status, 404, "{unknown}");
        }
        let unknown = world.anon.get("/users/nobody/organizations").await;
        assert_eq!(unknown.refusal(), (404, "user_not_found"));
    }
);

on_each_database!(
    async fn the_list_is_walked_by_name_in_both_directions(world: World) {
        found(&world).await;

        let first = world.cy.get("/users/@me/organizations?limit=1").await;
        let next = first.body["next_cursor"].as_str().expect("a cursor");
        let second = world.cy.get(&format!("/users/@me/organizations?limit=1&cursor={next}")).await;
        let back = second.body["prev_cursor"].as_str().expect("a cursor");

        assert_eq!((first.column("slug"), second.column("slug")), (vec!["acme"], vec!["bolts"]));
        let again = world.cy.get(&format!("/users/@me/organizations?limit=1&cursor={back}")).await;
        assert_eq!(again.column("slug"), ["acme"]);
        assert_eq!(world.cy.get("/users/@me/organizations?page=1&per_page=1").await.expect(200)["total"], 2);
        let others = world.ben.get(&format!("/users/@me/organizations?limit=1&cursor={next}")).await;
        assert_eq!(others.refusal(), (400, "invalid_cursor"));
    }
);
