//! Organizations: what is shown of one, and the rules of its status.

mod deletion;
mod manager;
mod revision;
mod submitted;

pub use deletion::{Confirmation, Farewell};
#[cfg(feature = "schema")]
pub(crate) use manager::ID_MAX as MANAGER_ID_MAX;
pub use manager::{Manager, ManagerKind, Managers, NewManager};
#[cfg(feature = "schema")]
pub(crate) use revision::SEATS_MAX;
pub use revision::{Editor, OrganizationPatch, Revision, SettingsPatch};
pub use submitted::{Founding, NewOrganization, Profile, SlugRules};

use crate::code::Code;
use crate::error::Result;
use crate::ids::{OrgId, UserId};
use crate::policy::{Permissions, Role};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

choices! {
    /// Who sees that the organization exists.
    Visibility {
        Public "public" "Public",
        Private "private" "Private",
    }
}

choices! {
    /// Whether the organization may act.
    Status as OrganizationStatus {
        Active "active" "Active",
        Inactive "inactive" "Inactive",
        Suspended "suspended" "Suspended",
        Banned "banned" "Banned",
        PendingDeletion "pending_deletion" "Being deleted",
    }
}

choices! {
    /// Which organizations a list goes through.
    Scope {
        /// Those that the caller belongs to.
        Member "member" "Mine",
        /// Those that everybody may see.
        Public "public" "Public",
        /// Every one on the platform.
        All "all" "All",
    }
}

choices! {
    Kind as OrganizationType {
        Standard "standard" "Standard",
        Personal "personal" "Personal",
        Internal "internal" "Internal",
    }
}

impl Status {
    /// Whether a member may change things under the organization.
    pub fn writable(self) -> Result<()> {
        match self {
            Self::Active => Ok(()),
            Self::Inactive => Err(Code::OrganizationInactive.into()),
            Self::Suspended => Err(Code::OrganizationSuspended.into()),
            Self::Banned => Err(Code::OrganizationBanned.into()),
            Self::PendingDeletion => Err(Code::OrganizationNotFound.into()),
        }
    }

    /// Whether the editor may put the organization from this status into another. Deleting and restoring are no
    /// changes of status in this sense.
    ///
    /// # Errors
    /// `invalid_status_transition`.
    pub fn require_change(self, next: Self, editor: Editor) -> Result<()> {
        let allowed = match (self, next) {
            (before, after) if before == after => true,
            (Self::PendingDeletion, _) | (_, Self::PendingDeletion) => false,
            (Self::Active | Self::Inactive, Self::Active | Self::Inactive) => editor >= Editor::Owner,
            _ => editor == Editor::Platform,
        };
        if allowed { Ok(()) } else { Err(Code::InvalidStatusTransition.into()) }
    }
}

/// An organization as its members see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Organization {
    pub id: OrgId,
    pub slug: String,
    /// Always the same as `slug`.
    pub handle: String,
    pub name: String,
    pub bio: Option<String>,
    pub description: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WebAddress))]
    pub icon_url: String,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub website: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::IndustryKey>))]
    pub industry: Option<String>,
    pub country_code: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::text::Email>))]
    pub email: Option<String>,
    pub phone: Option<String>,
    pub visibility: Visibility,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub status: Status,
    pub status_reason: Option<String>,
    pub status_changed_at: Option<Timestamp>,
    pub verified: bool,
    pub verified_at: Option<Timestamp>,
    pub owner: UserId,
    #[cfg_attr(feature = "rows", sqlx(try_from = "String"))]
    pub managed_by: Managers,
    pub member_count: i64,
    /// Always the same as `member_count`.
    pub active_member_count: i64,
    /// Open invitations that have not expired.
    pub pending_member_count: i64,
    pub team_count: i64,
    pub workspace_count: i64,
    /// Seats; without one there is no limit.
    pub member_limit: Option<i64>,
    pub current_user_role: Option<Role>,
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub current_user_permissions: Permissions,
    #[cfg_attr(feature = "rows", sqlx(flatten))]
    pub settings: Settings,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_slug_updated_at: Option<Timestamp>,
    pub slug_change_available_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub purge_at: Option<Timestamp>,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Settings {
    pub require_2fa: bool,
    /// The role of an invitation that names none.
    pub default_role: Role,
    pub invitation_ttl_days: i64,
    pub members_can_invite: bool,
}

impl Organization {
    /// What members still see of a banned organization: that it is there, and why it is closed.
    #[must_use]
    pub fn closed(self) -> Self {
        Self {
            bio: None,
            description: None,
            avatar_url: None,
            website: None,
            industry: None,
            country_code: None,
            email: None,
            phone: None,
            managed_by: Managers::default(),
            member_count: 0,
            active_member_count: 0,
            pending_member_count: 0,
            team_count: 0,
            workspace_count: 0,
            member_limit: None,
            current_user_permissions: Permissions::NONE,
            ..self
        }
    }
}

/// A public organization as everybody sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PublicOrganization {
    pub id: OrgId,
    pub slug: String,
    pub handle: String,
    pub name: String,
    pub bio: Option<String>,
    pub description: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WebAddress))]
    pub icon_url: String,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub website: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::IndustryKey>))]
    pub industry: Option<String>,
    pub country_code: Option<String>,
    pub visibility: Visibility,
    pub verified: bool,
    pub member_count: i64,
    pub created_at: Timestamp,
    /// Not shown: for the entity tag of the answer.
    #[serde(skip)]
    pub version: i64,
}

impl From<Organization> for PublicOrganization {
    fn from(org: Organization) -> Self {
        Self {
            id: org.id,
            slug: org.slug,
            handle: org.handle,
            name: org.name,
            bio: org.bio,
            description: org.description,
            avatar_url: org.avatar_url,
            icon_url: org.icon_url,
            website: org.website,
            industry: org.industry,
            country_code: org.country_code,
            visibility: org.visibility,
            verified: org.verified,
            member_count: org.member_count,
            created_at: org.created_at,
            version: org.version,
        }
    }
}

/// An organization, as much of it as the caller may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum View {
    Member(Box<Organization>),
    Public(Box<PublicOrganization>),
}

impl View {
    pub fn version(&self) -> i64 {
        match self {
            Self::Member(org) => org.version,
            Self::Public(org) => org.version,
        }
    }
}

/// Whether a slug could be had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SlugCheck {
    pub slug: String,
    pub normalized: String,
    pub available: bool,
    pub reason: Option<SlugProblem>,
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SlugProblem {
    Taken,
    Reserved,
    Invalid,
}

list_query! {
    /// What `GET /organizations` takes.
    OrganizationsQuery by ["name", "created_at", "member_count"] finds "In name and slug." {
        /// Which organizations the list goes through; one's own unless given.
        scope: String => Scope,
        /// One's own role there.
        role: String => Role,
        status: String => Status,
        visibility: String => Visibility,
        industry: String => crate::schema::IndustryKey,
    }
}
