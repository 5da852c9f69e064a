//! Who may do what: the permissions, the sets of the system roles, and the rules about a target.

use crate::code::Code;
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

macro_rules! permissions {
    ($($variant:ident $name:literal $about:literal;)*) => {
        /// The one vocabulary of role permissions and of token scopes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Permission { $($variant,)* }

        impl Permission {
            pub const ALL: &[Permission] = &[$(Permission::$variant,)*];

            /// The name as roles and tokens carry it, for example `invite:write`.
            pub fn name(self) -> &'static str {
                match self { $(Permission::$variant => $name,)* }
            }

            /// What it lets one do, for a person who chooses scopes.
            pub fn about(self) -> &'static str {
                match self { $(Permission::$variant => $about,)* }
            }
        }
    };
}

permissions! {
    OrgCreate "org:create" "Make organizations";
    OrgRead "org:read" "See the organization";
    OrgUpdate "org:update" "Change the organization's profile and settings";
    OrgDelete "org:delete" "Delete the organization";
    OrgTransfer "org:transfer" "Transfer ownership";
    MemberRead "member:read" "See the members";
    MemberWrite "member:write" "Change and remove members";
    InviteRead "invite:read" "See the invitations";
    InviteWrite "invite:write" "Invite people";
    TeamRead "team:read" "See the teams";
    TeamWrite "team:write" "Manage the teams";
    RoleRead "role:read" "See the roles";
    RoleWrite "role:write" "Manage the roles";
    WorkspaceRead "workspace:read" "See the workspaces";
    WorkspaceWrite "workspace:write" "Manage the workspaces";
    WalletRead "wallet:read" "See the wallet";
    AuditRead "audit:read" "Read the audit log";
    TokenRead "token:read" "See the access tokens";
    TokenWrite "token:write" "Manage the access tokens";
    UserRead "user:read" "See one's own account";
    UserWrite "user:write" "Change one's own account";
    AdminRead "admin:read" "See everything on the platform";
    AdminWrite "admin:write" "Administer the platform";
}

impl Permission {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.name() == name)
    }

    /// Whether it only lets one see something.
    pub fn reads(self) -> bool {
        self.name().ends_with(":read")
    }

    /// What no organization's own role can give: it belongs to the one owner, or to the platform.
    pub fn is_reserved(self) -> bool {
        matches!(self, Self::OrgDelete | Self::OrgTransfer | Self::AdminRead | Self::AdminWrite)
    }

    /// `x:write` implies `x:read`; every change of the organization implies seeing it.
    fn implied(self) -> Option<Self> {
        match self {
            Self::OrgUpdate | Self::OrgDelete | Self::OrgTransfer => Some(Self::OrgRead),
            Self::MemberWrite => Some(Self::MemberRead),
            Self::InviteWrite => Some(Self::InviteRead),
            Self::TeamWrite => Some(Self::TeamRead),
            Self::RoleWrite => Some(Self::RoleRead),
            Self::WorkspaceWrite => Some(Self::WorkspaceRead),
            Self::TokenWrite => Some(Self::TokenRead),
            Self::UserWrite => Some(Self::UserRead),
            Self::AdminWrite => Some(Self::AdminRead),
            _ => None,
        }
    }
}

schema_of!(Permission: Shape::one_of(Permission::ALL.iter().map(|permission| permission.name())));

/// A set of permissions, closed under implication. In JSON an array of names.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u32);

schema_of!(Permissions: Shape::list::<Permission>(0, Permission::ALL.len()), of Permission);

impl Permissions {
    pub const NONE: Self = Self(0);

    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    pub fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    pub fn contains(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, |set, permission| {
            let implied = permission.implied().map_or(0, |implied| 1 << implied as u8);
            Self(set.0 | 1 << permission as u8 | implied)
        })
    }
}

/// As a column keeps it: names separated by spaces.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Permission::name).collect();
        f.write_str(&names.join(" "))
    }
}

