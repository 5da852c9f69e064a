//! The program's clock: the only source of time, so that tests can move it.

use domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The system's time in whole milliseconds, shifted by what a test asks for.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn now(&self) -> Timestamp {
        let system = jiff::Timestamp::now().as_millisecond();
        Timestamp::from_millis(system + self.0.load(Ordering::Relaxed))
    }

    /// Moves the clock ahead for everybody who shares it.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }
}
