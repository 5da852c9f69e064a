//! What those who run the platform see and change.

use crate::code::Code;
use crate::error::{Checked, Error, Result};
use crate::ids::{MailId, OrgId, UserId};
use crate::member::RoleKey;
use crate::org::{OrganizationPatch, OrganizationsQuery};
use crate::patch::{Patch, not_null};
use crate::text::{Email, Prose};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest note on a verification.
const NOTE_MAX: usize = 500;

list_query! {
    /// What `GET /admin/organizations` takes.
    EveryOrganizationQuery by ["name", "created_at", "member_count"]
    finds "In name and slug, or an id, or the owner's address." {
        status: String => crate::org::Status,
        verified: String => bool,
        r#type: String => crate::org::Kind,
        industry: String => crate::schema::IndustryKey,
        country_code: String => crate::schema::Country,
        visibility: String => crate::org::Visibility,
        /// From this moment on.
        created_from: String => Timestamp,
        /// Before this moment.
        created_to: String => Timestamp,
        format: String => crate::page::Format,
    }
}

impl From<&OrganizationsQuery> for EveryOrganizationQuery {
    fn from(query: &OrganizationsQuery) -> Self {
        let query = query.clone();
        Self {
            search: query.search,
            status: query.status,
            visibility: query.visibility,
            industry: query.industry,
            sort: query.sort,
            limit: query.limit,
            cursor: query.cursor,
            page: query.page,
            per_page: query.per_page,
            ..Self::default()
        }
    }
}

/// A new status, as it is submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::SettableStatus))]
    pub status: String,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub status_reason: Patch<String>,
    /// Whether the owner is told by mail; so it is unless this says no.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub notify: Option<bool>,
}

impl From<StatusChange> for OrganizationPatch {
    fn from(change: StatusChange) -> Self {
        Self { status: Some(change.status), status_reason: change.status_reason, ..Self::default() }
    }
}

/// Whether an organization is who it says, as it is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Verification {
    pub verified: bool,
    /// For the audit log.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub note: Option<String>,
}

impl Verification {
    /// The note, found right.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn note(&self) -> Result<Option<String>> {
        let mut checked = Checked::default();
        let note = checked.optional("note", self.note.as_deref(), |text| Prose::parse(text, NOTE_MAX));
        checked.finish()?;
        Ok(note.filter(|note| !note.is_empty()).map(String::from))
    }
}

/// Somebody who is made a member without being asked, as it is submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Admission {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = UserId))]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = UserId))]
    pub user_uid: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = RoleKey))]
    pub role: Option<RoleKey>,
}

/// How an account is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Id(UserId),
    Email(Email),
}

impl Admission {
    /// Whom it names, and by which field.
    ///
    /// # Errors
    /// `missing_field` when nobody is named, `duplicate_field` when several are, `email_invalid`, `user_not_found` for
    /// what is no id.
    pub fn person(&self) -> Result<(&'static str, Named)> {
        let given = [("user_id", &self.user_id), ("user_uid", &self.user_uid), ("email", &self.email)];
        let mut given = given.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)));
        let (field, text) = match (given.next(), given.next()) {
            (Some(one), None) => one,
            (None, _) => return Err(Error::field("user_id", Code::MissingField, "Name an account.")),
            (_, Some((field, _))) => return Err(Error::field(field, Code::DuplicateField, "Name the account once.")),
        };
        if field == "email" {
            let email = Email::parse(text).map_err(|refusal| Error::Invalid(vec![refusal.of_field(field)]))?;
            return Ok((field, Named::Email(email)));
        }
        let id = text.parse().map_err(|_| Code::UserNotFound.of(field, "There is no such person."))?;
        Ok((field, Named::Id(id)))
    }
}

list_query! {
    /// What `GET /admin/users` takes.
    AccountsQuery by ["created_at"] finds "In name, address and username, or an id." {
        platform_admin: String => bool,
        disabled: String => bool,
    }
}

/// An account as the platform sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    pub id: UserId,
    pub username: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    pub email_verified: bool,
    pub full_name: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    pub two_factor_enabled: bool,
    pub platform_admin: bool,
    pub disabled: bool,
    pub disabled_at: Option<Timestamp>,
    /// Organizations that the person is an active member of.
    pub organization_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// Changes of an account by the platform, as they are submitted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = AccountChange))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub disabled: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub platform_admin: Option<bool>,
    /// Disables also one who owns organizations.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub force: Option<bool>,
}

/// An organization as a warning names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct Owned {
    pub id: OrgId,
    pub slug: String,
    pub name: String,
}

choices! {
    /// How far a mail has come.
    MailState {
        Queued "queued" "Waiting",
        Sent "sent" "Sent",
        Failed "failed" "Failed",
        Skipped "skipped" "Not needed any more",
    }
}

list_query! {
    /// What `GET /admin/outbox` takes.
    OutboxQuery {
        state: String => MailState,
    }
}

/// A mail as the platform sees it: never what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OutgoingMail {
    pub id: MailId,
    /// What it is about, for example `invitation`.
    pub kind: String,
    pub recipient: String,
    pub state: MailState,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub next_attempt_at: Timestamp,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// The platform in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PlatformStats))]
pub struct Stats {
    pub organizations: i64,
    /// Every status with its number, the empty ones too.
    pub by_status: std::collections::BTreeMap<String, i64>,
    pub users: i64,
    pub disabled_users: i64,
    pub platform_admins: i64,
    pub open_invitations: i64,
    /// What came into being on each of the latest days (UTC), the oldest first.
    pub growth: Vec<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = DayOfGrowth))]
pub struct Day {
    /// As in `2026-11-22`.
    pub date: String,
    pub organizations: i64,
    pub users: i64,
}
