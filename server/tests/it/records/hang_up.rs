//! Clients that go away in the middle (security.md R2).

use crate::support::{Wire, World};
use serde_json::json;
use std::time::Duration;

on_each_database!(
    async fn clients_that_hang_up_leave_nothing_half_done(world: World) {
        let cookie = world.ben.cookie().expect("signed in");
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..100_u64 {
            let body = json!({ "email": format!("gone{number}@x.test") }).to_string();
            let request = format!(
                "POST /api/v1/organizations/acme/invitations HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                world.ben.host,
                body.len()
            );
            let address = world.ben.address.clone();
            tasks.spawn(async move {
                let wait = Duration::from_micros(number * 7919 % 20_000);
                Wire::open(&address).await.hang_up_after(request.as_bytes(), wait).await;
            });
        }
        tasks.join_all().await;

        for number in 0..30 {
            let email = format!("stays{number}@x.test");
            world.ben.post("/organizations/acme/invitations", json!({ "email": email })).await.expect(201);
            world.cy.get("/organizations/acme/members").await.expect(200);
        }

        let invitations = world.database.count("invitations where email like 'gone%'").await;
        assert_eq!(world.database.count("outbox where recipient like 'gone%'").await, invitations);
        assert_eq!(world.database.count("audit_events where target_name like 'gone%'").await, invitations);
        if world.database.kind == crate::support::database::Kind::Postgres {
            let idle = "select count(*) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()
             and state_change < now() - interval '1 second'";
            assert_eq!(world.database.number(idle).await, 0);
        }
    }
);
