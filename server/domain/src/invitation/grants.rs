//! What an invitation is to give beside the membership.

use super::TEAMS_MAX;
use crate::code::Code;
use crate::error::{Checked, Violation};
use crate::member::{RoleKey, WORKSPACES_MAX, wrong_roles};
use crate::policy::Role;

/// Roles, teams and workspaces as they are named: by keys, slugs and ids. Which of them there are is for the operation
/// to find; what is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grants {
    /// One role of either kind.
    pub role: Option<RoleKey>,
    pub roles: Option<Vec<RoleKey>>,
    pub teams: Option<Vec<String>>,
    pub workspaces: Option<Vec<String>>,
}

impl Grants {
    /// Whether any role but a system role is named.
    pub fn names_own_roles(&self) -> bool {
        self.role.iter().chain(self.roles.iter().flatten()).any(|key| Role::find(&key.to_string()).is_none())
    }

    /// Notes what is wrong whatever the organization has.
    pub(super) fn check(&self, checked: &mut Checked) {
        match wrong_roles(self.role.as_ref(), self.roles.as_deref()) {
            Some(violation) => checked.note(violation),
            None => self.refuse_owners(checked),
        }
        for (field, named, most) in
            [("teams", &self.teams, TEAMS_MAX), ("workspaces", &self.workspaces, WORKSPACES_MAX)]
        {
            if named.as_ref().is_some_and(|named| named.len() > most) {
                checked.note(Violation::field(field, Code::TooManyItems, format!("At most {most} can be named.")));
            }
        }
    }

    fn refuse_owners(&self, checked: &mut Checked) {
        let single = self.role.iter().map(|key| ("role".to_owned(), key));
        let several = self.roles.iter().flatten().enumerate().map(|(index, key)| (format!("roles/{index}"), key));
        for (field, _) in single.chain(several).filter(|(_, key)| Role::find(&key.to_string()) == Some(Role::Owner)) {
            let rule = "Nobody can be invited as owner; transfer ownership instead.";
            checked.note(Violation::field(&field, Code::OwnerRoleNotInvitable, rule));
        }
    }
}
