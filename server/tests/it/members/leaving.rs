//! Leaving, and being removed.

use crate::support::World;
use crate::support::person::Person;
use crate::support::world::PASSWORD;
use serde_json::json;

const ACME: &str = "/organizations/acme";

on_each_database!(
    async fn cy_leaves(world: World) {
        world.cy.post_nothing("/organizations/acme/leave").await.expect(204);

        assert_eq!(world.cy.get(ACME).await.refusal(), (404, "organization_not_found"));
        assert!(world.cy.get("/organizations").await.column("slug").is_empty());
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 4);
        assert!(world.cy.is_signed_in().await);
        assert_eq!(world.cy.post_nothing("/organizations/acme/leave").await.refusal(), (404, "organization_not_found"));
    }
);

on_each_database!(
    async fn leaving_has_other_names(world: World) {
        world.cy.delete("/organizations/acme/members/@me").await.expect(204);
        world.vi.delete(&format!("/organizations/acme/members/{}", world.vi.id)).await.expect(204);

        let emails = world.ada.get("/organizations/acme/members").await;
        assert_eq!(emails.column("email"), ["ada@acme.test", "ben@acme.test", "bil@acme.test"]);
        let left =
            world.database.texts("select target_name from audit_events where action = 'member.left' order by id").await;
        assert_eq!(left, ["Cy Member", "Vi Viewer"]);
    }
);

async fn number_of(world: &World, person: &Person) -> i64 {
    let member = world.ada.get(&format!("{ACME}/members/{}", person.id)).await;
    member.expect(200)["member_id"].as_i64().expect("a number")
}

on_each_database!(
    async fn one_s_own_number_is_oneself(world: World) {
        let (cy, vi) = (number_of(&world, &world.cy).await, number_of(&world, &world.vi).await);
        let ada = number_of(&world, &world.ada).await;
        let before = world.rows().await;

        for reference in [cy.to_string().as_str(), "@me", &world.cy.id] {
            let preview = world.cy.delete(&format!("{ACME}/members/{reference}?dry_run=true")).await;
            assert_eq!(preview.expect(200)["teams"], 0, "{reference}");
        }
        for query in ["", "?dry_run=true"] {
            for other in [vi.to_string().as_str(), &world.ben.id, &world.dot.id, "1", "nobody"] {
                let refused = world.cy.delete(&format!("{ACME}/members/{other}{query}")).await;
                assert_eq!(refused.refusal(), (403, "permission_denied"), "{other}{query}");
            }
            let owner = world.ada.delete(&format!("{ACME}/members/{ada}{query}")).await;
            assert_eq!((owner.refusal(), &owner.body["member_count"]), ((409, "owner_must_transfer"), &json!(5)));
        }
        assert_eq!(world.rows().await, before);

        world.cy.delete(&format!("{ACME}/members/{cy}")).await.expect(204);
        world.database.execute("update organizations set status = 'inactive'", &[]).await;
        world.vi.delete(&format!("{ACME}/members/{vi}")).await.expect(204);
        assert_eq!(world.count("audit_events where action = 'member.left'").await, 2);
    }
);

on_each_database!(
    async fn ben_removes_cy(world: World) {
        let program = world.bearer(&world.cy, &["org:read", "user:read"]).await;
        program.get(ACME).await.expect(200);

        world.ben.delete(&format!("/organizations/acme/members/{}", world.cy.id)).await.expect(204);

        for who in [&world.cy, &program] {
            assert_eq!(who.get(ACME).await.refusal(), (404, "organization_not_found"));
            who.get("/users/@me").await.expect(200);
        }
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 4);
        world.cy.fresh().log_in(PASSWORD).await.expect(200);
        let again = world.ben.delete(&format!("/organizations/acme/members/{}", world.cy.id)).await;
        assert_eq!(again.refusal(), (404, "member_not_found"));
    }
);

on_each_database!(
    async fn with_an_admin_go_the_invitations_she_sent(world: World) {
        world.ben.post("/organizations/acme/invitations", json!({ "email": "eve@x.test" })).await.expect(201);
        world.bearer(&world.ben, &["org:read"]).await;
        let ben = format!("/organizations/acme/members/{}", world.ben.id);
        let before = world.rows().await;

        let preview = world.ada.delete(&format!("{ben}?dry_run=true")).await;
        assert_eq!(
            preview.expect(200),
            &json!({ "teams": 0, "workspaces": 0, "pending_invitations": 1, "personal_tokens": 1 })
        );
        assert_eq!(world.rows().await, before);
        world.ada.delete(&ben).await.expect(204);

        let token = world.ada.get("/organizations/acme/invitations?status=revoked").await;
        assert_eq!(token.column("email"), ["eve@x.test"]);
        assert!(world.mail().await.is_empty(), "a dead invitation was sent");
    }
);

on_each_database!(
    async fn a_dry_run_says_true_or_false(world: World) {
        let cy = format!("/organizations/acme/members/{}", world.cy.id);

        for query in ["dry_run=yes", "dry_run=1", "dry_run=", "dry_run=true&dry_run=true"] {
            let reply = world.ada.delete(&format!("{cy}?{query}")).await;
            assert_eq!(reply.refusal(), (400, "invalid_parameter"), "{query}");
        }
        assert_eq!(world.ada.delete(&format!("{cy}?force=true")).await.refusal(), (400, "unknown_parameter"));
        world.ada.get(&cy).await.expect(200);
        world.ada.delete(&format!("{cy}?dry_run=false")).await.expect(204);
    }
);

on_each_database!(
    async fn an_admin_removes_an_admin_but_a_member_removes_nobody(world: World) {
        world
            .ada
            .patch(&format!("/organizations/acme/members/{}", world.cy.id), json!({ "role": "admin" }))
            .await
            .expect(200);

        world.cy.delete(&format!("/organizations/acme/members/{}", world.ben.id)).await.expect(204);

        let gone = world.ben.delete(&format!("/organizations/acme/members/{}", world.cy.id)).await;
        assert_eq!(gone.refusal(), (404, "organization_not_found"));
    }
);

on_each_database!(
    async fn an_organization_s_admin_has_no_power_over_accounts(world: World) {
        world.ada.post("/organizations/acme/invitations", json!({ "email": "pat@guildhall.test" })).await.expect(201);
        let token = world.last_token("pat@guildhall.test").await;
        world.pat.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);

        world.ben.delete(&format!("/organizations/acme/members/{}", world.pat.id)).await.expect(204);

        assert_eq!(world.pat.get("/users/@me").await.expect(200)["platform_admin"], true);
        world.pat.fresh().log_in(PASSWORD).await.expect(200);
    }
);

on_each_database!(
    async fn removing_and_leaving_at_once_counts_once(world: World) {
        for _ in 0..5 {
            let cy = format!("/organizations/acme/members/{}", world.cy.id);
            let (left, removed) =
                tokio::join!(world.cy.post_nothing("/organizations/acme/leave"), world.ada.delete(&cy));
            let statuses = [left.status, removed.status];
            assert!([[204, 404], [404, 204]].contains(&statuses), "{statuses:?}");
            world.ada.post("/organizations/acme/invitations", json!({ "email": "cy@acme.test" })).await.expect(201);
            let token = world.last_token("cy@acme.test").await;
            world.cy.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);
        }
        assert_eq!(world.ada.get(ACME).await.expect(200)["member_count"], 5);
    }
);
