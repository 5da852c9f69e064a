//! Suspending members, and letting them in again (api.md 4.5.3, security.md T5).

use crate::support::World;
use crate::support::person::Person;
use serde_json::{Value, json};

const ACME: &str = "/organizations/acme";

fn path(person: &Person, action: &str) -> String {
    format!("/organizations/acme/members/{}/{action}", person.id)
}

on_each_database!(
    async fn a_suspended_member_is_a_stranger_until_restored(world: World) {
        let program = world.bearer(&world.cy, &["org:read", "member:read"]).await;
        program.get(ACME).await.expect(200);

        let reply = world.ben.post(&path(&world.cy, "suspend"), json!({ "reason": "  On leave.  " })).await;

        let member = reply.expect(200);
        assert_eq!((&member["status"], &member["suspended_reason"]), (&json!("suspended"), &json!("On leave.")));
        assert_eq!((&member["role"], &member["version"]), (&json!("member"), &json!(2)));
        for who in [&world.cy, &program] {
            assert_eq!(who.get(ACME).await.refusal(), (404, "organization_not_found"));
        }
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 4);
        let suspended = world.ada.get("/organizations/acme/members?status=suspended").await;
        assert_eq!(suspended.column("email"), ["cy@acme.test"]);
        let again = world.ben.post(&path(&world.cy, "suspend"), json!({ "reason": "Again." })).await;
        assert_eq!(again.expect(200), member);

        let restored = world.ben.post_nothing(&path(&world.cy, "restore")).await;
        assert_eq!((&restored.expect(200)["status"], &restored.body["version"]), (&json!("active"), &json!(3)));
        assert!(restored.body["suspended_reason"].is_null());
        assert_eq!(world.ben.post_nothing(&path(&world.cy, "restore")).await.expect(200), &restored.body);
        program.get(ACME).await.expect(200);
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 5);
        let log = "select action from audit_events where action in ('member.suspended', 'member.restored') order by id";
        assert_eq!(world.database.texts(log).await, ["member.suspended", "member.restored"]);
    }
);

on_each_database!(
    async fn the_owner_and_oneself_are_not_suspended(world: World) {
        let before = world.rows().await;

        for by in [&world.ben, &world.pat, &world.ada] {
            let reply = by.post(&path(&world.ada, "suspend"), json!({})).await;
            assert_eq!(reply.refusal(), (409, "owner_protected"));
        }
        let oneself = world.ben.post(&path(&world.ben, "suspend"), json!({})).await;
        assert_eq!(oneself.refusal(), (409, "cannot_suspend_self"));
        for by in [&world.cy, &world.bil, &world.vi] {
            for action in ["suspend", "restore"] {
                assert_eq!(by.post(&path(&world.vi, action), json!({})).await.refusal(), (403, "permission_denied"));
            }
        }
        for (body, code) in [
            (json!({ "reason": "x".repeat(501) }), "text_too_long"),
            (json!({ "reason": "a\u{0}b" }), "text_invalid_character"),
            (json!({ "reason": 7 }), "wrong_type"),
            (json!({ "until": "tomorrow" }), "unknown_field"),
        ] {
            assert_eq!(world.ben.post(&path(&world.cy, "suspend"), body).await.refusal(), (422, code));
        }
        for action in ["suspend", "restore"] {
            assert_eq!(world.ben.post(&path(&world.dot, action), json!({})).await.refusal(), (404, "member_not_found"));
        }
        assert_eq!(world.rows().await, before);
        world.ben.post_nothing(&path(&world.cy, "suspend")).await.expect(200);
    }
);

on_each_database!(
    async fn a_seat_has_to_be_free_for_a_return(world: World) {
        world.ada.post_nothing(&path(&world.cy, "suspend")).await.expect(200);
        world.ada.post_nothing(&path(&world.vi, "suspend")).await.expect(200);
        world.database.execute("update organizations set member_limit = 4", &[]).await;

        let restore = |person: &Person| {
            let (ada, path) = (world.ada.clone(), path(person, "restore"));
            async move { ada.post_nothing(&path).await }
        };
        let (cy, vi) = tokio::join!(restore(&world.cy), restore(&world.vi));

        let mut statuses = [cy.status, vi.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let refused = if cy.status == 409 { cy } else { vi };
        assert_eq!(refused.refusal(), (409, "member_limit_reached"));
    }
);

on_each_database!(
    async fn with_the_suspended_go_their_open_invitations(world: World) {
        world.ben.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);

        world.ada.post_nothing(&path(&world.ben, "suspend")).await.expect(200);

        let withdrawn = world.ada.get("/organizations/acme/invitations?status=revoked").await;
        assert_eq!(withdrawn.column("email"), ["eve@x.test"]);
        world.ada.delete(&format!("/organizations/acme/members/{}", world.ben.id)).await.expect(204);
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 4);
    }
);

on_each_database!(
    async fn the_days_keep_how_many_there_were(world: World) {
        let day = std::time::Duration::from_secs(24 * 60 * 60);
        world.advance(day);
        world.ada.log_in(crate::support::world::PASSWORD).await.expect(200);
        world.ada.post_nothing(&path(&world.cy, "suspend")).await.expect(200);
        world.ada.post_nothing(&path(&world.vi, "suspend")).await.expect(200);

        let days = world.ada.get("/organizations/acme/stats").await;

        let members = days.expect(200)["members"].as_array().expect("days").clone();
        let counts: Vec<&Value> = members[members.len() - 3..].iter().map(|day| &day["count"]).collect();
        assert_eq!(counts, [&json!(0), &json!(5), &json!(3)]);
        assert_eq!(world.count("member_days").await, 2);
    }
);
