//! Who gets an answer again that was given before.

use super::operation::Access;
use crate::App;
use crate::auth::{self, Principal};
use domain::error::Result;

/// Judges the caller of an operation anew, without doing it.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct Gate {
    pub(super) access: Access,
    pub(super) again: Again,
}

/// What is asked of a caller before an answer is given again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Again {
    /// All that was asked the first time.
    #[default]
    Everything,
    /// To be in the organization still. What else is needed only the operation knows.
    Place,
    /// Nothing: the operation itself may have ended the caller's place.
    Nothing,
}

impl Gate {
    /// # Errors
    /// As the operation's own.
    pub(in crate::api) async fn judge(self, app: &App, principal: &Principal, org: &str) -> Result<()> {
        match (self.access, self.again) {
            (_, Again::Nothing) | (Access::Public | Access::Anyone, _) => Ok(()),
            (Access::Session, _) => principal.require_session().map(drop),
            (Access::Platform(needed), _) => principal.require_platform(needed),
            (Access::SignedIn(needed), _) if org.is_empty() => {
                needed.map_or(Ok(()), |needed| principal.require_scope(needed))
            }
            (Access::SignedIn(needed), again) => {
                let caller = auth::caller(app, principal.clone(), org).await?;
                caller.require_readable()?;
                match needed {
                    Some(needed) if again == Again::Everything => caller.require(needed),
                    Some(needed) => principal.require_scope(needed),
                    None => Ok(()),
                }
            }
        }
    }
}
