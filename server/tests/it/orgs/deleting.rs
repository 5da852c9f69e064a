//! Deleting an organization, bringing it back, and removing it for good.

use crate::support::World;
use crate::support::database::Value as Bound;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const ACME: &str = "/organizations/acme";
const DELETE: &str = "/organizations/acme?confirm=acme";
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

async fn purged(world: &World) -> Vec<String> {
    world.database.texts("select target_name from audit_events where action = 'org.purged' order by id").await
}

on_each_database!(
    async fn a_deleted_organization_is_gone_for_all_but_its_owner(world: World) {
        world.ada.patch(ACME, json!({ "visibility": "public" })).await.expect(200);

        let deleted = world.ada.delete(DELETE).await;

        assert_eq!(deleted.expect(202)["status"], "pending_deletion");
        assert_eq!(deleted.body["slug"], "acme");
        let again = world.ada.call(Method::DELETE, ACME).json(&json!({ "confirm": "acme" })).send().await;
        assert_eq!(again.expect(202), &deleted.body);
        for person in [&world.ben, &world.cy, &world.dot, &world.anon] {
            assert_eq!(person.get(ACME).await.refusal(), (404, "organization_not_found"));
        }
        assert!(world.ben.get("/organizations").await.column("slug").is_empty());
        let seen = world.ada.get(ACME).await;
        assert_eq!(
            (&seen.expect(200)["purge_at"], seen.body["deleted_at"].is_string()),
            (&deleted.body["purge_at"], true)
        );
        world.pat.get(ACME).await.expect(200);
        for reply in [
            world.ada.patch(ACME, json!({ "bio": "x" })).await,
            world.ada.post("/organizations/acme/invitations", json!({ "email": "a@x.test" })).await,
        ] {
            assert_eq!(reply.refusal(), (404, "organization_not_found"));
        }
        let revived = world.pat.patch(ACME, json!({ "status": "active" })).await;
        assert_eq!(revived.refusal(), (409, "invalid_status_transition"));
        let told = world.mail_to("ada@acme.test").await.pop().expect("a mail");
        assert_eq!(told.subject, "Acme Gears was deleted");
        assert_eq!(world.database.number("select count(*) from audit_events where action = 'org.deleted'").await, 1);
    }
);

