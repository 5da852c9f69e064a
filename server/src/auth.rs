//! Who is calling: how a request becomes a person, and a person a caller in an organization.

mod caller;
mod principal;
mod sql;

pub(crate) use caller::public_place;
pub use caller::{Caller, caller, platform_caller};
pub(crate) use principal::{ABSOLUTE, IDLE};
pub use principal::{Principal, Via, session_principal, token_principal};
