//! What people change about their own account, and where they are signed in.

use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::ids::SignInId;
use crate::patch::{Patch, not_null};
use crate::text::{Locale, Name, Password, Refusal, Username};
use crate::time::Timestamp;
use crate::user::{FULL_NAME_MAX, Theme, User};
use serde::{Deserialize, Serialize};

/// Changes of one's own account, as they are submitted.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::PersonName>))]
    pub full_name: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Username>))]
    pub username: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::TimeZone>))]
    pub time_zone: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Locale>))]
    pub locale: Patch<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Theme))]
    pub theme: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Password))]
    pub password: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub current_password: Option<String>,
}

/// What a patch sets, found right.
#[derive(Debug, Clone)]
pub struct AccountRevision {
    pub full_name: Patch<Name>,
    pub username: Patch<Username>,
    pub time_zone: Patch<String>,
    pub locale: Patch<Locale>,
    pub theme: Option<Theme>,
    pub password: Option<PasswordChange>,
}

/// A new password, and the one that shows that its holder asks.
#[derive(Clone)]
pub struct PasswordChange {
    pub new: Password,
    pub current: String,
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordChange")
    }
}

/// The part of an account that its holder changes, after a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    pub full_name: Option<String>,
    pub username: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub theme: Theme,
}

impl AccountPatch {
    /// `zone` gives a time zone's name in its usual spelling, if there is such a zone.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self, zone: impl FnOnce(&str) -> Option<String>) -> Result<AccountRevision> {
        let mut checked = Checked::default();
        let full_name = checked.patch("full_name", self.full_name, |text| Name::parse_up_to(text, FULL_NAME_MAX));
        let username = checked.patch("username", self.username, Username::parse);
        let unknown = Refusal::new(Code::ValueUnknown, "Give a time zone such as Europe/Oslo.");
        let time_zone = checked.patch("time_zone", self.time_zone, |text| zone(text).ok_or(unknown));
        let locale = checked.patch("locale", self.locale, Locale::parse);
        let theme = checked.optional("theme", self.theme.as_deref(), theme);
        let new = checked.optional("password", self.password.as_deref(), Password::parse);
        if self.password.is_some() && self.current_password.is_none() {
            let rule = "Give the present password too.";
            checked.note(Violation::field("current_password", Code::MissingField, rule));
        }
        checked.finish()?;
        let password = new.zip(self.current_password).map(|(new, current)| PasswordChange { new, current });
        Ok(AccountRevision { full_name, username, time_zone, locale, theme, password })
    }
}

fn theme(text: &str) -> Result<Theme, Refusal> {
    Theme::find(text).ok_or(Refusal::new(Code::ValueUnknown, "The theme is system, light or dark."))
}

impl AccountRevision {
    /// The account after this change.
    pub fn over(&self, before: &User) -> Personal {
        Personal {
            full_name: self.full_name.clone().map(String::from).over(before.full_name.clone()),
            username: self.username.clone().map(String::from).over(before.username.clone()),
            time_zone: self.time_zone.clone().over(before.time_zone.clone()),
            locale: self.locale.clone().map(String::from).over(before.locale.clone()),
            theme: self.theme.unwrap_or(before.theme),
        }
    }
}

/// Another address for one's account, as it is submitted.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Email))]
    pub email: String,
    pub current_password: String,
}

/// A device on which one is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SignIn))]
pub struct Session {
    pub id: SignInId,
    /// Whether it is the one that asks.
    pub current: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

list_query! {
    /// What `GET /users/@me/sessions` takes.
    SessionsQuery {}
}

/// One organization that keeps an account from being deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
pub struct OwnedOrganization {
    pub id: crate::ids::OrgId,
    pub slug: String,
    pub name: String,
}

/// What an owner who wants to delete the account has to hand over first.
pub fn owns_organizations(owned: &[OwnedOrganization]) -> Error {
    Code::OwnsOrganizations.with("organizations", serde_json::to_value(owned).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patch(body: serde_json::Value) -> Result<AccountRevision> {
        let patch: AccountPatch = serde_json::from_value(body).expect("a patch");
        patch.parse(|zone| (zone == "europe/oslo").then(|| "Europe/Oslo".to_owned()))
    }

    #[test]
    fn a_null_clears_and_what_is_absent_stays() {
        let revision = patch(json!({ "full_name": null, "time_zone": "europe/oslo" })).expect("right");
        assert!(matches!(revision.full_name, Patch::Clear));
        assert!(revision.username.is_keep());
        assert!(matches!(revision.time_zone, Patch::Set(zone) if zone == "Europe/Oslo"));
    }

    #[test]
    fn all_broken_fields_are_told_at_once() {
        let refused = patch(json!({
            "full_name": "", "username": "A", "time_zone": "Mars/Base", "locale": "x", "theme": "pink", "password": "x"
        }));
        let error = refused.expect_err("refused");
        let fields: Vec<_> = error.violations().iter().filter_map(Violation::field_name).collect();
        assert_eq!(fields, ["full_name", "username", "time_zone", "locale", "theme", "password", "current_password"]);
    }
}
