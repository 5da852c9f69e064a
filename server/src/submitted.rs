//! A body as it came, not yet looked into.

use domain::error::Result;

/// What was submitted, or why it cannot be read. The operation opens it only after it has found that the caller may do
/// the thing at all: a stranger learns nothing about fields.
#[derive(Debug)]
pub struct Submitted<T>(Result<T>);

impl<T> Submitted<T> {
    /// A body that was read, or why it could not be.
    pub(crate) fn read(read: Result<T>) -> Self {
        Self(read)
    }

    /// # Errors
    /// What was wrong with the body.
    pub(crate) fn open(self) -> Result<T> {
        self.0
    }
}

impl<T> From<T> for Submitted<T> {
    fn from(value: T) -> Self {
        Self(Ok(value))
    }
}
