//! Workspaces: places of work that members are let into.

use crate::error::{Checked, Error, Result};
use crate::group::{Naming, Renaming};
use crate::ids::WorkspaceId;
use crate::patch::{Patch, not_null};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Workspace {
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub member_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// A workspace as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: String,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupSlug))]
    pub slug: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::GroupDescription>))]
    pub description: Option<String>,
}

impl NewWorkspace {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<Naming> {
        let mut checked = Checked::default();
        let naming = Naming::parse(&mut checked, &self.name, self.slug.as_deref(), self.description.as_deref());
        checked.finish()?;
        naming.ok_or(Error::Internal)
    }
}

/// Changes of a workspace, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupSlug))]
    pub slug: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::GroupDescription>))]
    pub description: Patch<String>,
}

/// The fields of a patch that were found right.
#[derive(Debug, Clone)]
pub struct WorkspaceRevision(Renaming);

impl WorkspacePatch {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<WorkspaceRevision> {
        let mut checked = Checked::default();
        let (name, slug) = (self.name.as_deref(), self.slug.as_deref());
        let renaming = Renaming::parse(&mut checked, name, slug, self.description);
        checked.finish().map(|()| WorkspaceRevision(renaming))
    }
}

impl WorkspaceRevision {
    /// The workspace as it is after the change.
    pub fn over(self, before: &Workspace) -> Workspace {
        let (name, slug, description) = self.0.over(&before.name, &before.slug, &before.description);
        Workspace { name, slug, description, ..before.clone() }
    }
}

list_query! {
    /// What `GET …/workspaces` takes.
    WorkspacesQuery by ["name"] finds "In the name." {
        /// Only those that this person is in: an id, or `@me`.
        member: String => crate::schema::Person,
    }
}

list_query! {
    /// What `GET …/workspaces/{workspace}/members` takes.
    WorkspaceMembersQuery by ["name"] {}
}
