//! An id of each kind: a UUID version 7 (RFC 9562), so ids sort by age.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "rows", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                hyphenated(text).map(Self)
            }
        }

        schema_of!($name: Shape::kind("uuid"));
    )*};
}

ids! {
    AuditEventId
    InvitationId
    MailId
    OrgId
    /// One signing in of one person on one device.
    SignInId
    TeamId
    TokenId
    /// One entry of a wallet's ledger.
    TransactionId
    UserId
    WorkspaceId
}

/// Only the common form with hyphens is an id here: one thing, one spelling.
fn hyphenated(text: &str) -> Result<Uuid, uuid::Error> {
    let looks_right = text.len() == 36 && text.as_bytes().iter().all(|b| b.is_ascii_hexdigit() || *b == b'-');
    Uuid::parse_str(if looks_right { text } else { "" })
}

/// Numbers are 48 random bits.
#[cfg(feature = "schema")]
const LARGEST_NUMBER: i64 = (1 << 48) - 1;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "rows", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        schema_of!($name: Shape::number(1, LARGEST_NUMBER));
    )*};
}

numbers! {
    /// The integer by which a membership is also known: 48 random bits, so it tells nothing and is safe in JavaScript.
    MemberId
    /// The integer by which a role is known: 1 to 5 for the system roles, 48 random bits for an organization's own.
    RoleId
}
