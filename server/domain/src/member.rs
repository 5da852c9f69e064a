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

#[cfg(feature = "schema")]
pub(crate) use bulk::MEMBERS_MAX;
pub use bulk::{Batch, BulkChange, BulkReport, BulkResult, BulkSummary, MemberKey, Outcome, Work};
pub use export::{ExportFormat, MemberRow};
pub use submitted::{MemberPatch, MemberReplacement, RoleKey, Suspension, Transfer, role_unknown};
#[cfg(feature = "schema")]
pub(crate) use submitted::{REASON_MAX, ROLES_MAX};
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    pub member_id: MemberId,
    pub user_id: UserId,
    /// Always the same as `user_id`.
    pub uid: UserId,
    pub username: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Email))]
    pub email: String,
    pub full_name: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
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
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub two_factor_enabled: Option<bool>,
    /// Only for those who may manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Timestamp))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlaceRef {
    pub id: String,
    pub slug: String,
    pub name: String,
}

list_query! {
    /// What `GET …/members` takes.
    MembersQuery by ["name", "email", "joined_at"] finds "In full name, username and address." {
        /// Keys or ids of roles of any kind.
        role: Many,
        status: String => MemberStatus,
        /// Slug or id, or `none` for those in no team.
        team: String,
        /// Slug or id.
        workspace: String,
        /// Only for those who may manage members.
        has_2fa: String => bool,
        /// From this moment on.
        joined_from: String => Timestamp,
        /// Before this moment.
        joined_to: String => Timestamp,
    }
}

/// What a transfer of ownership answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RemovalPreview {
    pub teams: i64,
    pub workspaces: i64,
    /// Open invitations that the member has sent.
    pub pending_invitations: i64,
    /// Personal tokens, which lose their power here.
    pub personal_tokens: i64,
}
