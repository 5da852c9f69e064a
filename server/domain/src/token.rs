//! Access tokens: for programs of a person, or of an organization.

use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::ids::{OrgId, TokenId, UserId};
use crate::patch::not_null;
use crate::policy::{Permission, Permissions};
use crate::text::Name;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Days that a token lives when nothing is said.
const USUAL_DAYS: u32 = 90;
/// Most days that a token lives.
pub(crate) const MOST_DAYS: u32 = 365;
/// Longest time, in minutes, that a former secret lives beside the new one.
pub(crate) const LONGEST_GRACE: i64 = 1440;
/// Most organizations that a personal token can be restricted to.
pub(crate) const MOST_ORGANIZATIONS: usize = 100;

choices! {
    /// Whose a token is.
    TokenKind {
        Personal "personal" "Personal",
        Organization "organization" "Organization",
    }
}

/// A token as it is shown: everything but the secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub kind: TokenKind,
    /// The first characters, by which a person recognizes it.
    pub prefix: String,
    pub scopes: Permissions,
    /// The only organizations that a personal token is good for; absent for all.
    pub organizations: Option<Vec<OrgId>>,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub last_used_ip: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether it opens anything still.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| expires_at > now)
    }
}

/// A token with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IssuedToken {
    #[serde(flatten)]
    pub shown: Token,
    /// Not told again when the same request comes again.
    #[cfg_attr(feature = "schema", schema(required = false))]
    pub token: String,
}

/// A personal token as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPersonalToken {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::Scopes))]
    pub scopes: Vec<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::OrganizationIds>))]
    pub organizations: Option<Vec<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::TokenDays>))]
    pub expires_in_days: Option<i64>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Timestamp>))]
    pub expires_at: Option<String>,
}

/// An organization's token as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOrganizationToken {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: String,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::Scopes))]
    pub scopes: Vec<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::TokenDays>))]
    pub expires_in_days: Option<i64>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Timestamp>))]
    pub expires_at: Option<String>,
}

/// A token to be made, whose every field has been found right.
#[derive(Debug, Clone)]
pub struct TokenIssue {
    pub name: Name,
    pub scopes: Permissions,
    pub organizations: Option<Vec<OrgId>>,
    pub expires_at: Timestamp,
}

impl NewPersonalToken {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self, now: Timestamp) -> Result<TokenIssue> {
        let mut checked = Checked::default();
        let name = checked.field("name", Name::parse_up_to(&self.name, Name::TEAM_MAX));
        let scopes = scopes(&mut checked, &self.scopes);
        let organizations = self.organizations.map(|ids| organizations(&mut checked, &ids));
        let expires_at = expiry(&mut checked, self.expires_in_days, self.expires_at.as_deref(), now);
        checked.finish()?;
        Ok(TokenIssue { name: name.ok_or(Error::Internal)?, scopes, organizations, expires_at })
    }
}

impl NewOrganizationToken {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self, now: Timestamp) -> Result<TokenIssue> {
        let Self { name, scopes, expires_in_days, expires_at } = self;
        NewPersonalToken { name, scopes, organizations: None, expires_in_days, expires_at }.parse(now)
    }
}

fn scopes(checked: &mut Checked, names: &[String]) -> Permissions {
    if names.is_empty() {
        checked.note(Violation::field("scopes", Code::MissingField, "Name at least one scope."));
    }
    let mut scopes = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match Permission::named(name) {
            Some(permission) => scopes.push(permission),
            None => {
                let rule = "There is no scope of this name.";
                checked.note(Violation::field(&format!("scopes/{index}"), Code::ScopeUnknown, rule));
            }
        }
    }
    scopes.into_iter().collect()
}

/// Whether the organizations exist is not said: the token is worth nothing where its person is no member.
fn organizations(checked: &mut Checked, texts: &[String]) -> Vec<OrgId> {
    if texts.is_empty() {
        let rule = "Name at least one organization, or leave the field out.";
        checked.note(Violation::field("organizations", Code::MissingField, rule));
    }
    if texts.len() > MOST_ORGANIZATIONS {
        let rule = format!("At most {MOST_ORGANIZATIONS} can be named.");
        checked.note(Violation::field("organizations", Code::TooManyItems, rule));
        return Vec::new();
    }
    let mut ids: Vec<OrgId> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match text.parse() {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(_) => {
                let rule = "This has to be an organization's id.";
                checked.note(Violation::field(&format!("organizations/{index}"), Code::WrongType, rule));
            }
        }
    }
    ids
}

/// Some days ahead, or at a time that is named.
fn expiry(checked: &mut Checked, days: Option<i64>, at: Option<&str>, now: Timestamp) -> Timestamp {
    let days = days.unwrap_or(USUAL_DAYS.into());
    let counted = u32::try_from(days).ok().filter(|days| (1..=MOST_DAYS).contains(days));
    if counted.is_none() {
        let rule = format!("Tokens live for 1 to {MOST_DAYS} days.");
        checked.note(Violation::field("expires_in_days", Code::ExpiryOutOfRange, rule));
    }
    let usual = now.plus(DAY * counted.unwrap_or(USUAL_DAYS));
    let Some(text) = at else { return usual };
    let Some(time) = Timestamp::parse(text) else {
        checked.note(Violation::field("expires_at", Code::WrongType, "Give a time as in 2026-12-31T12:00:00Z."));
        return usual;
    };
    if time <= now || time > now.plus(DAY * MOST_DAYS) {
        let rule = format!("Tokens end within {MOST_DAYS} days from now.");
        checked.note(Violation::field("expires_at", Code::ExpiryOutOfRange, rule));
    }
    time
}