/// A name that is no longer known gives nothing.
impl From<String> for Permissions {
    fn from(words: String) -> Self {
        words.split(' ').filter_map(Permission::named).collect()
    }
}

impl From<Role> for Permissions {
    fn from(role: Role) -> Self {
        role.permissions()
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::name)).finish()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Permission::name))
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| Permission::named(name).ok_or_else(|| D::Error::custom("unknown permission"))).collect()
    }
}

/// The roles that every organization has, the lowest rank first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SystemRole))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Member,
    Billing,
    Admin,
    Owner,
}

stored_as_text!(Role);

impl Role {
    /// The highest rank first, as people read them.
    pub const ALL: &[Role] = &[Role::Owner, Role::Admin, Role::Billing, Role::Member, Role::Viewer];

    pub fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Billing => "billing",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Billing => "Billing",
            Self::Member => "Member",
            Self::Viewer => "Viewer",
        }
    }

    /// One sentence for whoever chooses a role.
    pub fn about(self) -> &'static str {
        match self {
            Self::Owner => "Everything, and the only one who can transfer or delete the organization.",
            Self::Admin => "Manages people, invitations, teams, roles and settings.",
            Self::Billing => "Sees the members and the wallet.",
            Self::Member => "Sees the members, teams, roles and workspaces.",
            Self::Viewer => "Sees the organization, not its members.",
        }
    }

    /// The fixed integer id of the role.
    pub fn id(self) -> i64 {
        match self {
            Self::Owner => 1,
            Self::Admin => 2,
            Self::Member => 3,
            Self::Billing => 4,
            Self::Viewer => 5,
        }
    }

    /// By key or by integer id.
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.key() == text || role.id().to_string() == text)
    }

    pub fn permissions(self) -> Permissions {
        use Permission as P;
        let own: &[Permission] = match self {
            Self::Owner => &[P::OrgDelete, P::OrgTransfer],
            Self::Admin => &[
                P::OrgUpdate,
                P::MemberWrite,
                P::InviteWrite,
                P::TeamWrite,
                P::RoleWrite,
                P::WorkspaceWrite,
                P::WalletRead,
                P::AuditRead,
                P::TokenWrite,
            ],
            Self::Member => &[P::OrgRead, P::MemberRead, P::TeamRead, P::RoleRead, P::WorkspaceRead],
            Self::Billing => &[P::OrgRead, P::MemberRead, P::WalletRead],
            Self::Viewer => &[P::OrgRead],
        };
        let below = if self == Self::Owner { Self::Admin.permissions() } else { Permissions::NONE };
        own.iter().copied().collect::<Permissions>().or(below)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// Authority of one who acts on other people: `own` is what the actor may do now.
#[derive(Debug, Clone, Copy)]
pub struct Authority {
    pub own: Permissions,
    /// Platform administrators act on everybody but the owner.
    pub platform: bool,
}

impl Authority {
    /// Nobody grants more than they have.
    ///
    /// # Errors
    /// `permission_escalation`.
    pub fn may_grant(self, wanted: impl Into<Permissions>) -> Result<()> {
        self.covers(wanted.into())
    }

    /// Nobody acts on somebody who may do more, and on the owner only a transfer acts: the owner is known by what no
    /// other role can give.
    ///
    /// # Errors
    /// `owner_protected`, `permission_escalation`.
    pub fn may_manage(self, target: impl Into<Permissions>) -> Result<()> {
        let target = target.into();
        if target.has(Permission::OrgTransfer) {
            return Err(Code::OwnerProtected.into());
        }
        self.covers(target)
    }

    /// The same for any set of permissions: that of a token, for example.
    pub fn covers(self, wanted: Permissions) -> Result<()> {
        if self.platform || self.own.contains(wanted) { Ok(()) } else { Err(Error::from(Code::PermissionEscalation)) }
    }
}

#[cfg(test)]
mod tests;
