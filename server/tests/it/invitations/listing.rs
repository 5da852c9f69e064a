//! The list of invitations, and who sees the links in it (security.md I3).

use crate::support::World;
use crate::support::world::{PASSWORD, token_of};
use serde_json::json;
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One invitation in each state, made a minute apart; the clock ends a week later.
async fn one_of_each(world: &World) {
    let accept = json!({ "password": PASSWORD });
    let accepted = world.invited(&world.ben, json!({ "email": "accepted@x.test", "role": "viewer" })).await;
    world.anon.fresh().post(&format!("/invitations/{}/accept", accepted.mailed), accept).await.expect(200);
    world.advance(Duration::from_secs(60));
    let declined = world.invited(&world.ben, json!({ "email": "declined@x.test" })).await;
    world.anon.post_nothing(&format!("/invitations/{}/decline", declined.mailed)).await.expect(204);
    world.advance(Duration::from_secs(60));
    let revoked = world.invited(&world.ben, json!({ "email": "revoked@x.test" })).await;
    world.ben.delete(&format!("{INVITATIONS}/{}", revoked.id)).await.expect(204);
    world.advance(Duration::from_secs(60));
    world.invited(&world.ben, json!({ "email": "late@x.test", "name": "Ludwig", "expires_in_days": 1 })).await;
    world.advance(Duration::from_secs(60));
    world.invited(&world.ada, json!({ "email": "open@x.test", "role": "admin", "expires_in_days": 30 })).await;
    for _ in 0..3 {
        world.advance(DAY / 2);
        assert!(world.ada.is_signed_in().await && world.ben.is_signed_in().await && world.cy.is_signed_in().await);
    }
}

on_each_database!(
    async fn the_open_and_the_expired_are_shown_first(world: World) {
        one_of_each(&world).await;

        let usual = world.ben.get(INVITATIONS).await;

        assert_eq!(usual.column("email"), ["open@x.test", "late@x.test"]);
        assert_eq!(usual.column("status"), ["pending", "expired"]);
        assert_eq!(usual.body["data"][1]["is_expired"], true);
        assert!(usual.body["data"][1]["accept_url"].is_null());
        for (query, emails) in [
            ("status=pending", vec!["open@x.test"]),
            ("status=expired", vec!["late@x.test"]),
            ("status=accepted&search=x.test", vec!["accepted@x.test"]),
            ("status=declined", vec!["declined@x.test"]),
            ("status=revoked", vec!["revoked@x.test"]),
            ("status=revoked&status=declined", vec!["revoked@x.test", "declined@x.test"]),
            (
                "status=all&search=x.test",
                vec!["open@x.test", "late@x.test", "revoked@x.test", "declined@x.test", "accepted@x.test"],
            ),
            ("status=all&search=x.test&sort=created_at&limit=2", vec!["accepted@x.test", "declined@x.test"]),
            ("status=all&search=x.test&sort=email&limit=2", vec!["accepted@x.test", "declined@x.test"]),
            ("status=all&search=x.test&sort=-email&limit=1", vec!["revoked@x.test"]),
            ("status=all&search=x.test&sort=-expires_at&limit=1", vec!["open@x.test"]),
            ("sort=expires_at", vec!["late@x.test", "open@x.test"]),
            ("search=LUDW", vec!["late@x.test"]),
            ("search=open@x", vec!["open@x.test"]),
            ("search=%25%25%25", vec![]),
            ("role=admin", vec!["open@x.test"]),
            ("role=2", vec!["open@x.test"]),
            ("status=all&search=x.test&role=viewer", vec!["accepted@x.test"]),
        ] {
            assert_eq!(world.ben.get(&format!("{INVITATIONS}?{query}")).await.column("email"), emails, "{query}");
        }
        let bens = world.ada.get(&format!("{INVITATIONS}?invited_by={}", world.ben.id)).await;
        assert_eq!(bens.column("email"), ["late@x.test"]);
    }
);

on_each_database!(
    async fn a_cursor_leads_through_the_invitations(world: World) {
        one_of_each(&world).await;
        for sort in ["-created_at", "created_at", "expires_at", "-expires_at", "email", "-email"] {
            let base = format!("{INVITATIONS}?status=all&search=x.test&sort={sort}");
            let all = world.ben.get(&base).await;
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = world.ben.get(&format!("{base}&limit=2{cursor}")).await;
                seen.extend(page.column("email").into_iter().map(str::to_owned));
                match page.body["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, all.column("email"), "{sort}");
        }
        let paged = world.ben.get(&format!("{INVITATIONS}?status=all&search=x.test&page=2&per_page=3")).await;
        assert_eq!(paged.column("email"), ["declined@x.test", "accepted@x.test"]);
        assert_eq!((paged.body["total"].as_u64(), paged.body["total_pages"].as_u64()), (Some(5), Some(2)));
    }
);

on_each_database!(
    async fn only_those_who_invite_see_the_link(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let one = format!("{INVITATIONS}/{}", invited.id);

        for person in [&world.cy, &world.bil, &world.vi] {
            assert_eq!(person.get(INVITATIONS).await.refusal(), (403, "permission_denied"));
            assert_eq!(person.get(&one).await.refusal(), (403, "permission_denied"));
        }
        let reader = world.bearer(&world.ben, &["org:read", "invite:read"]).await;
        for reply in [reader.get(&one).await, reader.get(INVITATIONS).await] {
            assert_eq!(reply.status, 200, "{}", reply.text);
            assert!(!reply.text.contains(&invited.linked), "{}", reply.text);
        }
        let writer = world.bearer(&world.ben, &["invite:write"]).await;
        for reply in [writer.get(&one).await, world.ben.get(&one).await] {
            let link = reply.expect(200)["accept_url"].as_str().expect("a link");
            assert_eq!(token_of(link), invited.linked);
        }
    }
);

on_each_database!(
    async fn the_mailed_token_is_in_the_mail_alone(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        assert_ne!(invited.mailed, invited.linked);
        let one = format!("{INVITATIONS}/{}", invited.id);

        for reply in [
            world.ada.get(&one).await,
            world.ada.get(INVITATIONS).await,
            world.ada.get("/organizations/acme").await,
            world.ada.post_nothing(&format!("{one}/resend")).await,
            world.anon.get(&format!("/invitations/{}", invited.linked)).await,
        ] {
            assert_eq!(reply.status, 200);
            assert!(!reply.text.contains(&invited.mailed), "{}", reply.text);
        }
    }
);

on_each_database!(
    async fn no_row_holds_a_token(world: World) {
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        let reset = world.last_token("cy@acme.test").await;
        let cookie = world.cy.cookie().expect("signed in");
        let cookie = cookie.trim_start_matches("sid=");
        for sql in [
            "select kind || recipient || details || state || coalesce(last_error, '') from outbox",
            "select action || actor_name || target_kind || target_id || target_name || changes from audit_events",
            "select email || coalesce(name, '') || coalesce(message, '') || status || coalesce(redirect_to, '') from invitations",
            "select email || coalesce(password_hash, '') from users",
            "select digest || data from sessions",
        ] {
            for row in world.database.texts(sql).await {
                for secret in [invited.mailed.as_str(), &invited.linked, &reset, cookie, PASSWORD] {
                    assert!(!row.contains(secret), "{sql}: {row}");
                }
            }
        }
    }
);
