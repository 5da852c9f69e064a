//! Changes of an organization: what is submitted, who may submit which field, and what comes of it.

use super::manager::{Managers, NewManager};
use super::submitted::{
    Profile, SlugRules, avatar_url, bio, country, description, email, industry, phone, visibility, website,
};
use super::{Kind, Organization, Settings, Status, Visibility};
use crate::code::Code;
use crate::error::{Checked, Error, Refused, Result, Violation};
use crate::ids::UserId;
use crate::patch::{Patch, not_null};
use crate::policy::Role;
use crate::text::{Name, Prose, Refusal, Slug};
use serde::{Deserialize, Serialize};
use serde_json::Map;

/// Longest reason of a status.
const REASON_MAX: usize = 500;
/// Most seats that fit the column.
pub(crate) const SEATS_MAX: i64 = 9_007_199_254_740_991;

/// As whom somebody changes an organization. Each may change what those before may, and more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Editor {
    Admin,
    Owner,
    Platform,
}

/// Changes of an organization, as they are submitted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrganizationPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationName))]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationSlug))]
    pub slug: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OrganizationSlug))]
    pub handle: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Bio>))]
    pub bio: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Description>))]
    pub description: Patch<String>,
    #[serde(default, alias = "logo", alias = "logo_url", skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::SecureAddress>))]
    pub avatar_url: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub website: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::IndustryKey>))]
    pub industry: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::CountryCode>))]
    pub country_code: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::text::Email>))]
    pub email: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::text::Phone>))]
    pub phone: Patch<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Visibility))]
    pub visibility: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = SettingsPatch))]
    pub settings: Option<SettingsPatch>,
    /// Null leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::SettableStatus>))]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub status_reason: Patch<String>,
    /// Null leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    #[serde(default, rename = "type", deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Kind))]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<NewManager>>))]
    pub managed_by: Patch<Vec<NewManager>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Seats>))]
    pub member_limit: Patch<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = UserId))]
    pub owner: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub require_2fa: Option<bool>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::InvitableRole))]
    pub default_role: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::InvitationDays))]
    pub invitation_ttl_days: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub members_can_invite: Option<bool>,
}

/// What an organization holds after a patch, found right.
#[derive(Debug, Clone)]
pub struct Revision {
    pub name: Option<Name>,
    /// Only when it is another one than before.
    pub slug: Option<Slug>,
    pub profile: Profile,
    pub visibility: Visibility,
    pub settings: Settings,
    pub status: Status,
    pub status_reason: Option<String>,
    pub verified: bool,
    pub kind: Kind,
    pub managed_by: Managers,
    pub member_limit: Option<i64>,
    /// Only when it is another one than before.
    pub owner: Option<UserId>,
}

impl OrganizationPatch {
    /// One field that the editor may not change refuses the whole patch.
    ///
    /// # Errors
    /// `field_not_permitted` with every such field.
    pub fn require_editor(&self, editor: Editor) -> Result<()> {
        let refused = |&(field, given, least): &(&str, bool, Editor)| {
            let rule = if least == Editor::Owner { "Only the owner changes this." } else { "Only the platform does." };
            (given && editor < least).then(|| Violation::field(field, Code::FieldNotPermitted, rule))
        };
        let violations: Vec<_> = self.guarded().iter().filter_map(refused).collect();
        if violations.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(Refused { code: Code::FieldNotPermitted, members: Map::new(), violations }))
    }

    /// The fields that not every editor may change: whether each is given, and the least editor who may.
    fn guarded(&self) -> [(&'static str, bool, Editor); 9] {
        let closes = matches!(self.status.as_deref(), Some("suspended" | "banned"));
        let status = if closes { Editor::Platform } else { Editor::Owner };
        [
            ("slug", self.slug.is_some(), Editor::Owner),
            ("handle", self.handle.is_some(), Editor::Owner),
            ("owner", self.owner.is_some(), Editor::Owner),
            ("status", self.status.is_some(), status),
            ("status_reason", !self.status_reason.is_keep(), Editor::Platform),
            ("verified", self.verified.is_some(), Editor::Platform),
            ("type", self.kind.is_some(), Editor::Platform),
            ("managed_by", !self.managed_by.is_keep(), Editor::Platform),
            ("member_limit", !self.member_limit.is_keep(), Editor::Platform),
        ]
    }

    /// Whether it changes nothing but what the owner of an inactive organization may change.
    pub fn only_revives(&self) -> bool {
        Self { status: None, owner: None, ..self.clone() } == Self::default()
    }

    /// The organization's fields after this patch.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn over(self, before: &Organization, slugs: &SlugRules) -> Result<Revision> {
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
        let slug = new_slug(self.slug.as_deref(), self.handle.as_deref(), before, slugs, &mut checked);
        let visibility = checked.optional("visibility", self.visibility.as_deref(), visibility);
        let settings = self.settings.unwrap_or_default().over(&before.settings, &mut checked);
        let status = checked.optional("status", self.status.as_deref(), status).unwrap_or(before.status);
        let status_reason = reason_of(status, self.status_reason, before, &mut checked);
        let kind = checked.optional("type", self.kind.as_deref(), kind).unwrap_or(before.kind);
        let managed_by = managers(self.managed_by, &before.managed_by, &mut checked);
        let member_limit = seats(self.member_limit, before.member_limit, &mut checked);
        let owner = checked.optional("owner", self.owner.as_deref(), user).filter(|owner| *owner != before.owner);
        checked.finish()?;
        Ok(Revision {
            name,
            slug,
            profile,
            visibility: visibility.unwrap_or(before.visibility),
            settings,
            status,
            status_reason,
            verified: self.verified.unwrap_or(before.verified),
            kind,
            managed_by,
            member_limit,
            owner,
        })
    }
}

