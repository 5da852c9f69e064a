//! How many invitations there may be.

use crate::support::World;
use serde_json::json;
use std::time::Duration;

const INVITATIONS: &str = "/organizations/acme/invitations";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_each_database!(
    async fn of_twenty_at_once_one_invites(world: World) {
        let before = world.rows().await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let person = if number % 2 == 0 { world.ada.clone() } else { world.ben.clone() };
            let email = if number % 3 == 0 { "EVE@x.test" } else { "eve@x.test" };
            tasks.spawn(async move { person.post(INVITATIONS, json!({ "email": email })).await });
        }

        let replies = tasks.join_all().await;

        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        let refused = replies.iter().filter(|reply| reply.status != 201);
        assert!(refused.clone().all(|reply| reply.refusal() == (409, "already_invited")));
        let after = world.rows().await;
        assert_eq!(
            after.map(i64::from),
            [before[0], before[1], before[2], before[3] + 1, before[4] + 1, before[5] + 1]
        );
        assert_eq!(world.mail().await.len(), 1);
    }
);

on_each_database!(
    with[("limits", "open_invitations=2")],
    async fn only_so_many_invitations_are_open(world: World) {
        for email in ["a@x.test", "b@x.test"] {
            world.ben.post(INVITATIONS, json!({ "email": email })).await.expect(201);
        }

        let third = world.ben.post(INVITATIONS, json!({ "email": "c@x.test" })).await;

        assert_eq!(third.refusal(), (409, "invitation_limit_reached"));
        world.advance(7 * DAY);
        world.ben.log_in(crate::support::world::PASSWORD).await.expect(200);
        world.ben.post(INVITATIONS, json!({ "email": "c@x.test" })).await.expect(201);
    }
);

on_each_database!(
    async fn open_invitations_hold_seats(world: World) {
        world.database.execute("update organizations set member_limit = 6", &[]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..10 {
            let ben = world.ben.clone();
            tasks.spawn(async move { ben.post(INVITATIONS, json!({ "email": format!("e{number}@x.test") })).await });
        }

        let replies = tasks.join_all().await;

        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        let refused = replies.iter().filter(|reply| reply.status != 201);
        assert!(refused.clone().all(|reply| reply.refusal() == (409, "member_limit_reached")));
    }
);

on_each_database!(
    with[("rate_limits", "invite-create=3/3600s")],
    async fn an_organization_invites_only_so_often(world: World) {
        for number in 0..3 {
            world.ben.post(INVITATIONS, json!({ "email": format!("e{number}@x.test") })).await.expect(201);
        }

        let fourth = world.ada.post(INVITATIONS, json!({ "email": "e3@x.test" })).await;

        assert_eq!(fourth.refusal(), (429, "rate_limited"));
        assert!(fourth.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=3600).contains(&wait)));
    }
);
