//! Invitations: the only way into an organization.

use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::ids::{InvitationId, OrgId, UserId};
use crate::member::{Member, PlaceRef, RoleKey, RoleRef};
use crate::org::{Organization, Settings};
use crate::page::Many;
use crate::patch::not_null;
use crate::policy::Role;
use crate::text::{self, Email, Name, Prose, Username};
use crate::time::Timestamp;
use crate::user::{FULL_NAME_MAX, User};
use serde::{Deserialize, Serialize};
use std::time::Duration;

mod bulk;
mod grants;
mod patch;

pub use bulk::{
    BulkInvitations, InvitationDefaults, InvitationReport, InvitationSummary, ROWS_MAX, RowOutcome, RowResult,
    too_many_rows,
};
pub use grants::Grants;
pub use patch::{InvitationPatch, InvitationRevision};

/// Most days that an invitation stays open.
pub(crate) const DAYS_MAX: i64 = 30;
/// Most teams that one invitation names.
pub(crate) const TEAMS_MAX: usize = 50;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

choices! {
    InvitationStatus {
        Pending "pending" "Pending",
        Accepted "accepted" "Accepted",
        Declined "declined" "Declined",
        Revoked "revoked" "Revoked",
        Expired "expired" "Expired",
    }
}

choices! {
    /// How far the mail has come.
    DeliveryState {
        Queued "queued" "Waiting to be sent",
        Sent "sent" "Sent",
        Failed "failed" "Could not be sent",
        Skipped "skipped" "Not sent by mail",
    }
}

/// An invitation as the organization sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: InvitationId,
    /// Always the same as `id`.
    pub uid: InvitationId,
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
    pub roles: Vec<RoleRef>,
    pub teams: Vec<PlaceRef>,
    pub workspaces: Vec<PlaceRef>,
    pub message: Option<String>,
    pub status: InvitationStatus,
    pub is_expired: bool,
    pub expires_at: Timestamp,
    /// The link form of the token: only for those who may invite, and only while the invitation is open.
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub accept_url: Option<String>,
    pub invited_by: Option<Inviter>,
    pub resend_count: i64,
    pub last_sent_at: Option<Timestamp>,
    pub delivery: Delivery,
    pub accepted_at: Option<Timestamp>,
    pub accepted_user_id: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Only in the list of one's own invitations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = InvitingOrganization))]
    pub organization: Option<InvitingOrganization>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Inviter {
    pub user_id: UserId,
    pub username: Option<String>,
    pub full_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub state: DeliveryState,
    pub failed_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// What an invitee is shown of the organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitingOrganization {
    pub id: OrgId,
    pub name: String,
    pub slug: String,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WebAddress))]
    pub icon_url: String,
    pub verified: bool,
}

/// An invitation as its recipient sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReceivedInvitation {
    pub organization: InvitingOrganization,
    pub invited_by: Option<InviterName>,
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
    pub message: Option<String>,
    pub expires_at: Timestamp,
    pub status: InvitationStatus,
    pub next_step: NextStep,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InviterName {
    pub full_name: Option<String>,
}

/// What the recipient has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    SetPassword,
    SignIn,
    Accept,
    SwitchAccount,
    None,
}

/// An invitation as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::PersonName>))]
    pub name: Option<String>,
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
    #[cfg_attr(feature = "schema", schema(value_type = Option<Timestamp>))]
    pub expires_at: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub send_email: Option<bool>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::LocalPath>))]
    pub redirect_to: Option<String>,
}

/// An invitation whose every field has been found right; what it gives is still to be looked up.
#[derive(Debug, Clone)]
pub struct Issue {
    pub email: Email,
    pub name: Option<Name>,
    pub grants: Grants,
    pub message: Option<Prose>,
    pub expires_at: Timestamp,
    pub send_email: bool,
    pub redirect_to: Option<String>,
}

impl NewInvitation {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self, settings: &Settings, now: Timestamp) -> Result<Issue> {
        let mut checked = Checked::default();
        let email = checked.field("email", Email::parse(&self.email));
        let name = checked.optional("name", self.name.as_deref(), |text| Name::parse_up_to(text, FULL_NAME_MAX));
        let message =
            checked.optional("message", self.message.as_deref(), |text| Prose::parse(text, Prose::MESSAGE_MAX));
        let grants = Grants { role: self.role, roles: self.roles, teams: self.teams, workspaces: self.workspaces };
        grants.check(&mut checked);
        let redirect_to = redirect(&mut checked, self.redirect_to.as_deref());
        let expires_at = expiry(&mut checked, self.expires_in_days, self.expires_at.as_deref(), settings, now);
        checked.finish()?;
        let email = email.ok_or(Error::Internal)?;
        let send_email = self.send_email.unwrap_or(true);
        Ok(Issue { email, name, grants, message, expires_at, send_email, redirect_to })
    }
}

