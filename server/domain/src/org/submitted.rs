//! What is submitted to found or change an organization, and how it is found right.

use super::{Organization, Settings, Visibility};
use crate::code::Code;
use crate::error::{Checked, Error, Result};
use crate::industry;
use crate::patch::{Patch, not_null};
use crate::policy::Role;
use crate::text::{Country, Email, Name, Phone, Prose, Refusal, Schemes, Slug, WebUrl};
use serde::{Deserialize, Serialize};

/// The limits that an instance sets for slugs.
#[derive(Debug, Clone)]
pub struct SlugRules {
    pub max: usize,
    pub reserved: Vec<String>,
}

/// An organization as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    pub name: String,
    #[serde(default, deserialize_with = "not_null")]
    pub slug: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    pub handle: Option<String>,
    #[serde(default)]
    pub bio: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default, alias = "logo", alias = "logo_url")]
    pub avatar_url: Option<String>,
    #[serde(default)]
    pub website: Option<String>,
    #[serde(default)]
    pub industry: Option<String>,
    #[serde(default)]
    pub country_code: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    pub visibility: Option<String>,
}

/// Changes of an organization, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub bio: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<String>,
    #[serde(default, alias = "logo", alias = "logo_url", skip_serializing_if = "Patch::is_keep")]
    pub avatar_url: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub website: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub industry: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub country_code: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub email: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub phone: Patch<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub settings: Option<SettingsPatch>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub default_role: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub invitation_ttl_days: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    pub members_can_invite: Option<bool>,
}

/// The parsed profile: what an organization says of itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    pub bio: Option<String>,
    pub description: Option<String>,
    pub avatar_url: Option<String>,
    pub website: Option<String>,
    pub industry: Option<String>,
    pub country_code: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// A new organization whose every field has been found right. Without a slug one is made from the name.
#[derive(Debug, Clone)]
pub struct Founding {
    pub name: Name,
    pub slug: Option<Slug>,
    pub profile: Profile,
    pub visibility: Visibility,
}

impl NewOrganization {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self, slugs: &SlugRules, require_country: bool) -> Result<Founding> {
        let mut checked = Checked::default();
        let name = checked.field("name", Name::parse(&self.name));
        if let (Some(slug), Some(handle)) = (&self.slug, &self.handle)
            && !slug.eq_ignore_ascii_case(handle)
        {
            let rule = "Slug and handle are one value and cannot differ.";
            checked.note(crate::error::Violation::field("handle", Code::SlugHandleMismatch, rule));
        }
        let field = if self.slug.is_some() { "slug" } else { "handle" };
        let slug = checked.optional(field, self.slug.as_deref().or(self.handle.as_deref()), |text| {
            Slug::parse(text, slugs.max, &slugs.reserved)
        });
        let visibility = checked.optional("visibility", self.visibility.as_deref(), visibility);
        if require_country && self.country_code.is_none() {
            let rule = "A country is required here.";
            checked.note(crate::error::Violation::field("country_code", Code::MissingField, rule));
        }
        let profile = Profile {
            bio: checked.optional("bio", self.bio.as_deref(), bio),
            description: checked.optional("description", self.description.as_deref(), description),
            avatar_url: checked.optional("avatar_url", self.avatar_url.as_deref(), avatar_url),
            website: checked.optional("website", self.website.as_deref(), website),
            industry: checked.optional("industry", self.industry.as_deref(), industry),
            country_code: checked.optional("country_code", self.country_code.as_deref(), country),
            email: checked.optional("email", self.email.as_deref(), email),
            phone: checked.optional("phone", self.phone.as_deref(), phone),
        };
        checked.finish()?;
        let name = name.ok_or(Error::Internal)?;
        Ok(Founding { name, slug, profile, visibility: visibility.unwrap_or(Visibility::Private) })
    }
}

/// What a patch sets, found right.
#[derive(Debug, Clone)]
pub struct Revision {
    pub name: Option<Name>,
    pub profile: Profile,
    pub visibility: Visibility,
    pub settings: Settings,
}

impl OrganizationPatch {
    /// The organization's fields after this patch.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn over(self, before: &Organization) -> Result<Revision> {
        let mut checked = Checked::default();
        let profile = Profile {
            bio: checked.patched("bio", self.bio, &before.bio, bio),
            description: checked.patched("description", self.description, &before.description, description),
            avatar_url: checked.patched("avatar_url", self.avatar_url, &before.avatar_url, avatar_url),
            website: checked.patched("website", self.website, &before.website, website),
            industry: checked.patched("industry", self.industry, &before.industry, industry),
            country_code: checked.patched("country_code", self.country_code, &before.country_code, country),
            email: checked.patched("email", self.email, &before.email, email),
            phone: checked.patched("phone", self.phone, &before.phone, phone),
        };
        let name = checked.optional("name", self.name.as_deref(), Name::parse);
        let visibility = checked.optional("visibility", self.visibility.as_deref(), visibility);
        let settings = self.settings.unwrap_or_default().over(&before.settings, &mut checked);
        checked.finish()?;
        Ok(Revision { name, profile, visibility: visibility.unwrap_or(before.visibility), settings })
    }
}

impl SettingsPatch {
    fn over(self, before: &Settings, checked: &mut Checked) -> Settings {
        let default_role = checked.optional("settings/default_role", self.default_role.as_deref(), default_role);
        let days = self.invitation_ttl_days.unwrap_or(before.invitation_ttl_days);
        if !(1..=30).contains(&days) {
            let rule = "Invitations stay open for 1 to 30 days.";
            checked.note(crate::error::Violation::field("settings/invitation_ttl_days", Code::ExpiryOutOfRange, rule));
        }
        Settings {
            require_2fa: before.require_2fa,
            default_role: default_role.unwrap_or(before.default_role),
            invitation_ttl_days: days,
            members_can_invite: self.members_can_invite.unwrap_or(before.members_can_invite),
        }
    }
}

fn bio(text: &str) -> Result<String, Refusal> {
    Prose::parse(text, 256).map(String::from)
}

fn description(text: &str) -> Result<String, Refusal> {
    Prose::parse(text, 4096).map(String::from)
}

fn avatar_url(text: &str) -> Result<String, Refusal> {
    WebUrl::parse(text, Schemes::HttpsOnly).map(String::from)
}

fn website(text: &str) -> Result<String, Refusal> {
    WebUrl::parse(text, Schemes::Web).map(String::from)
}

fn industry(text: &str) -> Result<String, Refusal> {
    industry::find(text)
        .map(|choice| choice.key.to_owned())
        .ok_or(Refusal::new(Code::IndustryUnknown, "Choose an industry from the list."))
}

fn country(text: &str) -> Result<String, Refusal> {
    Country::parse(text).map(|country| country.alpha2.to_owned())
}

fn email(text: &str) -> Result<String, Refusal> {
    Email::parse(text).map(String::from)
}

fn phone(text: &str) -> Result<String, Refusal> {
    Phone::parse(text).map(String::from)
}

fn visibility(text: &str) -> Result<Visibility, Refusal> {
    Visibility::find(text).ok_or(Refusal::new(Code::ValueUnknown, "Visibility is public or private."))
}

fn default_role(text: &str) -> Result<Role, Refusal> {
    match Role::find(text) {
        Some(Role::Owner) => Err(Refusal::new(Code::OwnerRoleNotInvitable, "Nobody can be invited as owner.")),
        Some(role) => Ok(role),
        None => Err(Refusal::new(Code::RoleUnknown, "There is no such role.")),
    }
}
