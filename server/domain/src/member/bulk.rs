//! One change for many members.

use super::{RoleKey, Suspension};
use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use serde::{Deserialize, Serialize};

pub(crate) const MEMBERS_MAX: usize = 100;

/// A member as a path names one: by integer id or by the person's id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum MemberKey {
    Number(i64),
    Text(String),
}

impl std::fmt::Display for MemberKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(id) => id.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The same change for many members, as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkChange {
    /// `role`, `suspend`, `restore` or `remove`.
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::BulkAction))]
    pub action: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::MemberKeys))]
    pub members: Vec<MemberKey>,
    /// For `role`.
    #[serde(default)]
    pub role: Option<RoleKey>,
    /// For `suspend`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub reason: Option<String>,
}

/// What is done to each of several members.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    Role(RoleKey),
    Suspend(Option<String>),
    Restore,
    Remove,
}

/// A change for many members whose every field has been found right.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub work: Work,
    pub members: Vec<MemberKey>,
}

impl BulkChange {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<Batch> {
        let mut checked = Checked::default();
        if self.members.is_empty() {
            checked.note(Violation::field("members", Code::MissingField, "Name at least one member."));
        }
        if self.members.len() > MEMBERS_MAX {
            checked.note(Violation::field("members", Code::TooManyItems, "At most 100 members can be named."));
        }
        let reason = Suspension { reason: self.reason }.parse();
        let work = match (self.action.as_str(), self.role, reason) {
            (_, _, Err(error)) => {
                error.violations().iter().cloned().for_each(|violation| checked.note(violation));
                None
            }
            ("role", Some(role), _) => Some(Work::Role(role)),
            ("role", None, _) => {
                checked.note(Violation::field("role", Code::MissingField, "Name the role."));
                None
            }
            ("suspend", _, Ok(reason)) => Some(Work::Suspend(reason)),
            ("restore", ..) => Some(Work::Restore),
            ("remove", ..) => Some(Work::Remove),
            _ => {
                let rule = "The actions are role, suspend, restore and remove.";
                checked.note(Violation::field("action", Code::ValueUnknown, rule));
                None
            }
        };
        checked.finish()?;
        Ok(Batch { work: work.ok_or(Error::Internal)?, members: self.members })
    }
}

choices! {
    /// How one change of several ended.
    Outcome as BulkOutcome {
        Done "done" "Done",
        /// It was so already.
        Unchanged "unchanged" "Unchanged",
        Refused "refused" "Refused",
    }
}

/// What became of each member. A problem is told as the transport tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BulkReport<P> {
    pub summary: BulkSummary,
    pub results: Vec<BulkResult<P>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BulkSummary {
    pub done: usize,
    pub unchanged: usize,
    pub refused: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BulkResult<P> {
    pub member: MemberKey,
    pub outcome: Outcome,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = P))]
    pub problem: Option<P>,
}

impl<P> BulkReport<P> {
    pub fn of(results: Vec<BulkResult<P>>) -> Self {
        let count = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
        let summary = BulkSummary {
            done: count(Outcome::Done),
            unchanged: count(Outcome::Unchanged),
            refused: count(Outcome::Refused),
        };
        Self { summary, results }
    }

    /// The same report with its problems told another way.
    pub fn map_problems<Q>(self, mut tell: impl FnMut(P) -> Q) -> BulkReport<Q> {
        let results = self.results.into_iter().map(|result| BulkResult {
            member: result.member,
            outcome: result.outcome,
            problem: result.problem.map(&mut tell),
        });
        BulkReport { summary: self.summary, results: results.collect() }
    }
}
