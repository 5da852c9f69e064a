//! Many invitations at once.

use super::{Invitation, NewInvitation};
use crate::code::Code;
use crate::error::{At, Error, Result, Violation};
use crate::member::RoleKey;
use crate::patch::not_null;
use serde::{Deserialize, Serialize};

/// Most rows of one request.
pub const ROWS_MAX: usize = 100;

/// Many invitations, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkInvitations {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::NewInvitations))]
    pub invitations: Vec<NewInvitation>,
    /// What counts where a row does not say.
    #[serde(default)]
    pub defaults: InvitationDefaults,
}

/// What rows have in common.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationDefaults {
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = RoleKey))]
    pub role: Option<RoleKey>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::RoleKeys))]
    pub roles: Option<Vec<RoleKey>>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::TeamKeys))]
    pub teams: Option<Vec<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WorkspaceKeys))]
    pub workspaces: Option<Vec<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Message>))]
    pub message: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::InvitationDays>))]
    pub expires_in_days: Option<i64>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::time::Timestamp>))]
    pub expires_at: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub send_email: Option<bool>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::LocalPath>))]
    pub redirect_to: Option<String>,
}

impl BulkInvitations {
    /// The rows, each with the defaults for what it does not say.
    ///
    /// # Errors
    /// `missing_field` when there are none, `too_many_rows`.
    pub fn rows(self) -> Result<Vec<NewInvitation>> {
        match self.invitations.len() {
            0 => Err(Error::field("invitations", Code::MissingField, "Name at least one address.")),
            1..=ROWS_MAX => Ok(self.invitations.into_iter().map(|row| self.defaults.under(row)).collect()),
            _ => Err(too_many_rows()),
        }
    }
}

/// More rows than one request may have.
pub fn too_many_rows() -> Error {
    Error::field("invitations", Code::TooManyRows, format!("At most {ROWS_MAX} people are invited at once."))
}

impl InvitationDefaults {
    /// What says the same in two ways is taken together: a row that names its roles, or its end, has neither form of
    /// it from here.
    fn under(&self, row: NewInvitation) -> NewInvitation {
        let names_roles = row.role.is_some() || row.roles.is_some();
        let names_end = row.expires_in_days.is_some() || row.expires_at.is_some();
        NewInvitation {
            role: row.role.or_else(|| self.role.clone().filter(|_| !names_roles)),
            roles: row.roles.or_else(|| self.roles.clone().filter(|_| !names_roles)),
            teams: row.teams.or_else(|| self.teams.clone()),
            workspaces: row.workspaces.or_else(|| self.workspaces.clone()),
            message: row.message.or_else(|| self.message.clone()),
            expires_in_days: row.expires_in_days.or(self.expires_in_days.filter(|_| !names_end)),
            expires_at: row.expires_at.or_else(|| self.expires_at.clone().filter(|_| !names_end)),
            send_email: row.send_email.or(self.send_email),
            redirect_to: row.redirect_to.or_else(|| self.redirect_to.clone()),
            email: row.email,
            name: row.name,
        }
    }
}

impl NewInvitation {
    /// The columns that a file may have; it has the first.
    pub const COLUMNS: &[&str] = &["email", "name", "role", "teams", "workspaces", "message"];

    /// A row of a file: several words in one cell are separated by semicolons, an empty cell says nothing.
    pub fn of_cells<'c>(cells: impl IntoIterator<Item = (&'c str, &'c str)>) -> Self {
        let mut row = Self::default();
        for (column, cell) in cells.into_iter().filter(|(_, cell)| !cell.trim().is_empty()) {
            match column {
                "email" => cell.clone_into(&mut row.email),
                "name" => row.name = Some(cell.to_owned()),
                "role" => match words(cell).as_slice() {
                    [role] => row.role = Some(RoleKey::Key(role.clone())),
                    roles => row.roles = Some(roles.iter().cloned().map(RoleKey::Key).collect()),
                },
                "teams" => row.teams = Some(words(cell)),
                "workspaces" => row.workspaces = Some(words(cell)),
                "message" => row.message = Some(cell.to_owned()),
                _ => {}
            }
        }
        row
    }
}

