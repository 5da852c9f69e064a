//! Roles as an organization has them: the system's, which are the same everywhere, and those it makes for itself.

use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::ids::RoleId;
use crate::member::RoleRef;
use crate::patch::{Patch, not_null};
use crate::policy::{Permission, Permissions, Role};
use crate::text::{Name, Prose, Refusal};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest description of a role.
pub(crate) const DESCRIPTION_MAX: usize = 256;

/// One role as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = Role))]
pub struct RoleView {
    pub id: RoleId,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    #[cfg_attr(feature = "rows", sqlx(try_from = "String"))]
    pub permissions: Permissions,
    /// One of those that every organization has and nobody changes.
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub system: bool,
    /// Members who hold it, suspended ones among them.
    pub member_count: i64,
    /// A system role is as old as the organization.
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

impl RoleView {
    /// The system role that this is, if it is one.
    pub fn as_system(&self) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.id() == self.id.0)
    }

    /// What is known of a system role without asking the database.
    #[must_use]
    pub fn complete(self) -> Self {
        let Some(role) = self.as_system() else { return self };
        Self {
            key: role.key().to_owned(),
            name: role.name().to_owned(),
            description: Some(role.about().to_owned()),
            permissions: role.permissions(),
            system: true,
            ..self
        }
    }
}

impl From<&RoleView> for RoleRef {
    fn from(role: &RoleView) -> Self {
        Self { id: role.id.0, key: role.key.clone(), name: role.name.clone() }
    }
}

/// A role as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::NewRoleKey))]
    pub key: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleName))]
    pub name: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::RoleDescription>))]
    pub description: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RolePermissions))]
    pub permissions: Vec<String>,
}

/// A new role whose every field has been found right.
#[derive(Debug, Clone)]
pub struct RoleDraft {
    pub key: String,
    pub name: Name,
    pub description: Option<String>,
    pub permissions: Permissions,
}

impl NewRole {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(&self) -> Result<RoleDraft> {
        let mut checked = Checked::default();
        let key = checked.field("key", parse_key(&self.key));
        let name = checked.field("name", Name::parse_up_to(&self.name, Name::ROLE_MAX));
        let description = checked.optional("description", self.description.as_deref(), parse_description).flatten();
        let permissions = parse_permissions(&mut checked, &self.permissions);
        checked.finish()?;
        let (Some(key), Some(name)) = (key, name) else { return Err(Error::Internal) };
        Ok(RoleDraft { key, name, description, permissions })
    }
}

/// Changes of a role, as they are submitted. Its key stays: programs know it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleName))]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::RoleDescription>))]
    pub description: Patch<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RolePermissions))]
    pub permissions: Option<Vec<String>>,
}

/// The fields of a patch that were found right.
#[derive(Debug, Clone)]
pub struct RoleRevision {
    pub name: Option<Name>,
    pub description: Patch<Option<String>>,
    pub permissions: Option<Permissions>,
}

impl RolePatch {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<RoleRevision> {
        let mut checked = Checked::default();
        let name = checked.optional("name", self.name.as_deref(), |text| Name::parse_up_to(text, Name::ROLE_MAX));
        let description = match self.description.try_map(|text| parse_description(&text)) {
            Ok(description) => description,
            Err(refusal) => {
                checked.note(refusal.of_field("description"));
                Patch::Keep
            }
        };
        let permissions = self.permissions.map(|names| parse_permissions(&mut checked, &names));
        checked.finish()?;
        Ok(RoleRevision { name, description, permissions })
    }
}

impl RoleRevision {
    /// The role as it is after the change.
    pub fn over(self, before: &RoleView) -> RoleView {
        RoleView {
            name: self.name.map_or_else(|| before.name.clone(), String::from),
            description: self.description.over(Some(before.description.clone())).flatten(),
            permissions: self.permissions.unwrap_or(before.permissions),
            ..before.clone()
        }
    }
}

/// A letter, then letters, digits and underscores: 2 to 50 in all.
fn parse_key(text: &str) -> Result<String, Refusal> {
    if is_key(text) {
        return Ok(text.to_owned());
    }
    let rule = "A key is 2 to 50 small letters, digits and underscores, and begins with a letter.";
    Err(Refusal::new(Code::RoleKeyInvalid, rule))
}

/// Whether a role could have this key.
pub fn is_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..=50).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_')
}

/// An empty text is none.
fn parse_description(text: &str) -> Result<Option<String>, Refusal> {
    let text = Prose::parse(text, DESCRIPTION_MAX)?;
    Ok((!text.is_empty()).then(|| text.into()))
}

fn parse_permissions(checked: &mut Checked, names: &[String]) -> Permissions {
    if names.is_empty() {
        checked.note(Violation::field("permissions", Code::MissingField, "Give the role at least one permission."));
    }
    let known = names.iter().enumerate().filter_map(|(index, name)| {
        let (code, rule) = match Permission::named(name) {
            Some(permission) if !permission.is_reserved() => return Some(permission),
            Some(_) => (Code::PermissionReserved, "No role can be given this permission."),
            None => (Code::PermissionUnknown, "There is no such permission."),
        };
        checked.note(Violation::field(&format!("permissions/{index}"), code, rule));
        None
    });
    known.collect()
}

list_query! {
    /// What `GET …/roles` takes.
    RolesQuery {
        /// `true` for the system's alone, `false` for the organization's own.
        system: String => bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(key: &str, permissions: &[&str]) -> NewRole {
        let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
        NewRole { key: key.to_owned(), name: "Auditor".to_owned(), description: None, permissions }
    }

    #[test]
    fn a_key_is_a_word_for_programs() {
        for good in ["ab", "a1", "audit_reader", &"a".repeat(50)] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "a", "1a", "_a", "Ab", "a-b", "a b", "é1", "a\0", &"a".repeat(51)] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_given_implies_seeing_it() {
        let draft = new("inviter", &["invite:write"]).parse().expect("a role");
        assert_eq!(draft.permissions.to_string(), "invite:read invite:write");
    }

    #[test]
    fn every_wrong_permission_is_named() {
        let refused = new("boss", &["org:read", "org:delete", "org:fly", "admin:read"]).parse().expect_err("refused");
        let places: Vec<_> = refused.violations().iter().map(|violation| violation.code).collect();
        assert_eq!(places, [Code::PermissionReserved, Code::PermissionUnknown, Code::PermissionReserved]);
        assert_eq!(new("none", &[]).parse().expect_err("refused").violations()[0].code, Code::MissingField);
    }
}