impl SettingsPatch {
    fn over(self, before: &Settings, checked: &mut Checked) -> Settings {
        let default_role = checked.optional("settings/default_role", self.default_role.as_deref(), default_role);
        let days = self.invitation_ttl_days.unwrap_or(before.invitation_ttl_days);
        if !(1..=crate::invitation::DAYS_MAX).contains(&days) {
            let rule = "Invitations stay open for 1 to 30 days.";
            checked.note(Violation::field("settings/invitation_ttl_days", Code::ExpiryOutOfRange, rule));
        }
        Settings {
            require_2fa: self.require_2fa.unwrap_or(before.require_2fa),
            default_role: default_role.unwrap_or(before.default_role),
            invitation_ttl_days: days,
            members_can_invite: self.members_can_invite.unwrap_or(before.members_can_invite),
        }
    }
}

/// The present slug is taken as no change, whatever the rules for new ones have become.
fn new_slug(
    slug: Option<&str>,
    handle: Option<&str>,
    before: &Organization,
    slugs: &SlugRules,
    checked: &mut Checked,
) -> Option<Slug> {
    let stays = slug.iter().chain(&handle).all(|text| text.eq_ignore_ascii_case(&before.slug));
    if stays { None } else { slugs.one(checked, slug, handle) }
}

/// A reason belongs to the status that it was given for, and two of them need one.
fn reason_of(status: Status, patch: Patch<String>, before: &Organization, checked: &mut Checked) -> Option<String> {
    let stays = status == before.status;
    let kept = if stays { before.status_reason.clone() } else { None };
    let missing = match &patch {
        Patch::Keep => !stays,
        Patch::Clear => true,
        Patch::Set(text) => text.trim().is_empty(),
    };
    if missing && matches!(status, Status::Suspended | Status::Banned) {
        let rule = "Say why, in 1 to 500 characters.";
        checked.note(Violation::field("status_reason", Code::StatusReasonRequired, rule));
    }
    let parse = |text: &str| Prose::parse(text, REASON_MAX).map(String::from);
    checked.patched("status_reason", patch, &kept, parse).filter(|text| !text.is_empty())
}

fn managers(patch: Patch<Vec<NewManager>>, before: &Managers, checked: &mut Checked) -> Managers {
    match patch {
        Patch::Keep => before.clone(),
        Patch::Clear => Managers::default(),
        Patch::Set(list) => Managers::check(list, checked),
    }
}

/// A limit below the present number of members is fine: nobody has to go, and nobody comes.
fn seats(patch: Patch<i64>, before: Option<i64>, checked: &mut Checked) -> Option<i64> {
    if let Patch::Set(seats) = patch
        && !(1..=SEATS_MAX).contains(&seats)
    {
        let rule = "The limit is a whole number from 1, or null for none.";
        checked.note(Violation::field("member_limit", Code::AmountOutOfRange, rule));
    }
    patch.over(before)
}

fn status(text: &str) -> Result<Status, Refusal> {
    match Status::find(text) {
        Some(Status::PendingDeletion) => Err(Refusal::new(Code::ValueUnknown, "Deleting has a request of its own.")),
        Some(status) => Ok(status),
        None => Err(Refusal::new(Code::ValueUnknown, "Status is active, inactive, suspended or banned.")),
    }
}

fn kind(text: &str) -> Result<Kind, Refusal> {
    Kind::find(text).ok_or(Refusal::new(Code::ValueUnknown, "Type is standard, personal or internal."))
}

fn user(text: &str) -> Result<UserId, Refusal> {
    text.parse().map_err(|_| Refusal::new(Code::NotAMember, "This person is not a member."))
}

fn default_role(text: &str) -> Result<Role, Refusal> {
    match Role::find(text) {
        Some(Role::Owner) => Err(Refusal::new(Code::OwnerRoleNotInvitable, "Nobody can be invited as owner.")),
        Some(role) => Ok(role),
        None => Err(Refusal::new(Code::RoleUnknown, "There is no such role.")),
    }
}

#[cfg(test)]
mod tests;
