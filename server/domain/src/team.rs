//! Teams: groups of members, each with its leads.

use crate::code::Code;
use crate::error::{Checked, Error, Result};
use crate::group::{Naming, Renaming};
use crate::ids::{MemberId, TeamId, UserId};
use crate::member::MemberStatus;
use crate::patch::{Patch, not_null};
use crate::text::{Color, Refusal};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands for no team where a team can be named.
pub const NO_TEAM: &str = "none";

choices! {
    TeamRole {
        /// Manages the team and who is in it, whatever the role in the organization.
        Lead "lead" "Lead",
        Member "member" "Member",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Team {
    pub id: TeamId,
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub color: Option<String>,
    pub member_count: i64,
    /// What the one who looks is in this team.
    pub current_user_role: Option<TeamRole>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// A team, as far as a member's entry names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TeamRef {
    pub id: TeamId,
    pub slug: String,
    pub name: String,
    /// The member's role in it.
    pub role: TeamRole,
}

/// One person in one team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TeamMember {
    pub member_id: MemberId,
    pub user_id: UserId,
    /// Always the same as `user_id`.
    pub uid: UserId,
    pub username: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Email))]
    pub email: String,
    pub full_name: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    pub status: MemberStatus,
    pub team_role: TeamRole,
    /// Always the same as `team_role`.
    pub role: TeamRole,
    pub added_at: Timestamp,
    pub version: i64,
}

impl TeamMember {
    pub fn display_name(&self) -> String {
        crate::user::display_name(self.full_name.as_deref(), &self.email)
    }
}

/// A team as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: String,
    #[serde(default, deserialize_with = "not_null")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupSlug))]
    pub slug: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::GroupDescription>))]
    pub description: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Color>))]
    pub color: Option<String>,
}

impl NewTeam {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<(Naming, Option<Color>)> {
        let mut checked = Checked::default();
        let naming = Naming::parse(&mut checked, &self.name, self.slug.as_deref(), self.description.as_deref());
        let color = checked.optional("color", self.color.as_deref(), Color::parse);
        checked.finish()?;
        Ok((naming.ok_or(Error::Internal)?, color))
    }
}

/// Changes of a team, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupName))]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::GroupSlug))]
    pub slug: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::GroupDescription>))]
    pub description: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Color>))]
    pub color: Patch<String>,
}

/// The fields of a patch that were found right.
#[derive(Debug, Clone)]
pub struct TeamRevision {
    renaming: Renaming,
    color: Patch<Color>,
}

impl TeamPatch {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<TeamRevision> {
        let mut checked = Checked::default();
        let (name, slug) = (self.name.as_deref(), self.slug.as_deref());
        let renaming = Renaming::parse(&mut checked, name, slug, self.description);
        let color = checked.patch("color", self.color, Color::parse);
        checked.finish().map(|()| TeamRevision { renaming, color })
    }
}

impl TeamRevision {
    /// The team as it is after the change.
    pub fn over(self, before: &Team) -> Team {
        let (name, slug, description) = self.renaming.over(&before.name, &before.slug, &before.description);
        let color = self.color.map(String::from).over(before.color.clone());
        Team { name, slug, description, color, ..before.clone() }
    }
}

/// Who is put into a team, as it is submitted: one of three names for the same person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTeamMember {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = UserId))]
    pub user_uid: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = UserId))]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = MemberId))]
    pub member_id: Option<i64>,
    /// `member` unless given.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = TeamRole))]
    pub role: Option<String>,
}

impl NewTeamMember {
    /// The path form of the member who is meant, and the role in the team.
    ///
    /// # Errors
    /// `missing_field` when nobody is named, `duplicate_field` when somebody is twice, `team_role_unknown`.
    pub fn parse(&self) -> Result<(String, TeamRole)> {
        let mut checked = Checked::default();
        let member = self.member_id.map(|id| id.to_string());
        let named = checked.one_named(self.person_field(), [&self.user_uid, &self.user_id, &member]);
        let role = checked.optional("role", self.role.as_deref(), team_role);
        checked.finish()?;
        Ok((named.ok_or(Error::Internal)?, role.unwrap_or(TeamRole::Member)))
    }

    /// The field that names the person.
    pub fn person_field(&self) -> &'static str {
        match self {
            Self { user_uid: None, user_id: Some(_), .. } => "user_id",
            Self { user_uid: None, user_id: None, member_id: Some(_), .. } => "member_id",
            _ => "user_uid",
        }
    }
}

/// The role of somebody who is to be in a team, as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamPlace {
    /// Without one, who is in the team keeps the role, and who is not becomes a member.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = TeamRole))]
    pub role: Option<String>,
}

impl TeamPlace {
    /// # Errors
    /// `team_role_unknown`.
    pub fn parse(&self) -> Result<Option<TeamRole>> {
        let mut checked = Checked::default();
        let role = checked.optional("role", self.role.as_deref(), team_role);
        checked.finish().map(|()| role)
    }
}

/// Another role of somebody in a team, as it is submitted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamRoleChange {
    #[cfg_attr(feature = "schema", schema(value_type = TeamRole))]
    pub role: String,
}

impl TeamRoleChange {
    /// # Errors
    /// `team_role_unknown`.
    pub fn parse(&self) -> Result<TeamRole> {
        team_role(&self.role).map_err(|refusal| Error::Invalid(vec![refusal.of_field("role")]))
    }
}

fn team_role(text: &str) -> Result<TeamRole, Refusal> {
    TeamRole::find(text).ok_or(Refusal::new(Code::TeamRoleUnknown, "In a team one is lead or member."))
}

/// Where somebody moves, as it is submitted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamMove {
    /// A team's slug or id, or [`NO_TEAM`].
    pub to: String,
}

/// Both teams after somebody has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Moved {
    pub from: Team,
    /// Absent when the person is only taken out.
    pub to: Option<Team>,
}

list_query! {
    /// What `GET …/teams` takes.
    TeamsQuery by ["name", "created_at", "member_count"] finds "In the name." {
        /// Only those that this person is in: an id, or `@me`.
        member: String => crate::schema::Person,
    }
}

list_query! {
    /// What `GET …/teams/{team}/members` takes.
    TeamMembersQuery by ["name"] finds "In the name." {
        role: String => TeamRole,
    }
}
