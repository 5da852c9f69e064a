//! What a route asks of its caller, and what therefore every kind of caller is told: the policy of the contract.

use crate::caller::Caller;
use domain::code::Code;
use domain::policy::Permission;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Nothing,
    /// Any credential.
    Credential,
    /// A person in a browser.
    Session,
    /// This scope; what one's own is needs no more.
    Own(Permission),
    /// A permission in the organization.
    In(Permission),
    /// The same for what strangers may see of a public organization: who is nobody is told that there is none.
    Seen(Permission),
    /// The same, or to lead the team.
    Leading(Permission),
    /// The same in an organization that was deleted: there is one for its owner and the platform alone.
    Deleted(Permission),
    /// To be a member; a program needs the scope.
    Belonging(Permission),
    /// A permission in an organization that none of the callers belongs to.
    Elsewhere(Permission),
    /// A permission in an organization that the person in question belongs to. Who has it nowhere finds nobody.
    Beside(Permission),
    /// To run the platform. Nobody else finds anything there.
    Platform(Permission),
    /// To be the one who is invited, or nobody yet; a program accepts nothing.
    Invited,
}

impl Need {
    /// The permission or scope that is asked for, if there is one.
    pub(crate) fn permission(self) -> Option<Permission> {
        match self {
            Self::Nothing | Self::Credential | Self::Session | Self::Invited => None,
            Self::Own(needed)
            | Self::In(needed)
            | Self::Seen(needed)
            | Self::Leading(needed)
            | Self::Deleted(needed)
            | Self::Belonging(needed)
            | Self::Elsewhere(needed)
            | Self::Beside(needed)
            | Self::Platform(needed) => Some(needed),
        }
    }

    /// In a word or two, for the table.
    pub(crate) fn words(self) -> String {
        let name = self.permission().map(Permission::name).unwrap_or_default();
        match self {
            Self::Nothing => "-".to_owned(),
            Self::Credential => "a credential".to_owned(),
            Self::Session => "a session".to_owned(),
            Self::Invited => "the invitation".to_owned(),
            Self::Leading(_) => format!("{name} or lead"),
            Self::Belonging(_) => "membership".to_owned(),
            _ => name.to_owned(),
        }
    }

    /// What the API tells this caller.
    pub(crate) fn judge(self, caller: Caller) -> Result<(), Code> {
        use Caller::{Anonymous, Lead, Owner, Platform, Unscoped};
        match (self, caller) {
            (Self::Nothing, _) => Ok(()),
            (Self::Invited, _) if caller.is_token() => Err(Code::SessionRequired),
            (Self::Invited, _) => Ok(()),
            (Self::Platform(_), Platform) => Ok(()),
            (Self::Platform(_), Unscoped) => Err(Code::InsufficientScope),
            (Self::Platform(_), _) => Err(Code::NotFound),
            (Self::Seen(_), Anonymous) => Err(Code::OrganizationNotFound),
            (_, Anonymous) => Err(Code::Unauthenticated),
            (Self::Credential, _) => Ok(()),
            (Self::Session, _) if caller.is_token() => Err(Code::SessionRequired),
            (Self::Session, _) => Ok(()),
            (Self::Own(needed), _) if caller.carries(needed) => Ok(()),
            (Self::Own(_), _) => Err(Code::InsufficientScope),
            (Self::Elsewhere(_), Platform) => Ok(()),
            (Self::Elsewhere(_), _) => Err(Code::OrganizationNotFound),
            (Self::Beside(needed), _) if !caller.carries(needed) => Err(Code::InsufficientScope),
            (Self::Beside(needed), _) => caller.may(needed).then_some(()).ok_or(Code::UserNotFound),
            (Self::Deleted(needed), Owner | Platform | Unscoped) => Self::In(needed).judge(caller),
            (Self::Deleted(_), _) => Err(Code::OrganizationNotFound),
            (Self::Leading(_), Lead) => Ok(()),
            (Self::Belonging(needed), _) => within(caller, needed, true),
            (Self::In(needed) | Self::Seen(needed) | Self::Leading(needed), _) => {
                within(caller, needed, caller.may(needed))
            }
        }
    }

    /// What a page tells the same caller: it takes no tokens, and whoever is nobody may sign in first.
    pub(crate) fn judge_on_pages(self, caller: Caller) -> Result<(), Code> {
        let caller = if caller.is_token() { Caller::Anonymous } else { caller };
        match self.judge(caller) {
            Err(Code::OrganizationNotFound) if caller == Caller::Anonymous => Err(Code::Unauthenticated),
            judged => judged,
        }
    }
}

/// First whether there is such an organization, then what the credential carries, then what the person may.
fn within(caller: Caller, needed: Permission, has: bool) -> Result<(), Code> {
    match caller.permissions() {
        None => Err(Code::OrganizationNotFound),
        Some(_) if !caller.carries(needed) => Err(Code::InsufficientScope),
        Some(_) if !has => Err(Code::PermissionDenied),
        Some(_) => Ok(()),
    }
}
