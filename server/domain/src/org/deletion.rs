//! Deleting an organization: what is asked, and what is answered.

use super::Status;
use crate::ids::OrgId;
use crate::patch::not_null;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What may be said in a body. A query says the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The slug, typed by a person who means it.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub confirm: Option<String>,
}

/// An organization that is gone for its members, and can still be brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Farewell {
    pub id: OrgId,
    pub slug: String,
    pub status: Status,
    /// When it is removed for good.
    pub purge_at: Option<Timestamp>,
}
