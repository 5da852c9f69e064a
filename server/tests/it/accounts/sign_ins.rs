//! Seeing where one is signed in, and ending that.

use crate::support::World;
use crate::support::world::PASSWORD;
use serde_json::json;
use std::time::Duration;

const SESSIONS: &str = "/users/@me/sessions";

on_each_database!(
    async fn one_device_is_signed_out_from_another(world: World) {
        let phone = world.cy.fresh();
        phone.log_in(PASSWORD).await.expect(200);

        let listed = world.cy.get(SESSIONS).await;
        let current: Vec<_> = listed.expect(200)["data"].as_array().expect("a list").iter().collect();
        assert_eq!(current.iter().map(|row| row["current"] == true).collect::<Vec<_>>(), [false, true]);
        assert!(current.iter().all(|row| row["ip"] == "127.0.0.1" && row["last_seen_at"].is_string()));
        let id = listed.column("id")[0].to_owned();

        let path = format!("{SESSIONS}/{id}");
        for wrong in [world.ben.delete(&path).await, world.cy.delete(&format!("{SESSIONS}/1")).await] {
            assert_eq!(wrong.refusal(), (404, "not_found"));
        }
        world.cy.delete(&path).await.expect(204);

        assert!(!phone.is_signed_in().await && world.cy.is_signed_in().await);
        assert_eq!(world.cy.delete(&path).await.refusal(), (404, "not_found"));
        assert_eq!(world.cy.get(SESSIONS).await.column("id").len(), 1);
    }
);

on_each_database!(
    async fn all_others_are_ended_at_once(world: World) {
        let others = [world.cy.fresh(), world.cy.fresh()];
        for other in &others {
            other.log_in(PASSWORD).await.expect(200);
        }

        world.cy.delete(SESSIONS).await.expect(204);

        for other in &others {
            assert!(!other.is_signed_in().await);
        }
        assert!(world.cy.is_signed_in().await && world.ben.is_signed_in().await);
        assert_eq!(world.cy.get(SESSIONS).await.column("id").len(), 1);
    }
);

on_each_database!(
    async fn only_what_is_good_still_is_listed_and_only_to_a_person(world: World) {
        let phone = world.cy.fresh();
        phone.log_in(PASSWORD).await.expect(200);
        let program = world.bearer(&world.cy, &["user:write"]).await;

        world.advance(Duration::from_secs(20 * 60 * 60));
        assert!(world.cy.is_signed_in().await);
        assert_eq!(world.cy.get(&format!("{SESSIONS}?limit=1")).await.expect(200)["has_more"], true);
        world.advance(Duration::from_secs(5 * 60 * 60));

        assert_eq!(world.cy.get(SESSIONS).await.column("id").len(), 1);
        assert_eq!(world.cy.get(&format!("{SESSIONS}?page=1")).await.expect(200)["total"], 1);
        for refused in [program.get(SESSIONS).await, program.delete(SESSIONS).await] {
            assert_eq!(refused.refusal(), (403, "session_required"));
        }
        assert_eq!(world.anon.get(SESSIONS).await.refusal(), (401, "unauthenticated"));
        assert_eq!(world.cy.post(SESSIONS, json!({})).await.refusal(), (405, "method_not_allowed"));
    }
);
