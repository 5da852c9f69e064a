//! People: the account behind every membership.

use crate::error::{Checked, Error, Result};
use crate::ids::{TokenId, UserId};
use crate::policy::Permissions;
use crate::text::{Email, Name, Username};
use serde::{Deserialize, Serialize};

choices! {
    /// How the dashboard looks to a person.
    Theme {
        System "system" "As the device has it",
        Light "light" "Light",
        Dark "dark" "Dark",
    }
}

/// Longest full name of a person.
pub const FULL_NAME_MAX: usize = 128;

/// An account as its own holder sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
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
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub theme: Theme,
    pub version: i64,
}

/// An account and how its holder is known to us in this request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    #[serde(flatten)]
    pub user: User,
    pub auth: Auth,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Auth {
    #[serde(rename = "type")]
    pub kind: AuthKind,
    pub token_id: Option<TokenId>,
    pub scopes: Option<Permissions>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    Session,
    Token,
}

/// What signing in answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedIn {
    pub user: User,
}

/// What to call a person: the full name, or the address when there is none.
pub fn display_name(full_name: Option<&str>, email: &str) -> String {
    full_name.unwrap_or(email).to_owned()
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    pub password: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Password))]
    pub password: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::PersonName>))]
    pub full_name: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Username>))]
    pub username: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgottenPassword {
    #[cfg_attr(feature = "schema", schema(value_type = Email))]
    pub email: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    pub token: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Password))]
    pub password: String,
    #[serde(default)]
    pub password_confirmation: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailProof {
    pub token: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reauthentication {
    pub password: String,
}

/// The first platform administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founder {
    pub code: String,
    pub email: String,
    pub full_name: String,
    pub password: String,
}

/// The profile of a new account, parsed.
#[derive(Debug, Clone)]
pub struct Profile {
    pub email: Email,
    pub full_name: Option<Name>,
    pub username: Option<Username>,
}

impl Profile {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(email: &str, full_name: Option<&str>, username: Option<&str>) -> Result<Self> {
        let mut checked = Checked::default();
        let email = checked.field("email", Email::parse(email));
        let full_name = checked.optional("full_name", full_name, |text| Name::parse_up_to(text, FULL_NAME_MAX));
        let username = checked.optional("username", username, Username::parse);
        checked.finish()?;
        Ok(Self { email: email.ok_or(Error::Internal)?, full_name, username })
    }
}
