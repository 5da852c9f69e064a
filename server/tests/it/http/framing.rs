//! Requests whose frame does not hold.

use crate::support::{Wire, World};
use serde_json::json;

on_each_database!(
    async fn a_framing_that_could_be_read_two_ways_is_refused(world: World) {
        let before = world.rows().await;
        let cookie = world.ada.cookie().expect("signed in");
        let body = r#"{"name":"Bolts"}"#;
        for framing in [
            "Content-Length: -1",
            "Content-Length: 5, 6",
            "Content-Length: 0x10",
            "Content-Length: 16\r\nContent-Length: 17",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "X-Bad: a\rb\r\nContent-Length: 16",
            "X-Bad: a\0b\r\nContent-Length: 16",
            "X Bad: a\r\nContent-Length: 16",
        ] {
            let request = format!(
                "POST /api/v1/organizations HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\n{framing}\r\nConnection: close\r\n\r\n{body}",
                world.ada.host
            );
            let reply = Wire::open(&world.ada.address).await.exchange(request.as_bytes()).await;
            assert_eq!(reply.map(|reply| reply.status), Some(400), "{framing:?}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_length_beside_chunks_is_refused(world: World) {
        let before = world.rows().await;
        let head = format!(
            "POST /api/v1/organizations HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\n",
            world.ada.host,
            world.ada.cookie().expect("signed in")
        );
        let chunks = "10\r\n{\"name\":\"Bolts\"}\r\n0\r\n\r\n";
        for framing in [
            "Content-Length: 27\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 27",
            "content-length: 0\r\ntransfer-encoding: chunked",
        ] {
            let request = format!("{head}{framing}\r\n\r\n{chunks}");
            let reply = Wire::open(&world.ada.address).await.exchange(request.as_bytes()).await.expect("an answer");
            assert_eq!((reply.refusal(), reply.header("connection")), ((400, "bad_request"), "close"), "{framing:?}");
        }
        assert_eq!(world.rows().await, before);

        let request = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        let reply = Wire::open(&world.ada.address).await.exchange(request.as_bytes()).await.expect("an answer");
        assert_eq!((reply.status, reply.header("connection")), (201, "close"));
    }
);

on_each_database!(
    async fn a_body_that_breaks_off_writes_nothing(world: World) {
        let before = world.rows().await;
        let cookie = world.ada.cookie().expect("signed in");
        for (framing, body) in [
            ("Transfer-Encoding: chunked", "ZZ\r\n{\"name\":\"Bolts\"}\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked", "10\r\n{\"name\":\"Bolts\"}"),
            ("Content-Length: 17", "{\"name\":\"Bolts\"}"),
        ] {
            let request = format!(
                "POST /api/v1/organizations HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\n{framing}\r\nConnection: close\r\n\r\n{body}",
                world.ada.host
            );
            let wire = Wire::open(&world.ada.address).await;
            wire.hang_up_after(request.as_bytes(), std::time::Duration::from_millis(100)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert_eq!(world.rows().await, before);
        world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
    }
);

on_each_database!(
    async fn a_body_that_is_too_long_is_heard_out_before_it_is_refused(world: World) {
        let cookie = world.ada.cookie().expect("signed in");
        let bytes = [b'a'; 8 * 1024];
        let chunk = [b"2000\r\n", &bytes[..], b"\r\n"].concat();
        for (framing, piece, end) in
            [("Content-Length: 262144", &bytes[..], ""), ("Transfer-Encoding: chunked", &chunk[..], "0\r\n\r\n")]
        {
            let head = format!(
                "POST /api/v1/organizations HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\n{framing}\r\nConnection: close\r\n\r\n",
                world.ada.host
            );
            let pieces = [&[head.as_bytes()][..], &[piece; 32], &[end.as_bytes()]].concat();
            let reply = Wire::open(&world.ada.address).await.exchange_in_pieces(&pieces).await.expect("an answer");
            reply.expect(413);
            assert_eq!(reply.body["code"], "payload_too_large", "{framing}");
        }
    }
);
