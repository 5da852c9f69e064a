//! How often one may ask, and how that is told.

use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const HEADERS: [&str; 5] =
    ["ratelimit-policy", "ratelimit", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

#[track_caller]
fn left(reply: &Reply, policy: &str, quota: u32) -> u32 {
    assert_eq!(reply.header("ratelimit-policy"), format!("\"{policy}\";q={quota};w=3600"));
    assert_eq!(reply.header("x-ratelimit-limit"), quota.to_string());
    let (name, rest) = reply.header("ratelimit").split_once(";r=").expect("what is left");
    let (left, wait) = rest.split_once(";t=").expect("until when");
    assert_eq!((name, left), (format!("\"{policy}\"").as_str(), reply.header("x-ratelimit-remaining")));
    assert!(wait.parse::<u64>().is_ok_and(|wait| wait <= 3600), "{rest}");
    assert!(reply.header("x-ratelimit-reset").parse::<u64>().is_ok_and(|reset| reset > 1_700_000_000));
    left.parse().expect("a number")
}

on_each_database!(
    with[("rate_limits", "default=4/3600s,anonymous=3/3600s")],
    async fn everybody_has_a_quota(world: World) {
        let program = world.bearer(&world.ada, &["org:read"]).await;
        assert_eq!(left(&world.ada.get("/organizations/acme").await, "default", 4), 3);
        assert_eq!(left(&world.ada.get("/nope").await, "default", 4), 2);
        assert_eq!(left(&world.ada.call(Method::PUT, "/organizations").send().await, "default", 4), 1);
        // A token is one more way in for the same person.
        assert_eq!(left(&program.get("/organizations/acme").await, "default", 4), 0);

        for person in [&world.ada, &program] {
            let refused = person.get("/organizations/acme").await;
            assert_eq!(refused.refusal(), (429, "rate_limited"));
            assert_eq!(left(&refused, "default", 4), 0);
            assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=901).contains(&wait)));
        }
        assert_eq!(left(&world.ben.get("/organizations/acme").await, "default", 4), 3);

        assert_eq!(left(&world.anon.get("/organizations/industry-choices").await, "anonymous", 3), 2);
        let unknown = world.anon.with_token("gdh_pat_x").get("/organizations").await;
        assert_eq!((unknown.refusal(), left(&unknown, "anonymous", 3)), ((401, "invalid_token"), 1));
        assert_eq!(left(&world.anon.get("/organizations").await, "anonymous", 3), 0);
        let refused = world.anon.with_token("gdh_pat_y").get("/organizations").await;
        assert_eq!(refused.refusal(), (429, "rate_limited"));
        let wrapped = world.anon.get("/health?envelope=true").await;
        assert_eq!((wrapped.status, wrapped.body["problem"]["code"].as_str()), (429, Some("rate_limited")));
        world.anon.get("/health/live").await.expect(200);
    }
);

on_each_database!(
    async fn without_limits_nothing_is_told(world: World) {
        for path in ["/organizations/acme", "/nope"] {
            let reply = world.ada.get(path).await;
            assert!(HEADERS.iter().all(|name| reply.headers.get(*name).is_none()), "{:?}", reply.headers);
        }
    }
);

on_each_database!(
    with[("rate_limits", "default=999/60s")],
    async fn an_invitation_is_sent_ten_times_a_day(world: World) {
        let path = "/organizations/acme/invitations";
        let invited = world.invited(&world.ben, json!({ "email": "eve@x.test" })).await;
        let resend = format!("{path}/{}/resend", invited.id);
        let again = || world.ben.post(&resend, json!({ "send_email": false }));
        for _ in 0..9 {
            world.advance(Duration::from_secs(61));
            again().await.expect(200);
        }
        world.advance(Duration::from_secs(61));

        let eleventh = again().await;

        assert_eq!(eleventh.refusal(), (429, "rate_limited"));
        world.invited(&world.ben, json!({ "email": "fay@x.test" })).await;
        world.advance(Duration::from_secs(23 * 60 * 60));
        world.ben.get("/organizations").await.expect(200);
        world.advance(Duration::from_secs(60 * 60));
        again().await.expect(200);
    }
);
