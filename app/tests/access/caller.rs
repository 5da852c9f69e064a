//! The kinds of callers.

use domain::policy::{Permission, Permissions, Role};
use domain::token::organization_scopes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    Anonymous,
    /// Has an account, and nothing to do with the organization.
    Outsider,
    Viewer,
    Member,
    Billing,
    /// A member who leads the team in question.
    Lead,
    Admin,
    Owner,
    /// A platform administrator who is no member.
    Platform,
    /// An admin whose membership is suspended.
    Suspended,
    /// The owner's token, or a platform administrator's for what only those may: it has every scope but the one that is
    /// needed.
    Unscoped,
    /// A token of another organization, which has every scope that it can have.
    Foreign,
}

impl Caller {
    pub(crate) const ALL: [Self; 12] = [
        Self::Anonymous,
        Self::Outsider,
        Self::Viewer,
        Self::Member,
        Self::Billing,
        Self::Lead,
        Self::Admin,
        Self::Owner,
        Self::Platform,
        Self::Suspended,
        Self::Unscoped,
        Self::Foreign,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Outsider => "outsider",
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Billing => "billing",
            Self::Lead => "lead",
            Self::Admin => "admin",
            Self::Owner => "owner",
            Self::Platform => "platform",
            Self::Suspended => "suspended",
            Self::Unscoped => "unscoped",
            Self::Foreign => "foreign",
        }
    }

    pub(crate) fn is_token(self) -> bool {
        matches!(self, Self::Unscoped | Self::Foreign)
    }

    /// What the credential lets through when this is needed.
    pub(crate) fn carries(self, needed: Permission) -> bool {
        match self {
            Self::Unscoped => false,
            Self::Foreign => organization_scopes().has(needed),
            _ => true,
        }
    }

    /// What the caller may in the organization; for strangers there is no such organization. A platform administrator
    /// may what its owner may.
    pub(crate) fn permissions(self) -> Option<Permissions> {
        let role = match self {
            Self::Anonymous | Self::Outsider | Self::Suspended | Self::Foreign => return None,
            Self::Viewer => Role::Viewer,
            Self::Member | Self::Lead => Role::Member,
            Self::Billing => Role::Billing,
            Self::Admin => Role::Admin,
            Self::Owner | Self::Platform | Self::Unscoped => Role::Owner,
        };
        Some(role.permissions())
    }

    /// Whether the caller may this in the organization.
    pub(crate) fn may(self, needed: Permission) -> bool {
        self.permissions().is_some_and(|permissions| permissions.has(needed))
    }
}
