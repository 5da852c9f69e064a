//! Requests that say twice where they end.
//!
//! The HTTP library leaves a length beside chunks out, and reads the chunks. Whoever stands before us may have believed
//! the length, and would see another request in what follows (RFC 9112 section 11.2): so such a request is refused. Only
//! the bytes as they came still tell it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest head that is read here; the library has refused a longer one.
const HEAD: usize = 512 * 1024;
/// Most header fields, as many as the library reads.
pub(super) const FIELDS: usize = 128;

/// Whether a request of this connection has said twice where it ends; an extension of its requests. A request in chunks
/// is the last one of a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Ambiguous(Arc<AtomicBool>);

impl Ambiguous {
    pub(super) fn is_found(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A connection of which the heads of requests are looked at as they come in.
pub(super) struct Watched<S> {
    stream: S,
    found: Ambiguous,
    position: Position,
}

/// Where in the requests of a connection the reading is.
enum Position {
    /// In a head, of which this has come.
    Head(Vec<u8>),
    /// In a body of which so much is to come.
    Body(u64),
    /// Behind the last request that can be told from others.
    End,
}

/// What a head says of the end of its request.
struct Framing {
    /// Bytes of the head itself.
    head: usize,
    /// The same length may be given several times. One that is no number is none that the library takes.
    lengths: Vec<Option<u64>>,
    in_chunks: bool,
}

impl Framing {
    fn is_ambiguous(&self) -> bool {
        self.in_chunks && !self.lengths.is_empty()
    }

    fn next(&self) -> Position {
        let length = self.lengths.first().copied().unwrap_or(Some(0));
        match length.filter(|_| !self.in_chunks && self.lengths.iter().all(|other| *other == length)) {
            Some(length) => Position::Body(length),
            // A request in chunks is the last one, and lengths that differ are refused by the library.
            None => Position::End,
        }
    }
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, found: Ambiguous::default(), position: Position::Head(Vec::new()) }
    }

    pub(super) fn ambiguous(&self) -> Ambiguous {
        self.found.clone()
    }

    fn look_at(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let next = match &mut self.position {
                Position::End => return,
                Position::Body(left) => {
                    let here = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    bytes = &bytes[here..];
                    *left -= here as u64;
                    if *left > 0 {
                        return;
                    }
                    Position::Head(Vec::new())
                }
                Position::Head(seen) => {
                    let before = seen.len();
                    seen.extend_from_slice(bytes);
                    // Nobody makes us read a head anew for each of its bytes.
                    if !has_end(&seen[before.saturating_sub(2)..]) && seen.len() <= HEAD {
                        return;
                    }
                    match framing(seen) {
                        Ok(Some(framing)) => {
                            bytes = &bytes[framing.head - before..];
                            if framing.is_ambiguous() {
                                self.found.0.store(true, Ordering::Release);
                            }
                            framing.next()
                        }
                        Ok(None) if seen.len() <= HEAD => return,
                        Ok(None) | Err(_) => Position::End,
                    }
                }
            };
            self.position = match next {
                Position::Body(0) => Position::Head(Vec::new()),
                next => next,
            };
        }
    }
}

/// Whether a head may end here: an empty line, of which either end may lack its carriage return.
fn has_end(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n\n") || bytes.windows(3).any(|three| three == b"\n\r\n")
}

/// Nothing while there is more of the head to come.
fn framing(bytes: &[u8]) -> Result<Option<Framing>, httparse::Error> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    let httparse::Status::Complete(head) = request.parse(bytes)? else { return Ok(None) };
    let named = |name: &'static str| request.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
    let number = |field: &httparse::Header<'_>| str::from_utf8(field.value).ok()?.trim().parse().ok();
    Ok(Some(Framing {
        head,
        lengths: named("content-length").map(number).collect(),
        in_chunks: named("transfer-encoding").next().is_some(),
    }))
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read {
            this.look_at(&buffer.filled()[before..]);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: &str = "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    /// Whether it is found, however the bytes are cut.
    fn is_found(bytes: &str) -> bool {
        let found = [1, 7, bytes.len()].map(|size| {
            let mut watched = Watched::new(());
            bytes.as_bytes().chunks(size).for_each(|piece| watched.look_at(piece));
            watched.found.is_found()
        });
        assert!(found.iter().all(|one| *one == found[0]), "{found:?} for {bytes:?}");
        found[0]
    }

    #[test]
    fn two_ends_are_found_in_either_order_and_behind_other_requests() {
        let reversed = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n";
        let before = "GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
        let doubled = "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody";
        let bare = "POST / HTTP/1.1\nContent-Length: 4\n\nbody";
        assert!(is_found(TWICE));
        assert!(is_found(reversed));
        for first in [before, doubled, bare] {
            assert!(is_found(&format!("{first}{TWICE}")), "{first:?}");
        }
    }

    #[test]
    fn one_end_is_none_too_many_whatever_the_body_looks_like() {
        let body = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{TWICE}", TWICE.len());
        let chunks = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        assert!(!is_found(&body));
        assert!(!is_found(chunks));
        assert!(!is_found("GET / HTTP/1.1\r\n\r\n"));
        assert!(!is_found("\u{0}"));
    }
}
