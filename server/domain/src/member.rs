//! Members: people in an organization.

use crate::code::Code;
use crate::error::Error;
use crate::ids::{MemberId, UserId};
use crate::org::Organization;
use crate::page::Many;
use crate::policy::Role;
use crate::team::TeamRef;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod bulk;
mod export;
mod submitted;

pub use bulk::{Batch, BulkChange, BulkReport, BulkResult, BulkSummary, MemberKey, Outcome, Work};
pub use export::{ExportFormat, MemberRow};
pub use submitted::{MemberPatch, MemberReplacement, RoleKey, Suspension, Transfer, role_unknown};
pub(crate) use submitted::{WORKSPACES_MAX, wrong_roles};

choices! {
    /// A suspended member keeps the place but is treated as a stranger.
    MemberStatus {
        Active "active" "Active",
        Suspended "suspended" "Suspended",
    }
}

/// One person in one organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct Member {
    pub member_id: MemberId,
    pub user_id: UserId,
    /// Always the same as `user_id`.
    pub uid: UserId,
    pub username: Option<String>,
    pub email: String,
    pub full_name: Option<String>,
    pub avatar_url: Option<String>,
    /// The system role; `roles` has all.
    pub role: Role,
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub roles: Vec<RoleRef>,
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub workspaces: Vec<PlaceRef>,
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub teams: Vec<TeamRef>,
    pub status: MemberStatus,
    pub suspended_reason: Option<String>,
    /// Only for those who may manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_factor_enabled: Option<bool>,
    /// Only for those who may manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_active_at: Option<Timestamp>,
    pub joined_at: Timestamp,
    pub invited_by: Option<UserId>,
    pub version: i64,
}

impl Member {
    pub fn display_name(&self) -> String {
        crate::user::display_name(self.full_name.as_deref(), &self.email)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleRef {
    pub id: i64,
    pub key: String,
    pub name: String,
}

impl From<Role> for RoleRef {
    fn from(role: Role) -> Self {
        Self { id: role.id(), key: role.key().to_owned(), name: role.name().to_owned() }
    }
}

/// A team or workspace, as far as a list names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceRef {
    pub id: String,
    pub slug: String,
    pub name: String,
}

list_query! {
    /// What `GET …/members` takes.
    MembersQuery {
        search: String,
        /// Keys or ids of roles of any kind.
        role: Many,
        status: String,
        /// Slug or id, or `none` for those in no team.
        team: String,
        /// Slug or id.
        workspace: String,
        has_2fa: String,
        joined_from: String,
        joined_to: String,
    }
}

/// What a transfer of ownership answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transferred {
    pub organization: Organization,
    /// Absent when the former owner left at once.
    pub previous_owner: Option<Member>,
    pub new_owner: Member,
}

/// What an owner who wants to leave has to know.
pub fn owner_must_transfer(member_count: i64, candidates_url: String) -> Error {
    Code::OwnerMustTransfer.with("member_count", member_count).and("candidates_url", Value::from(candidates_url))
}

/// What goes with a member who is removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct RemovalPreview {
    pub teams: i64,
    pub workspaces: i64,
    /// Open invitations that the member has sent.
    pub pending_invitations: i64,
    /// Personal tokens, which lose their power here.
    pub personal_tokens: i64,
}
