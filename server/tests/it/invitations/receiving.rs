//! Tokens that are not ours, and one's own invitations (security.md I5).

use crate::support::World;
use crate::support::world::PASSWORD;
use serde_json::{Value, json};

const OWN: &str = "/users/@me/invitations";

on_each_database!(
    async fn a_token_with_any_character_changed_is_unknown(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let before = world.rows().await;
        let token = &invited.mailed;
        let mut wrong: Vec<String> = (0..token.len())
            .map(|position| {
                let mut bytes = token.clone().into_bytes();
                bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
                String::from_utf8(bytes).expect("ASCII")
            })
            .collect();
        wrong.extend([
            token[1..].to_owned(),
            token[..token.len() - 1].to_owned(),
            format!("{token}A"),
            format!("{token}="),
        ]);
        wrong.extend(["x".to_owned(), "0".repeat(58), invited.id.clone(), "a".repeat(4000)]);
        let bare = |body: &Value| {
            let mut body = body.clone();
            for varying in ["instance", "request_id"] {
                body[varying] = Value::Null;
            }
            body
        };
        let unknown = bare(&world.anon.get("/invitations/x").await.body);

        for token in wrong {
            let reply = world.anon.get(&format!("/invitations/{token}")).await;
            assert_eq!(reply.refusal(), (404, "invitation_not_found"), "{token}");
            assert_eq!(bare(&reply.body), unknown, "{token}");
        }

        for step in ["accept", "decline"] {
            let reply =
                world.anon.post(&format!("/invitations/{token}A/{step}"), json!({ "password": PASSWORD })).await;
            assert_eq!(reply.refusal(), (404, "invitation_not_found"), "{step}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_token_of_another_purpose_is_unknown(world: World) {
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        let reset = world.last_token("cy@acme.test").await;

        let reply = world.anon.get(&format!("/invitations/{reset}")).await;

        assert_eq!(reply.refusal(), (404, "invitation_not_found"));
    }
);

on_each_database!(
    with[("rate_limits", "invite-token=5/60s")],
    async fn tokens_are_not_guessed(world: World) {
        for number in 0..5 {
            assert_eq!(world.anon.get(&format!("/invitations/x{number}")).await.status, 404);
        }
        for reply in [
            world.anon.get("/invitations/x").await,
            world.anon.post("/invitations/x/accept", json!({})).await,
            world.anon.post_nothing("/invitations/x/decline").await,
        ] {
            assert_eq!(reply.refusal(), (429, "rate_limited"));
            assert!(!reply.header("retry-after").is_empty());
        }
    }
);

on_each_database!(
    async fn dot_finds_what_she_was_sent(world: World) {
        let first = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test", "role": "viewer" })).await;
        world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world.pat.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        world.pat.post("/organizations/bolts/invitations", json!({ "email": "dot@elsewhere.test" })).await.expect(201);

        let list = world.dot.get(OWN).await;

        let names: Vec<_> = list.expect(200)["data"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| &one["organization"]["name"])
            .collect();
        assert_eq!(names, ["Bolts", "Acme Gears"]);
        assert!(list.body["data"][0]["accept_url"].is_null());
        assert!(!list.text.contains(&first.linked) && !list.text.contains(&first.mailed));
        assert_eq!(world.cy.get(OWN).await.column("email").len(), 0);
        assert_eq!(world.dot.get(&format!("{OWN}?status=accepted")).await.column("email").len(), 0);
        let page = world.dot.get(&format!("{OWN}?limit=1")).await;
        let cursor = page.expect(200)["next_cursor"].as_str().expect("more").to_owned();
        assert_eq!(world.dot.get(&format!("{OWN}?limit=1&cursor={cursor}")).await.column("role"), ["viewer"]);
        assert_eq!(world.cy.get(&format!("{OWN}?cursor={cursor}")).await.refusal(), (400, "invalid_cursor"));
    }
);

on_each_database!(
    async fn dot_accepts_without_a_link(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test", "role": "viewer" })).await;
        let accept = format!("{OWN}/{}/accept", invited.id);

        for person in [&world.cy, &world.ben] {
            assert_eq!(person.post_nothing(&accept).await.refusal(), (404, "invitation_not_found"));
            let declined = person.post_nothing(&format!("{OWN}/{}/decline", invited.id)).await;
            assert_eq!(declined.refusal(), (404, "invitation_not_found"));
        }
        assert_eq!(world.anon.post_nothing(&accept).await.refusal(), (401, "unauthenticated"));
        let program = world.bearer(&world.dot, &["user:write", "org:read"]).await;
        assert_eq!(program.post_nothing(&accept).await.refusal(), (403, "session_required"));
        let accepted = world.dot.post_nothing(&accept).await;

        assert_eq!(accepted.expect(200)["membership"]["role"], "viewer");
        world.dot.get("/organizations/acme").await.expect(200);
    }
);

on_each_database!(
    async fn dot_declines_without_a_link(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "dot@elsewhere.test" })).await;

        world.dot.post_nothing(&format!("{OWN}/{}/decline", invited.id)).await.expect(204);

        assert_eq!(
            world.dot.get(&format!("/invitations/{}", invited.mailed)).await.refusal(),
            (410, "invitation_declined")
        );
        let late = world.dot.post_nothing(&format!("{OWN}/{}/accept", invited.id)).await;
        assert_eq!(late.refusal(), (410, "invitation_declined"));
        let actors =
            world.database.texts("select actor_name from audit_events where action = 'invitation.declined'").await;
        assert_eq!(actors, ["Dot Outsider"]);
    }
);
