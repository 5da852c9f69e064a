//! Organizations as one person belongs to them.

use crate::ids::InvitationId;
use crate::org::View;
use crate::policy::Role;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

choices! {
    /// How a person stands to an organization.
    AffiliationStatus {
        Active "active" "Member",
        Suspended "suspended" "Suspended",
        /// Invited, and not yet in.
        Pending "pending" "Invited",
    }
}

/// An organization, as much of it as the caller may see, and how the person belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Affiliation {
    #[serde(flatten)]
    pub organization: View,
    pub membership: Standing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Standing {
    pub status: AffiliationStatus,
    /// Not told to those who may not see the organization's members.
    pub role: Option<Role>,
    /// Not told to those who may not see the organization's members; absent while the invitation is open.
    pub joined_at: Option<Timestamp>,
    /// The open invitation, for the invited person.
    pub invitation_id: Option<InvitationId>,
}

list_query! {
    /// What `GET /users/{user}/organizations` takes.
    AffiliationsQuery {
        status: crate::page::Many => AffiliationStatus,
    }
}