on_each_database!(
    async fn deleting_has_to_be_meant(world: World) {
        let before = world.rows().await;
        for path in [ACME, "/organizations/acme?confirm=", "/organizations/acme?confirm=Acme"] {
            let reply = world.ada.delete(path).await;
            assert_eq!(reply.errors(), [("#/confirm", "confirmation_mismatch")], "{path}");
        }
        let other = world.ada.call(Method::DELETE, DELETE).json(&json!({ "confirm": "x" })).send().await;
        assert_eq!(other.refusal(), (422, "confirmation_mismatch"));
        let odd = world.ada.call(Method::DELETE, DELETE).json(&json!({ "really": true })).send().await;
        assert_eq!(odd.refusal(), (422, "unknown_field"));
        for person in [&world.ben, &world.cy, &world.vi] {
            assert_eq!(person.delete(DELETE).await.refusal(), (403, "permission_denied"));
        }
        assert_eq!(world.dot.delete(DELETE).await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.delete(DELETE).await.refusal(), (401, "unauthenticated"));
        assert_eq!(world.ada.delete(&format!("{DELETE}&purge=true")).await.refusal(), (403, "permission_denied"));
        let stale = world.ada.call(Method::DELETE, DELETE).header("if-match", r#""9-x""#).send().await;
        assert_eq!(stale.refusal(), (412, "precondition_failed"));
        let narrow = world.bearer(&world.ada, &["org:update"]).await;
        assert_eq!(narrow.delete(DELETE).await.refusal(), (403, "insufficient_scope"));
        world.advance(Duration::from_secs(16 * 60));
        assert_eq!(world.ada.delete(DELETE).await.refusal(), (403, "reauthentication_required"));
        assert_eq!(world.rows().await[0], before[0]);
        world.ada.get(ACME).await.expect(200);

        let program = world.bearer(&world.ada, &["org:delete"]).await;
        assert_eq!(program.delete("/organizations/acme?confirm=x").await.refusal(), (422, "confirmation_mismatch"));
        program.delete(ACME).await.expect(202);
    }
);

on_each_database!(
    async fn restoring_brings_the_former_status_back(world: World) {
        assert_eq!(
            world.ada.post_nothing("/organizations/acme/restore").await.refusal(),
            (409, "not_pending_deletion")
        );
        for status in ["active", "inactive"] {
            world.ada.patch(ACME, json!({ "status": status })).await.expect(200);
            world.ada.delete(DELETE).await.expect(202);
            assert_eq!(world.ben.post_nothing("/organizations/acme/restore").await.refusal().0, 404);

            let org = world.ada.post_nothing("/organizations/acme/restore").await;

            assert_eq!(org.expect(200)["status"], status);
            assert!(org.body["deleted_at"].is_null() && org.body["purge_at"].is_null());
            world.cy.get("/organizations/acme/members").await.expect(200);
        }
        let actions = "select action from audit_events where action in ('org.deleted', 'org.restored') order by id";
        assert_eq!(world.database.texts(actions).await, ["org.deleted", "org.restored"].repeat(2));
    }
);

on_each_database!(
    async fn a_month_later_it_is_removed_and_its_slug_is_held(world: World) {
        world.dot.post("/organizations", json!({ "name": "Bolts", "slug": "bolts" })).await.expect(201);
        world.ada.delete(DELETE).await.expect(202);
        world.dot.delete("/organizations/bolts?confirm=bolts").await.expect(202);
        world.dot.post_nothing("/organizations/bolts/restore").await.expect(200);

        world.advance(MONTH - Duration::from_secs(60));
        world.app.tidy().await.expect("tidied");
        assert_eq!(world.count("organizations").await, 2);
        world.advance(Duration::from_secs(120));
        world.app.tidy().await.expect("tidied");
        world.app.tidy().await.expect("nothing is left to do");

        assert_eq!(purged(&world).await, ["Acme Gears"]);
        assert_eq!(world.database.texts("select slug from organizations").await, ["bolts"]);
        assert_eq!(world.count("memberships").await, 1);
        let actor = world.database.texts("select actor_kind from audit_events where action = 'org.purged'").await;
        assert_eq!(actor, ["system"]);
        let ada = world.bearer(&world.ada, &["org:create", "org:delete"]).await;
        let restored = ada.post_nothing("/organizations/acme/restore").await;
        assert_eq!(restored.refusal(), (404, "organization_not_found"));
        let wanted = json!({ "name": "Acme", "slug": "acme" });
        assert_eq!(ada.post("/organizations", wanted.clone()).await.refusal(), (409, "slug_taken"));
        world.advance(MONTH * 3 + Duration::from_secs(60));
        let ada = world.bearer(&world.ada, &["org:create"]).await;
        ada.post("/organizations", wanted).await.expect(201);
    }
);

on_each_database!(
    async fn the_platform_removes_one_at_once_unless_money_is_left(world: World) {
        let sql = "insert into wallets (organization_id, balance, updated_at) select id, 5, $1 from organizations";
        world.database.execute(sql, &[Bound::Number(1)]).await;
        let purge = "/admin/organizations/acme?confirm=acme&purge=true";

        let unsaid = world.pat.delete("/admin/organizations/acme?purge=true").await;
        assert_eq!(unsaid.refusal(), (422, "confirmation_mismatch"));
        assert_eq!(world.pat.delete(purge).await.refusal(), (409, "wallet_not_settled"));
        world.pat.delete(DELETE).await.expect(202);
        world.advance(MONTH + Duration::from_secs(60));
        world.app.tidy().await.expect("tidied");
        assert_eq!(world.count("organizations").await, 1);
        let pat = world.bearer(&world.pat, &["admin:write"]).await;
        pat.delete(&format!("{purge}&force=true")).await.expect(204);

        assert_eq!(purged(&world).await, ["Acme Gears"]);
        assert_eq!((world.count("organizations").await, world.count("memberships").await), (0, 0));
        assert_eq!(pat.get("/admin/organizations/acme").await.refusal(), (404, "organization_not_found"));
    }
);
