use super::files::{path_of, png, send, shaded, shown};
use crate::support::World;
use serde_json::{Value, json};

const AVATAR: &str = "/users/@me/avatar";

on_each_database!(
    async fn a_person_has_a_picture(world: World) {
        let reply = send(&world.cy, AVATAR, &png(64, 64)).await;
        let (path, url) = (path_of(&world, &reply), reply.body["avatar_url"].clone());
        assert!(path.starts_with(&format!("/api/v1/users/{}/avatar/", world.cy.id)), "{path}");

        assert_eq!(world.cy.get("/users/@me").await.expect(200)["avatar_url"], url);
        let member = format!("/organizations/acme/members/{}", world.cy.id);
        assert_eq!(world.ada.get(&member).await.expect(200)["avatar_url"], url);
        assert_eq!(shown(&world.anon.get(&path).await).dimensions(), (512, 512));
        assert_eq!(shown(&world.cy.get(&format!("{AVATAR}?size=64")).await).dimensions(), (64, 64));
        let changes = json!([{ "field": "avatar_url", "from": null, "to": url }]);
        assert_eq!(world.changes("user.updated").await.last(), Some(&changes));

        world.cy.delete(AVATAR).await.expect(204);
        assert_eq!(world.cy.get("/users/@me").await.expect(200)["avatar_url"], Value::Null);
        assert_eq!(world.anon.get(&path).await.refusal(), (404, "not_found"));
        let initials = world.cy.get(AVATAR).await;
        assert!(initials.text.contains(">CM<"), "{}", initials.text);
    }
);

on_each_database!(
    async fn only_those_who_see_each_other_see_pictures(world: World) {
        send(&world.cy, AVATAR, &shaded(7)).await.expect(200);
        let path = format!("/users/{}/avatar", world.cy.id);
        let narrow = world.bearer(&world.ada, &["org:read"]).await;
        let wide = world.bearer(&world.ada, &["member:read"]).await;
        let new = json!({ "name": "bot", "scopes": ["member:read"] });
        let token = world.ada.post("/organizations/acme/tokens", new).await;
        let organization = world.ada.with_token(token.expect(201)["token"].as_str().expect("a token"));
        for person in [&world.cy, &world.ada, &world.ben, &world.bil, &world.pat, &wide, &organization] {
            assert_eq!(person.get(&path).await.header("content-type"), "image/png", "{}", person.email);
        }
        for (person, status, code) in [
            (&world.anon, 401, "unauthenticated"),
            (&world.dot, 404, "user_not_found"),
            (&world.vi, 404, "user_not_found"),
            (&narrow, 403, "insufficient_scope"),
        ] {
            assert_eq!(person.get(&path).await.refusal(), (status, code), "{}", person.email);
        }
        assert_eq!(world.ada.get("/users/nobody_here/avatar").await.refusal(), (404, "user_not_found"));
        assert_eq!(narrow.get("/users/nobody_here/avatar").await.refusal(), (403, "insufficient_scope"));
        assert_eq!(organization.get(AVATAR).await.refusal(), (403, "session_required"));

        // A role of the organization's own shows its members, as long as one is a member.
        let role = world.role("onlookers", &["member:read"]).await;
        let seeing = json!({ "roles": ["viewer", role] });
        world.ada.patch(&format!("/organizations/acme/members/{}", world.vi.id), seeing).await.expect(200);
        world.vi.get(&path).await.expect(200);
        world.ben.post(&format!("/organizations/acme/members/{}/suspend", world.vi.id), json!({})).await.expect(200);
        assert_eq!(world.vi.get(&path).await.refusal(), (404, "user_not_found"));
        world
            .pat
            .post("/admin/organizations/acme/status", json!({ "status": "banned", "status_reason": "Spam" }))
            .await
            .expect(200);
        assert_eq!(world.ben.get(&path).await.refusal(), (404, "user_not_found"));
    }
);

on_each_database!(
    async fn only_a_signed_in_person_changes_their_picture(world: World) {
        let program = world.bearer(&world.cy, &["user:write"]).await;
        for (person, status, code) in [(&program, 403, "session_required"), (&world.anon, 401, "unauthenticated")] {
            assert_eq!(send(person, AVATAR, b"no picture").await.refusal(), (status, code));
            assert_eq!(person.delete(AVATAR).await.refusal(), (status, code));
        }
        let others = send(&world.ada, &format!("/users/{}/avatar", world.cy.id), &png(16, 16)).await;
        assert_eq!(others.refusal(), (405, "method_not_allowed"));
    }
);
