//! Work that keeps a core busy for a while: done a few at a time, on threads of its own.

use domain::code::Code;
use domain::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// A queue in front of a few threads. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Turns {
    free: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
    most: usize,
}

impl Turns {
    /// So many at once, and so many more that may wait. Further ones are sent away at once instead of piling up.
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(at_once)), inside: Arc::default(), most: at_once + waiting }
    }

    /// Does the work when its turn has come. Whoever stops waiting for it does not make room: the work goes on.
    ///
    /// # Errors
    /// `service_unavailable` when too many wait already; `internal_error` when the work broke down.
    pub(crate) async fn take<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = Place::take(&self.inside, self.most)?;
        let turn = Arc::clone(&self.free).acquire_owned().await.map_err(|_| Error::Internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "work on a thread of its own stopped");
            Error::Internal
        })
    }
}

/// A place in the queue, given back on drop.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(inside: &Arc<AtomicUsize>, most: usize) -> Result<Self> {
        let place = Self(Arc::clone(inside));
        if inside.fetch_add(1, Ordering::Relaxed) >= most {
            return Err(Code::ServiceUnavailable.into());
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
