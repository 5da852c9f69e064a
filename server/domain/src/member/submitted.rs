//! What is submitted to change a member.

use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::patch::not_null;
use crate::policy::Role;
use crate::text::Prose;
use serde::{Deserialize, Serialize};

pub(crate) const ROLES_MAX: usize = 20;
/// Most workspaces that can be named at once.
pub(crate) const WORKSPACES_MAX: usize = 200;
pub(crate) const REASON_MAX: usize = 500;

/// What a client may write for a role: its key or its integer id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum RoleKey {
    Key(String),
    Id(i64),
}

impl RoleKey {
    /// A system role.
    ///
    /// # Errors
    /// `role_unknown` at `field`.
    pub fn find(&self, field: &str) -> Result<Role> {
        Role::find(&self.to_string()).ok_or_else(|| role_unknown(field))
    }
}

impl std::fmt::Display for RoleKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Id(id) => id.fmt(f),
        }
    }
}

pub fn role_unknown(field: &str) -> Error {
    Error::field(field, Code::RoleUnknown, "There is no such role.")
}

/// What a member is to be, as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// Takes the place of the system role; the organization's own roles stay.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = RoleKey))]
    pub role: Option<RoleKey>,
    /// Takes the place of all roles.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleKeys))]
    pub roles: Option<Vec<RoleKey>>,
    /// Ids or slugs of all workspaces from now on.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WorkspaceKeys))]
    pub workspaces: Option<Vec<String>>,
}

/// The whole of what a member is to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberReplacement {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleKeys))]
    pub roles: Vec<RoleKey>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WorkspaceKeys))]
    pub workspaces: Vec<String>,
}

impl From<MemberReplacement> for MemberPatch {
    fn from(whole: MemberReplacement) -> Self {
        Self { role: None, roles: Some(whole.roles), workspaces: Some(whole.workspaces) }
    }
}

impl MemberPatch {
    pub fn of_role(role: RoleKey) -> Self {
        Self { role: Some(role), ..Self::default() }
    }

    /// # Errors
    /// `role_conflict` when both forms are given or no role is named, `too_many_items`.
    pub fn require_form(&self) -> Result<()> {
        if let Some(violation) = wrong_roles(self.role.as_ref(), self.roles.as_deref()) {
            return Err(Error::Invalid(vec![violation]));
        }
        if self.workspaces.as_ref().is_some_and(|workspaces| workspaces.len() > WORKSPACES_MAX) {
            return Err(Error::field("workspaces", Code::TooManyItems, "At most 200 workspaces can be named."));
        }
        Ok(())
    }
}

/// What is wrong with naming roles in this way, whatever roles there are.
pub(crate) fn wrong_roles(role: Option<&RoleKey>, roles: Option<&[RoleKey]>) -> Option<Violation> {
    let (code, rule) = match (role, roles) {
        (Some(_), Some(_)) => (Code::RoleConflict, "Give either role or roles."),
        (None, Some([])) => (Code::RoleConflict, "Name at least one role."),
        (None, Some(roles)) if roles.len() > ROLES_MAX => (Code::TooManyItems, "A member has at most 20 roles."),
        _ => return None,
    };
    Some(Violation::field("roles", code, rule))
}

/// Why a member is suspended, as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub reason: Option<String>,
}

impl Suspension {
    /// The reason; an empty one is none.
    ///
    /// # Errors
    /// `text_too_long`, `text_invalid_character`.
    pub fn parse(&self) -> Result<Option<String>> {
        let mut checked = Checked::default();
        let reason = checked.optional("reason", self.reason.as_deref(), |text| Prose::parse(text, REASON_MAX));
        checked.finish()?;
        Ok(reason.filter(|reason| !reason.is_empty()).map(String::from))
    }
}

/// Who becomes the owner, as it is submitted: one of four names for the same.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::ids::UserId))]
    pub new_owner_uid: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::ids::UserId))]
    pub new_owner_id: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::ids::UserId))]
    pub new_owner: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::ids::MemberId))]
    pub member_id: Option<i64>,
    /// What the former owner becomes; `admin` unless given.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = RoleKey))]
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