fn redirect(checked: &mut Checked, target: Option<&str>) -> Option<String> {
    let target = target?;
    let path = text::local_path(target);
    if path.is_none() {
        checked.note(Violation::field(
            "redirect_to",
            Code::RedirectInvalid,
            "Give a path of this site, such as /welcome.",
        ));
    }
    path
}

/// When an invitation ends: the organization's own time ahead unless given.
fn expiry(
    checked: &mut Checked,
    days: Option<i64>,
    at: Option<&str>,
    settings: &Settings,
    now: Timestamp,
) -> Timestamp {
    check_days(checked, days);
    at.and_then(|text| end(checked, text, now)).unwrap_or_else(|| days_ahead(days, settings, now))
}

fn check_days(checked: &mut Checked, days: Option<i64>) {
    if days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        let rule = "Invitations stay open for 1 to 30 days.";
        checked.note(Violation::field("expires_in_days", Code::ExpiryOutOfRange, rule));
    }
}

fn days_ahead(days: Option<i64>, settings: &Settings, now: Timestamp) -> Timestamp {
    let days = days.unwrap_or(settings.invitation_ttl_days).clamp(1, DAYS_MAX);
    now.plus(DAY * u32::try_from(days).unwrap_or(7))
}

/// A moment from 1 minute to 30 days ahead.
fn end(checked: &mut Checked, text: &str, now: Timestamp) -> Option<Timestamp> {
    let Some(time) = Timestamp::parse(text) else {
        checked.note(Violation::field("expires_at", Code::WrongType, "Give a time as in 2026-12-31T12:00:00Z."));
        return None;
    };
    if time < now.plus(Duration::from_secs(60)) || time > now.plus(DAY * 30) {
        let rule = "Invitations end between one minute and 30 days from now.";
        checked.note(Violation::field("expires_at", Code::ExpiryOutOfRange, rule));
    }
    Some(time)
}

/// How an invitation is sent again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Kills the links sent before.
    #[serde(default)]
    pub rotate_token: bool,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub send_email: Option<bool>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::InvitationDays>))]
    pub expires_in_days: Option<i64>,
}

impl Resend {
    /// # Errors
    /// `expiry_out_of_range`.
    pub fn require_form(&self) -> Result<()> {
        let mut checked = Checked::default();
        check_days(&mut checked, self.expires_in_days);
        checked.finish()
    }

    /// When the invitation ends after being sent again.
    pub fn expires_at(&self, settings: &Settings, now: Timestamp) -> Timestamp {
        days_ahead(self.expires_in_days, settings, now)
    }
}

/// What an invitee submits. Without an account the password is needed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Password))]
    pub password: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub password_confirmation: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::PersonName>))]
    pub name: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Username>))]
    pub username: Option<String>,
}

impl Acceptance {
    /// The names the new account will have; the invitation's name stands in for an absent one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn names(&self) -> Result<(Option<Name>, Option<Username>)> {
        let mut checked = Checked::default();
        let name = checked.optional("name", self.name.as_deref(), |text| Name::parse_up_to(text, FULL_NAME_MAX));
        let username = checked.optional("username", self.username.as_deref(), Username::parse);
        checked.finish()?;
        Ok((name, username))
    }
}

/// What acceptance answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Accepted {
    pub organization: Organization,
    pub membership: Member,
    pub user: User,
    pub session: SessionOutcome,
    #[serde(skip_serializing_if = "is_false", default)]
    pub already_member: bool,
    /// Where the invitation asked to go next.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub redirect_to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionOutcome {
    Created,
    None,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

list_query! {
    /// What `GET …/invitations` takes.
    InvitationsQuery by ["created_at", "expires_at", "email"] finds "In address and name." {
        /// Open and expired ones unless given; `all` for every one.
        status: Many => crate::schema::InvitationFilter,
        role: String => Role,
        /// The id of the person who invited.
        invited_by: String => UserId,
    }
}

list_query! {
    /// What `GET /users/@me/invitations` takes.
    OwnInvitationsQuery {
        /// Open ones unless given; `all` for every one.
        status: Many => crate::schema::InvitationFilter,
    }
}
