//! Answers that come before the request was read to its end.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::oneshot;

/// Most that is read for the sake of the client alone.
const SIZE: u64 = 16 * 1024 * 1024;
/// Longest time that it may take.
const TIME: Duration = Duration::from_secs(10);
/// Longest pause of a client that still sends.
const PAUSE: Duration = Duration::from_secs(1);

/// Reads what nobody wanted of a body before the answer leaves. To close a connection on a client that still sends would
/// reset it, and the client would see that instead of the answer (RFC 9112 section 9.6).
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    let waits_to_be_asked = request.headers().contains_key(header::EXPECT);
    if waits_to_be_asked || request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (leave, mut left) = oneshot::channel();
    let response = next.run(request.map(|body| Body::new(Lent { body, leave: Some(leave) }))).await;
    if let Ok(rest) = left.try_recv()
        && rest.size_hint().lower() <= SIZE
    {
        let _given_up = tokio::time::timeout(TIME, skip(rest)).await;
    }
    response
}

async fn skip(mut body: Body) {
    let mut size = 0;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(PAUSE, body.frame()).await {
        size += frame.data_ref().map_or(0, Bytes::len) as u64;
        if size > SIZE {
            return;
        }
    }
}

/// A body that comes back when it is dropped.
struct Lent {
    body: Body,
    leave: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(leave) = self.leave.take().filter(|_| !self.body.is_end_stream()) {
            // Without a receiver the answer has left already.
            let _unwanted = leave.send(std::mem::take(&mut self.body));
        }
    }
}
