//! What the audit log says of a change, and how it is asked.

use crate::ids::{AuditEventId, OrgId, TokenId, UserId};
use crate::page::{Format, Many, Page};
use crate::time::Timestamp;
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

            /// The actions that a filter names: one by its name, or all that begin like what stands before a final `*`.
            pub fn matching(pattern: &str) -> Vec<Action> {
                let matches = |action: &Action| match pattern.strip_suffix('*') {
                    Some(beginning) => action.name().starts_with(beginning),
                    None => action.name() == pattern,
                };
                Self::ALL.iter().copied().filter(matches).collect()
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

choices! {
    ActorKind {
        User "user" "Person",
        Token "token" "Access token",
        PlatformAdmin "platform_admin" "Platform administrator",
        System "system" "System",
    }
}

/// Who did it. The name stays by value when the account goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Actor {
    #[serde(rename = "type")]
    #[cfg_attr(feature = "rows", sqlx(rename = "actor_kind"))]
    pub kind: ActorKind,
    #[cfg_attr(feature = "rows", sqlx(rename = "actor_id"))]
    pub id: Option<UserId>,
    #[cfg_attr(feature = "rows", sqlx(rename = "actor_name"))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = TokenId))]
    pub token_id: Option<TokenId>,
}

/// What it was done to. The name stays by value too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Target {
    #[serde(rename = "type")]
    #[cfg_attr(feature = "rows", sqlx(rename = "target_kind"))]
    pub kind: String,
    #[cfg_attr(feature = "rows", sqlx(rename = "target_id"))]
    pub id: String,
    #[cfg_attr(feature = "rows", sqlx(rename = "target_name"))]
    pub name: String,
}

/// One event as it is read. The action is text here: another version of the program may have written it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    pub id: AuditEventId,
    /// Null for what concerns an account alone.
    pub organization_id: Option<OrgId>,
    pub action: String,
    #[cfg_attr(feature = "rows", sqlx(flatten))]
    pub actor: Actor,
    #[cfg_attr(feature = "rows", sqlx(flatten))]
    pub target: Target,
    #[cfg_attr(feature = "rows", sqlx(skip))]
    pub changes: Vec<Change>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub created_at: Timestamp,
}

impl AuditEvent {
    pub const COLUMNS: &[&str] = &[
        "id",
        "created_at",
        "organization_id",
        "action",
        "actor_type",
        "actor_id",
        "actor_name",
        "token_id",
        "target_type",
        "target_id",
        "target_name",
        "changes",
        "ip",
        "user_agent",
        "request_id",
    ];

    /// As cells of text, in the order of [`Self::COLUMNS`]; the changes as JSON.
    pub fn cells(self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.created_at.to_string(),
            self.organization_id.map(|id| id.to_string()).unwrap_or_default(),
            self.action,
            self.actor.kind.key().to_owned(),
            self.actor.id.map(|id| id.to_string()).unwrap_or_default(),
            self.actor.name,
            self.actor.token_id.map(|id| id.to_string()).unwrap_or_default(),
            self.target.kind,
            self.target.id,
            self.target.name,
            json(&self.changes).to_string(),
            self.ip.unwrap_or_default(),
            self.user_agent.unwrap_or_default(),
            self.request_id.unwrap_or_default(),
        ]
    }
}

/// A part of the audit log, with the names that its filter of actions knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    #[serde(flatten)]
    pub page: Page<AuditEvent>,
    pub actions: Vec<String>,
}

impl From<Page<AuditEvent>> for AuditPage {
    fn from(page: Page<AuditEvent>) -> Self {
        Self { page, actions: Action::ALL.iter().map(|action| action.name().to_owned()).collect() }
    }
}

list_query! {
    /// What `GET …/audit-log` takes.
    AuditQuery by ["created_at"]
    finds "In the names of who did it and of what it was done to, and in network addresses." {
        /// A person's id, or `@me`.
        actor: String => crate::schema::Person,
        /// The name of an action, or how names begin, with a `*` behind.
        action: Many => crate::schema::ActionPattern,
        target_type: String => crate::schema::Word,
        target_id: String => crate::schema::Word,
        /// From this moment on.
        from: String => Timestamp,
        /// Before this moment.
        to: String => Timestamp,
        format: Format => Format,
    }
}

/// One field before and after. Never a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_named_one_by_one_or_by_their_beginning() {
        assert_eq!(Action::matching("wallet.charged"), [Action::WalletCharged]);
        assert_eq!(Action::matching("team.*"), [Action::TeamCreated, Action::TeamUpdated, Action::TeamDeleted]);
        assert_eq!(Action::matching("*").len(), Action::ALL.len());
        for unknown in ["", "team", "team.created*x", "Team.*", "nobody.*"] {
            assert_eq!(Action::matching(unknown), [], "{unknown:?}");
        }
    }
}