/// How a token gets a new secret.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// How long the former secret lives on.
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GraceMinutes))]
    pub grace_minutes: Option<i64>,
}

impl Rotation {
    /// When the former secret dies; `None` for at once.
    ///
    /// # Errors
    /// `expiry_out_of_range`.
    pub fn former_until(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let minutes = self.grace_minutes.unwrap_or(0);
        match u64::try_from(minutes).ok().filter(|_| minutes <= LONGEST_GRACE) {
            Some(0) => Ok(None),
            Some(minutes) => Ok(Some(now.plus(Duration::from_secs(minutes * 60)))),
            None => {
                let rule = format!("The former secret lives for 0 to {LONGEST_GRACE} minutes.");
                Err(Error::field("grace_minutes", Code::ExpiryOutOfRange, rule))
            }
        }
    }
}

/// The most that an organization's token can be given: nothing that is about a person, the platform, or the end of the
/// organization.
pub fn organization_scopes() -> Permissions {
    use Permission as P;
    let never = [P::OrgCreate, P::OrgDelete, P::OrgTransfer, P::UserRead, P::UserWrite, P::AdminRead, P::AdminWrite];
    Permission::ALL.iter().copied().filter(|scope| !never.contains(scope)).collect()
}

/// What is left of a personal token's scopes when it is restricted to some organizations.
pub fn restricted(scopes: Permissions) -> Permissions {
    use Permission as P;
    let wider = [P::OrgCreate, P::AdminRead, P::AdminWrite];
    scopes.iter().filter(|scope| !wider.contains(scope)).collect()
}

list_query! {
    /// What the lists of tokens take.
    TokensQuery {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_763_766_000_000);

    fn new() -> NewPersonalToken {
        NewPersonalToken {
            name: "Deploys".to_owned(),
            scopes: vec!["org:read".to_owned()],
            ..NewPersonalToken::default()
        }
    }

    fn refused(token: NewPersonalToken) -> Vec<(Option<String>, Code)> {
        let error = token.parse(NOW).expect_err("refused");
        error.violations().iter().map(|found| (found.field_name().map(str::to_owned), found.code)).collect()
    }

    #[test]
    fn a_token_lives_for_ninety_days_unless_told_otherwise() {
        let until = |token: NewPersonalToken| token.parse(NOW).expect("right").expires_at;
        assert_eq!(until(new()), NOW.plus(DAY * 90));
        assert_eq!(until(NewPersonalToken { expires_in_days: Some(365), ..new() }), NOW.plus(DAY * 365));
        let soon = NOW.plus(Duration::from_secs(1));
        assert_eq!(until(NewPersonalToken { expires_at: Some(soon.to_string()), ..new() }), soon);
    }

    #[test]
    fn a_token_lives_for_a_day_to_a_year() {
        for days in [0, -1, 366, i64::MAX, i64::MIN] {
            let token = NewPersonalToken { expires_in_days: Some(days), ..new() };
            assert_eq!(refused(token), [(Some("expires_in_days".to_owned()), Code::ExpiryOutOfRange)], "{days}");
        }
        for time in [NOW, NOW.plus(DAY * 366)] {
            let token = NewPersonalToken { expires_at: Some(time.to_string()), ..new() };
            assert_eq!(refused(token), [(Some("expires_at".to_owned()), Code::ExpiryOutOfRange)], "{time}");
        }
    }

    #[test]
    fn all_broken_fields_are_told_at_once() {
        let token = NewPersonalToken {
            name: String::new(),
            scopes: vec!["org:read".to_owned(), "org:fly".to_owned()],
            organizations: Some(vec!["acme".to_owned()]),
            expires_in_days: Some(0),
            expires_at: Some("tomorrow".to_owned()),
        };
        let codes: Vec<Code> = refused(token).into_iter().map(|(_, code)| code).collect();
        let wrong = Code::WrongType;
        assert_eq!(codes, [Code::NameEmpty, Code::ScopeUnknown, wrong, Code::ExpiryOutOfRange, wrong]);
    }

    #[test]
    fn an_organization_s_token_has_nothing_of_a_person_or_the_platform() {
        let most = organization_scopes();
        assert!(most.has(Permission::OrgRead) && most.has(Permission::TokenWrite));
        assert!(!most.has(Permission::OrgTransfer) && !most.has(Permission::UserRead));
        assert!(crate::policy::Role::Admin.permissions().contains(most));
    }

    #[test]
    fn a_restriction_takes_what_reaches_further() {
        let scopes = [Permission::OrgCreate, Permission::OrgUpdate, Permission::AdminWrite].into_iter().collect();
        let left: Vec<_> = restricted(scopes).iter().collect();
        assert_eq!(left, [Permission::OrgRead, Permission::OrgUpdate]);
    }

    #[test]
    fn a_former_secret_lives_for_a_day_at_most() {
        let until = |minutes| Rotation { grace_minutes: minutes }.former_until(NOW);
        assert_eq!(until(None), Ok(None));
        assert_eq!(until(Some(0)), Ok(None));
        assert_eq!(until(Some(1440)), Ok(Some(NOW.plus(DAY))));
        assert!(until(Some(1441)).is_err() && until(Some(-1)).is_err() && until(Some(i64::MAX)).is_err());
    }
}
