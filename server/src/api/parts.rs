//! A body that is sent in parts as they are made: a whole file need not fit into memory.

use axum::body::{Body, Bytes, HttpBody};
use domain::error::Error;
use hyper::body::Frame;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Parts that wait while the reader is slow.
const AHEAD: usize = 2;

struct Parts(mpsc::Receiver<Result<Bytes, Error>>);

/// Sends what `make` hands over. An error breaks the connection, so that nobody takes a part for the whole.
pub(super) fn body<F>(make: impl FnOnce(mpsc::Sender<Result<Bytes, Error>>) -> F) -> Body
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(make(sender));
    Body::new(Parts(receiver))
}

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
