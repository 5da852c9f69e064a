//! How much may be offered to those who are invited.

use super::Row;
use crate::db::Tx;
use crate::service::members::{self, Standing};
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, UserId};
use domain::policy::{Authority, Permission, Role};

/// With the permission to invite one offers no more than one has; without it, where members invite, one makes members
/// and nothing else.
///
/// # Errors
/// `permission_escalation`.
pub(super) fn require_offer(authority: Authority, offered: &Standing) -> Result<()> {
    let is_plain = offered.role == Role::Member && offered.own.is_empty();
    if !is_plain && !authority.own.has(Permission::InviteWrite) {
        return Err(Code::PermissionEscalation.into());
    }
    authority.may_grant(offered.permissions())
}

/// Asked when an invitation is accepted: who sent it may still give what it offers. An organization's token, and who
/// runs the platform, gave it with a power that comes from no role here.
///
/// # Errors
/// `invitation_revoked`.
pub(crate) async fn require_standing_offer(tx: &mut Tx, row: &Row, offered: &Standing) -> Result<()> {
    let Some(inviter) = row.inviter_id else { return Ok(()) };
    let authority = authority_of(tx, row.organization_id, inviter).await?;
    authority.may_grant(offered.permissions()).map_err(|_| Code::InvitationRevoked.into())
}

/// What somebody may give who is not the one that is asking.
pub(crate) async fn authority_of(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Authority> {
    let standing = members::standing_of(tx, org, user).await?;
    let runs_platform: Option<(UserId,)> = tx
        .sql("select id from users where id = $1 and platform_admin and disabled_at is null")
        .bind(user)
        .optional()
        .await?;
    let own = standing.map(|standing| standing.permissions()).unwrap_or_default();
    Ok(Authority { own, platform: runs_platform.is_some() })
}
