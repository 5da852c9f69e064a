//! Members: people in an organization.

use crate::code::Code;
use crate::error::{Error, Result, Violation};
use crate::ids::{MemberId, UserId};
use crate::org::Organization;
use crate::page::Many;
use crate::patch::not_null;
use crate::policy::Role;
use crate::team::TeamRef;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// What a client may write for a role: its key or its integer id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RoleKey {
    Key(String),
    Id(i64),
}

impl RoleKey {
    /// # Errors
    /// `role_unknown` at `field`.
    pub fn find(&self, field: &str) -> Result<Role> {
        let found = match self {
            Self::Key(key) => Role::find(key),
            Self::Id(id) => Role::find(&id.to_string()),
        };
        found.ok_or_else(|| Error::field(field, Code::RoleUnknown, "There is no such role."))
    }
}

/// A member's new role, as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    #[serde(default, deserialize_with = "not_null")]
    pub role: Option<RoleKey>,
    #[serde(default, deserialize_with = "not_null")]
    pub roles: Option<Vec<RoleKey>>,
}

/// The one system role that `role` or `roles` name; `None` when neither is given.
///
/// # Errors
/// `role_conflict` when both are given or `roles` names several, `too_many_items`, `role_unknown`.
pub fn one_role(role: Option<&RoleKey>, roles: Option<&[RoleKey]>) -> Result<Option<Role>> {
    match (role, roles) {
        (None, None) => Ok(None),
        (Some(role), None) => role.find("role").map(Some),
        (None, Some([role])) => role.find("roles/0").map(Some),
        (None, Some(roles)) if roles.len() > 20 => {
            Err(Error::field("roles", Code::TooManyItems, "A member has at most 20 roles."))
        }
        (None, Some(_)) => Err(Error::field("roles", Code::RoleConflict, "Name exactly one system role.")),
        (Some(_), Some(_)) => Err(Error::field("roles", Code::RoleConflict, "Give either role or roles.")),
    }
}

list_query! {
    /// What `GET …/members` takes.
    MembersQuery {
        search: String,
        role: Many,
        status: String,
    }
}

/// Who becomes the owner, as it is submitted: one of four names for the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    #[serde(default, deserialize_with = "not_null")]
    pub new_owner_uid: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    pub new_owner_id: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    pub new_owner: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    pub member_id: Option<i64>,
    /// What the former owner becomes; `admin` unless given.
    #[serde(default, deserialize_with = "not_null")]
    pub previous_owner_role: Option<RoleKey>,
    /// Whether the former owner leaves at once.
    #[serde(default)]
    pub then_leave: bool,
}

impl Transfer {
    /// The path form of the member who is meant.
    ///
    /// # Errors
    /// `missing_field` when nobody is named, `value_unknown` when several are.
    pub fn successor(&self) -> Result<String> {
        let member = self.member_id.map(|id| id.to_string());
        let named = [&self.new_owner_uid, &self.new_owner_id, &self.new_owner, &member];
        let mut given = named.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(one), None) => Ok(one.clone()),
            (None, _) => Err(Error::field("new_owner_uid", Code::MissingField, "Name the new owner.")),
            (Some(_), Some(_)) => Err(Error::Invalid(vec![Violation::field(
                "new_owner_uid",
                Code::DuplicateField,
                "Name the new owner once.",
            )])),
        }
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
