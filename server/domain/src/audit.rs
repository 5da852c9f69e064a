//! What the audit log says of a change.

use crate::ids::{TokenId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! actions {
    ($($variant:ident $name:literal;)*) => {
        /// What was done. Stable: filters name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Action { $(#[serde(rename = $name)] $variant,)* }

        impl Action {
            pub const ALL: &[Action] = &[$(Action::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)* }
            }
        }
    };
}

actions! {
    OrgCreated "org.created";
    OrgUpdated "org.updated";
    OrgSlugChanged "org.slug_changed";
    OrgStatusChanged "org.status_changed";
    OrgVerifiedChanged "org.verified_changed";
    OrgDeleted "org.deleted";
    OrgRestored "org.restored";
    OrgPurged "org.purged";
    OrgAvatarChanged "org.avatar_changed";
    OwnershipTransferred "org.ownership_transferred";
    OrgSettingsChanged "org.settings_changed";
    MemberJoined "member.joined";
    MemberAdded "member.added";
    MemberRoleChanged "member.role_changed";
    MemberWorkspacesChanged "member.workspaces_changed";
    MemberSuspended "member.suspended";
    MemberRestored "member.restored";
    MemberRemoved "member.removed";
    MemberLeft "member.left";
    InvitationCreated "invitation.created";
    InvitationUpdated "invitation.updated";
    InvitationResent "invitation.resent";
    InvitationRevoked "invitation.revoked";
    InvitationAccepted "invitation.accepted";
    InvitationDeclined "invitation.declined";
    InvitationExpired "invitation.expired";
    TeamCreated "team.created";
    TeamUpdated "team.updated";
    TeamDeleted "team.deleted";
    TeamMemberAdded "team_member.added";
    TeamMemberRoleChanged "team_member.role_changed";
    TeamMemberRemoved "team_member.removed";
    RoleCreated "role.created";
    RoleUpdated "role.updated";
    RoleDeleted "role.deleted";
    WorkspaceCreated "workspace.created";
    WorkspaceUpdated "workspace.updated";
    WorkspaceDeleted "workspace.deleted";
    TokenCreated "token.created";
    TokenRotated "token.rotated";
    TokenRevoked "token.revoked";
    WalletCharged "wallet.charged";
    WalletCredited "wallet.credited";
    WalletReversed "wallet.reversed";
    WalletUpdated "wallet.updated";
    UserCreated "user.created";
    UserUpdated "user.updated";
    UserPasswordChanged "user.password_changed";
    UserDisabled "user.disabled";
    UserEnabled "user.enabled";
    UserPlatformAdminChanged "user.platform_admin_changed";
    ExportCreated "export.created";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    User,
    Token,
    PlatformAdmin,
    System,
}

impl ActorKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
            Self::PlatformAdmin => "platform_admin",
            Self::System => "system",
        }
    }
}

/// Who did it. The name stays by value when the account goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    #[serde(rename = "type")]
    pub kind: ActorKind,
    pub id: Option<UserId>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<TokenId>,
}

/// One field before and after. Never a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub from: Value,
    pub to: Value,
}

/// Collects the fields that really changed.
#[derive(Debug, Clone, Default)]
pub struct Changes(Vec<Change>);

impl Changes {
    #[must_use]
    pub fn of(mut self, field: &str, from: impl Serialize, to: impl Serialize) -> Self {
        self.note(field, from, to);
        self
    }

    pub fn note(&mut self, field: &str, from: impl Serialize, to: impl Serialize) {
        let (from, to) = (json(from), json(to));
        if from != to {
            self.0.push(Change { field: field.to_owned(), from, to });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn list(&self) -> &[Change] {
        &self.0
    }
}

/// Domain values always serialize; a null stands for one that would not.
fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
