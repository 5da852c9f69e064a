//! Changing an open invitation.

use super::{Grants, end};
use crate::error::{Checked, Result};
use crate::member::RoleKey;
use crate::patch::{Patch, not_null};
use crate::text::Name;
use crate::time::Timestamp;
use crate::user::FULL_NAME_MAX;
use serde::{Deserialize, Serialize};

/// Changes of an open invitation, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationPatch {
    /// A system role takes the place of the one before; one of the organization's own, that of all its own.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = RoleKey))]
    pub role: Option<RoleKey>,
    /// Takes the place of all roles.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleKeys))]
    pub roles: Option<Vec<RoleKey>>,
    /// Ids or slugs of all teams from now on.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::TeamKeys))]
    pub teams: Option<Vec<String>>,
    /// Ids or slugs of all workspaces from now on.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WorkspaceKeys))]
    pub workspaces: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::PersonName>))]
    pub name: Patch<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Timestamp))]
    pub expires_at: Option<String>,
}

/// The fields of a patch that were found right.
#[derive(Debug, Clone)]
pub struct InvitationRevision {
    pub grants: Grants,
    pub name: Patch<Name>,
    pub expires_at: Option<Timestamp>,
}

impl InvitationPatch {
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid) with every field that breaks a rule.
    pub fn parse(self, now: Timestamp) -> Result<InvitationRevision> {
        let mut checked = Checked::default();
        let grants = Grants { role: self.role, roles: self.roles, teams: self.teams, workspaces: self.workspaces };
        grants.check(&mut checked);
        let name = match self.name.try_map(|text| Name::parse_up_to(&text, FULL_NAME_MAX)) {
            Ok(name) => name,
            Err(refusal) => {
                checked.note(refusal.of_field("name"));
                Patch::Keep
            }
        };
        let expires_at = self.expires_at.as_deref().and_then(|text| end(&mut checked, text, now));
        checked.finish()?;
        Ok(InvitationRevision { grants, name, expires_at })
    }
}
