//! Taking connections, and letting the open ones finish at the end.

use super::framing::{self, Watched};
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt as _;

/// A client that sends its header more slowly is hung up on.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Open connections at a time; further ones wait to be accepted.
const CONNECTIONS: usize = 1024;
/// How long open requests may take to finish at the end.
const FAREWELL: Duration = Duration::from_secs(8);

/// The peer of a connection, as an extension of its requests.
#[derive(Debug, Clone, Copy)]
pub struct Connection(pub SocketAddr);

/// Serves until `stop` is ready, then lets the requests that are open come to their end.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                // Small answers leave at once.
                let _slower = stream.set_nodelay(true);
                let stream = Watched::new(stream);
                let ambiguous = stream.ambiguous();
                let service = router.clone().map_request(move |mut request: hyper::Request<Incoming>| {
                    request.extensions_mut().insert(Connection(peer));
                    request.extensions_mut().insert(ambiguous.clone());
                    request.map(Body::new)
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_TIME)
                    .max_headers(framing::FIELDS)
                    .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
                let connection = graceful.watch(connection);
                tokio::spawn(async move {
                    // A client that goes away is nothing to report.
                    let _ended = connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}
