//! Requests byte for byte, for what a well-behaved client would not send.

use crate::person::Person;
use crate::reply::Reply;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(15);

/// A connection of one request.
pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    pub async fn open(address: &str) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("the server listens") }
    }

    /// Sends bytes and reads until the server hangs up. `None` when it hung up without a word.
    pub async fn exchange(mut self, bytes: &[u8]) -> Option<Reply> {
        // A server that has seen enough closes while we are still writing.
        let _written = self.stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut answer)).await;
        let _reset = read.expect("the server closes the connection");
        parse(&answer)
    }

    /// Sends one piece after another, as over a slow network, and only then reads the answer, as most clients do.
    ///
    /// # Panics
    /// When the server hangs up before everything was sent.
    pub async fn exchange_in_pieces(mut self, pieces: &[&[u8]]) -> Option<Reply> {
        for (sent, piece) in pieces.iter().enumerate() {
            let written = self.stream.write_all(piece).await;
            assert!(written.is_ok(), "the server hung up after {sent} of {} pieces", pieces.len());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.exchange(&[]).await
    }

    /// Sends bytes and goes away.
    pub async fn hang_up_after(mut self, bytes: &[u8], wait: Duration) {
        let _written = self.stream.write_all(bytes).await;
        tokio::time::sleep(wait).await;
    }
}

impl Person {
    /// A request whose target goes out as it is written here.
    pub async fn exactly(&self, method: &str, target: &str) -> Reply {
        let cookie = self.cookie().map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n{cookie}", self.host);
        let rest = "Sec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n";
        let wire = Wire::open(&self.address).await;
        wire.exchange(format!("{head}{rest}").as_bytes()).await.expect("an answer")
    }
}

fn parse(answer: &[u8]) -> Option<Reply> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: HeaderMap = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value.trim()).ok()?))
        })
        .collect();
    let reply = Reply::new(status, headers, &answer[end + 4..]);
    assert_ne!(reply.status, 500, "{}", reply.text);
    Some(reply)
}
