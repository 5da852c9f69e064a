//! What is submitted to found an organization, and how it is found right.

use super::Visibility;
use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::industry;
use crate::patch::not_null;
use crate::text::{Country, Email, Name, Phone, Prose, Refusal, Schemes, Slug, WebUrl};
use serde::{Deserialize, Serialize};

/// The limits that an instance sets for slugs.
#[derive(Debug, Clone)]
pub struct SlugRules {
    pub max: usize,
    pub reserved: Vec<String>,
}

impl SlugRules {
    /// The one slug that two names of it give.
    pub(super) fn one(&self, checked: &mut Checked, slug: Option<&str>, handle: Option<&str>) -> Option<Slug> {
        if let (Some(slug), Some(handle)) = (slug, handle)
            && !slug.eq_ignore_ascii_case(handle)
        {
            let rule = "Slug and handle are one value and cannot differ.";
            checked.note(Violation::field("handle", Code::SlugHandleMismatch, rule));
        }
        let field = if slug.is_some() { "slug" } else { "handle" };
        checked.optional(field, slug.or(handle), |text| Slug::parse(text, self.max, &self.reserved))
    }
}

/// An organization as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationName))]
    pub name: String,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationSlug))]
    pub slug: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationSlug))]
    pub handle: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Bio>))]
    pub bio: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Description>))]
    pub description: Option<String>,
    #[serde(default, alias = "logo", alias = "logo_url")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::SecureAddress>))]
    pub avatar_url: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub website: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::IndustryKey>))]
    pub industry: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::CountryCode>))]
    pub country_code: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Email>))]
    pub email: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Phone>))]
    pub phone: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = Visibility))]
    pub visibility: Option<String>,
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
        let slug = slugs.one(&mut checked, self.slug.as_deref(), self.handle.as_deref());
        let visibility = checked.optional("visibility", self.visibility.as_deref(), visibility);
        if require_country && self.country_code.is_none() {
            let rule = "A country is required here.";
            checked.note(Violation::field("country_code", Code::MissingField, rule));
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

pub(super) fn bio(text: &str) -> Result<String, Refusal> {
    Prose::parse(text, Prose::BIO_MAX).map(String::from)
}

pub(super) fn description(text: &str) -> Result<String, Refusal> {
    Prose::parse(text, Prose::DESCRIPTION_MAX).map(String::from)
}

pub(super) fn avatar_url(text: &str) -> Result<String, Refusal> {
    WebUrl::parse(text, Schemes::HttpsOnly).map(String::from)
}

pub(super) fn website(text: &str) -> Result<String, Refusal> {
    WebUrl::parse(text, Schemes::Web).map(String::from)
}

pub(super) fn industry(text: &str) -> Result<String, Refusal> {
    industry::find(text)
        .map(|choice| choice.key.to_owned())
        .ok_or(Refusal::new(Code::IndustryUnknown, "Choose an industry from the list."))
}

pub(super) fn country(text: &str) -> Result<String, Refusal> {
    Country::parse(text).map(|country| country.alpha2.to_owned())
}

pub(super) fn email(text: &str) -> Result<String, Refusal> {
    Email::parse(text).map(String::from)
}

pub(super) fn phone(text: &str) -> Result<String, Refusal> {
    Phone::parse(text).map(String::from)
}

pub(super) fn visibility(text: &str) -> Result<Visibility, Refusal> {
    Visibility::find(text).ok_or(Refusal::new(Code::ValueUnknown, "Visibility is public or private."))
}