fn words(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

choices! {
    /// What became of one row.
    RowOutcome {
        Created "created" "Invited",
        AlreadyMember "already_member" "Is a member",
        /// Sent again where that was asked for.
        AlreadyInvited "already_invited" "Is invited",
        DuplicateInBatch "duplicate_in_batch" "Stands above already",
        Invalid "invalid" "Not valid",
        ForbiddenRole "forbidden_role" "May not be given",
        LimitReached "limit_reached" "No room",
    }
}

impl RowOutcome {
    /// As what a refusal of one row counts.
    pub fn of(problem: &Error) -> Self {
        let owner = |violation: &Violation| violation.code == Code::OwnerRoleNotInvitable;
        match problem.code() {
            Code::AlreadyMember => Self::AlreadyMember,
            Code::AlreadyInvited => Self::AlreadyInvited,
            Code::PermissionEscalation => Self::ForbiddenRole,
            Code::ValidationFailed if problem.violations().iter().all(owner) => Self::ForbiddenRole,
            Code::InvitationLimitReached | Code::MemberLimitReached | Code::RateLimited => Self::LimitReached,
            _ => Self::Invalid,
        }
    }

    fn is_failure(self) -> bool {
        matches!(self, Self::Invalid | Self::ForbiddenRole | Self::LimitReached)
    }
}

/// What became of each row. A problem is told as the transport tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitationReport<P> {
    pub summary: InvitationSummary,
    pub results: Vec<RowResult<P>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitationSummary {
    pub created: usize,
    /// Already invited, and sent again.
    pub resent: usize,
    /// Nothing had to be done.
    pub skipped: usize,
    pub failed: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RowResult<P> {
    /// The place in the list, from 0.
    pub index: usize,
    pub email: String,
    pub outcome: RowOutcome,
    /// What was sent; nothing when it was only tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Invitation))]
    pub invitation: Option<Invitation>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = P))]
    pub problem: Option<P>,
}

impl<P> InvitationReport<P> {
    pub fn of(results: Vec<RowResult<P>>) -> Self {
        let mut summary = InvitationSummary::default();
        for result in &results {
            let counter = match result.outcome {
                RowOutcome::Created => &mut summary.created,
                RowOutcome::AlreadyInvited if result.problem.is_none() => &mut summary.resent,
                outcome if outcome.is_failure() => &mut summary.failed,
                _ => &mut summary.skipped,
            };
            *counter += 1;
        }
        Self { summary, results }
    }

    /// The same report with its problems told another way.
    pub fn map_problems<Q>(self, mut tell: impl FnMut(P) -> Q) -> InvitationReport<Q> {
        let results = self.results.into_iter().map(|result| RowResult {
            index: result.index,
            email: result.email,
            outcome: result.outcome,
            invitation: result.invitation,
            problem: result.problem.map(&mut tell),
        });
        InvitationReport { summary: self.summary, results: results.collect() }
    }
}

impl InvitationReport<Error> {
    /// For one who wants all or nothing.
    ///
    /// # Errors
    /// `bulk_rejected` with what is wrong in each row that failed.
    pub fn require_all(&self) -> Result<()> {
        let failed = self.results.iter().filter(|result| result.outcome.is_failure());
        let wrong: Vec<Violation> = failed.flat_map(RowResult::violations).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Code::BulkRejected.about(wrong)) }
    }
}

impl RowResult<Error> {
    /// What is wrong with this row, by its place in the whole list.
    fn violations(&self) -> Vec<Violation> {
        let row = format!("invitations/{}", self.index);
        let Some(problem) = &self.problem else { return Vec::new() };
        let inside = |violation: &Violation| {
            let At::Pointer(field) = &violation.at else { return violation.clone() };
            Violation { at: At::Pointer(format!("/{row}{field}")), ..violation.clone() }
        };
        match problem.violations() {
            [] => vec![Violation::field(&row, problem.code(), problem.code().title())],
            violations => violations.iter().map(inside).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
