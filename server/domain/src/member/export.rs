//! Members as a file has them.

use super::{Member, MemberStatus};
use crate::ids::{MemberId, UserId};
use crate::policy::Role;
use crate::time::Timestamp;
use serde::Serialize;

choices! {
    /// The form of a file of members.
    ExportFormat {
        Csv "csv" "CSV",
        Json "json" "JSON",
    }
}

/// A member as a row of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberRow {
    pub member_id: MemberId,
    pub user_id: UserId,
    pub username: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = crate::text::Email))]
    pub email: String,
    pub full_name: Option<String>,
    pub role: Role,
    pub roles: Vec<String>,
    pub teams: Vec<String>,
    pub workspaces: Vec<String>,
    pub status: MemberStatus,
    pub joined_at: Timestamp,
}

impl MemberRow {
    pub const COLUMNS: &[&str] = &[
        "member_id",
        "user_id",
        "username",
        "email",
        "full_name",
        "role",
        "roles",
        "teams",
        "workspaces",
        "status",
        "joined_at",
    ];

    /// As cells of text, in the order of [`Self::COLUMNS`]; several words in one cell are separated by semicolons.
    pub fn cells(self) -> Vec<String> {
        vec![
            self.member_id.to_string(),
            self.user_id.to_string(),
            self.username.unwrap_or_default(),
            self.email,
            self.full_name.unwrap_or_default(),
            self.role.key().to_owned(),
            self.roles.join(";"),
            self.teams.join(";"),
            self.workspaces.join(";"),
            self.status.key().to_owned(),
            self.joined_at.to_string(),
        ]
    }
}

impl From<Member> for MemberRow {
    fn from(member: Member) -> Self {
        Self {
            member_id: member.member_id,
            user_id: member.user_id,
            username: member.username,
            email: member.email,
            full_name: member.full_name,
            role: member.role,
            roles: member.roles.into_iter().map(|role| role.key).collect(),
            teams: member.teams.into_iter().map(|team| team.slug).collect(),
            workspaces: member.workspaces.into_iter().map(|place| place.slug).collect(),
            status: member.status,
            joined_at: member.joined_at,
        }
    }
}
