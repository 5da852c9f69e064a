//! An invitation as it is read, and what is shown of it.

use domain::ids::{InvitationId, OrgId, UserId};
use domain::invitation::{Delivery, DeliveryState, Invitation, InvitationStatus, Inviter};
use domain::org::Status;
use domain::policy::Role;
use domain::time::Timestamp;

/// An invitation with what is shown of its organization and its sender.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: InvitationId,
    pub(crate) organization_id: OrgId,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) role: Role,
    pub(crate) message: Option<String>,
    pub(crate) redirect_to: Option<String>,
    pub(crate) status: InvitationStatus,
    pub(crate) token_version: i64,
    pub(crate) expires_at: Timestamp,
    pub(crate) resend_count: i64,
    pub(crate) last_sent_at: Option<Timestamp>,
    pub(crate) delivery_state: DeliveryState,
    pub(crate) delivery_failed_at: Option<Timestamp>,
    pub(crate) delivery_reason: Option<String>,
    pub(crate) accepted_at: Option<Timestamp>,
    pub(crate) accepted_by: Option<UserId>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) version: i64,
    pub(crate) inviter_id: Option<UserId>,
    pub(crate) inviter_username: Option<String>,
    pub(crate) inviter_name: Option<String>,
    pub(crate) org_name: String,
    pub(crate) org_slug: String,
    pub(crate) org_avatar_url: Option<String>,
    pub(crate) org_verified: bool,
    pub(crate) org_status: Status,
}

impl Row {
    /// Stored as pending, and past its time; or found so earlier.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        match self.status {
            InvitationStatus::Expired => true,
            InvitationStatus::Pending => self.expires_at <= now,
            _ => false,
        }
    }

    /// Without the link, which depends on who looks.
    pub(crate) fn shown(self, now: Timestamp) -> Invitation {
        let is_expired = self.is_expired(now);
        Invitation {
            id: self.id,
            uid: self.id,
            email: self.email,
            name: self.name,
            role: self.role,
            roles: vec![self.role.into()],
            teams: Vec::new(),
            workspaces: Vec::new(),
            message: self.message,
            status: if is_expired { InvitationStatus::Expired } else { self.status },
            is_expired,
            expires_at: self.expires_at,
            accept_url: None,
            invited_by: self.inviter_id.map(|user_id| Inviter {
                user_id,
                username: self.inviter_username,
                full_name: self.inviter_name,
            }),
            resend_count: self.resend_count,
            last_sent_at: self.last_sent_at,
            delivery: Delivery {
                state: self.delivery_state,
                failed_at: self.delivery_failed_at,
                reason: self.delivery_reason,
            },
            accepted_at: self.accepted_at,
            accepted_user_id: self.accepted_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            organization: None,
        }
    }
}
