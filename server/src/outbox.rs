//! Mail that has to be sent, written in the transaction of the change that causes it.

use crate::App;
use crate::db::Tx;
use crate::new_id;
use domain::error::Result;
use domain::ids::{InvitationId, MailId, OrgId, UserId};
use domain::time::Timestamp;
use uuid::Uuid;

/// A mail to be sent. It holds no secret and no text: both are made when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mail {
    Invitation(InvitationId),
    /// A link to choose a new password. It is not written once the account's epoch has risen.
    PasswordReset {
        user: UserId,
        auth_epoch: i64,
    },
    /// A link that proves the address.
    Verification(UserId),
    /// A link that proves the address to which the account is to be moved.
    EmailChange(UserId),
    /// Tells the old address that the account has another one since this version of it.
    EmailChanged {
        user: UserId,
        version: i64,
    },
    /// Somebody wanted to use an address that has an account.
    AccountExists(UserId),
    /// Tells the former and the new owner.
    OwnershipTransferred {
        user: UserId,
        org: OrgId,
    },
    /// Tells the owner that somebody else has changed the status.
    OrganizationStatus {
        user: UserId,
        org: OrgId,
    },
    /// Tells the owner until when it can be brought back.
    OrganizationDeleted {
        user: UserId,
        org: OrgId,
    },
    /// Tells somebody whom the platform has made a member.
    MemberAdded {
        user: UserId,
        org: OrgId,
    },
}

impl Mail {
    fn kind(self) -> &'static str {
        match self {
            Self::Invitation(_) => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::Verification(_) => "verification",
            Self::EmailChange(_) => "email_change",
            Self::EmailChanged { .. } => "email_changed",
            Self::AccountExists(_) => "account_exists",
            Self::OwnershipTransferred { .. } => "ownership_transferred",
            Self::OrganizationStatus { .. } => "organization_status",
            Self::OrganizationDeleted { .. } => "organization_deleted",
            Self::MemberAdded { .. } => "member_added",
        }
    }

    fn subject(self) -> Uuid {
        match self {
            Self::Invitation(id) => id.0,
            Self::Verification(user) | Self::EmailChange(user) | Self::AccountExists(user) => user.0,
            Self::PasswordReset { user, .. }
            | Self::EmailChanged { user, .. }
            | Self::OwnershipTransferred { user, .. }
            | Self::OrganizationStatus { user, .. }
            | Self::OrganizationDeleted { user, .. }
            | Self::MemberAdded { user, .. } => user.0,
        }
    }

    fn details(self) -> String {
        match self {
            Self::OwnershipTransferred { org, .. }
            | Self::OrganizationStatus { org, .. }
            | Self::OrganizationDeleted { org, .. }
            | Self::MemberAdded { org, .. } => org.to_string(),
            Self::PasswordReset { auth_epoch, .. } => auth_epoch.to_string(),
            Self::EmailChanged { version, .. } => version.to_string(),
            _ => String::new(),
        }
    }

    fn read(row: &QueuedMail) -> Option<Self> {
        Some(match row.kind.as_str() {
            "invitation" => Self::Invitation(InvitationId(row.subject_id)),
            "password_reset" => {
                Self::PasswordReset { user: UserId(row.subject_id), auth_epoch: row.details.parse().ok()? }
            }
            "verification" => Self::Verification(UserId(row.subject_id)),
            "email_change" => Self::EmailChange(UserId(row.subject_id)),
            "email_changed" => Self::EmailChanged { user: UserId(row.subject_id), version: row.details.parse().ok()? },
            "account_exists" => Self::AccountExists(UserId(row.subject_id)),
            "ownership_transferred" => {
                Self::OwnershipTransferred { user: UserId(row.subject_id), org: row.details.parse().ok()? }
            }
            "organization_status" => {
                Self::OrganizationStatus { user: UserId(row.subject_id), org: row.details.parse().ok()? }
            }
            "organization_deleted" => {
                Self::OrganizationDeleted { user: UserId(row.subject_id), org: row.details.parse().ok()? }
            }
            "member_added" => Self::MemberAdded { user: UserId(row.subject_id), org: row.details.parse().ok()? },
            _ => return None,
        })
    }
}

/// Puts a mail into the outbox, in place of one of the same kind that has not left yet. It leaves once the transaction
/// is committed.
pub(crate) async fn enqueue(tx: &mut Tx, mail: Mail, recipient: &str, now: Timestamp) -> Result<()> {
    let sql =
        "update outbox set state = 'skipped' where subject_id = $1 and kind = $2 and details = $3 and state = 'queued'";
    tx.sql(sql).bind(mail.subject()).bind(mail.kind().to_owned()).bind(mail.details()).execute().await?;
    tx.sql(
        "insert into outbox (id, kind, recipient, subject_id, details, next_attempt_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(MailId(new_id()))
    .bind(mail.kind().to_owned())
    .bind(recipient.to_owned())
    .bind(mail.subject())
    .bind(mail.details())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// A mail that a worker has taken.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) id: MailId,
    pub(crate) mail: Option<Mail>,
    pub(crate) recipient: String,
    pub(crate) attempts: i64,
    pub(crate) created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct QueuedMail {
    id: MailId,
    kind: String,
    recipient: String,
    subject_id: Uuid,
    details: String,
    attempts: i64,
    created_at: Timestamp,
}

/// Takes the mail that is due longest, for `hold`; no other worker gets it meanwhile.
pub(crate) async fn take_due(app: &App, hold: std::time::Duration) -> Result<Option<Taken>> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let due: Option<QueuedMail> = tx
        .sql(
            "select id, kind, recipient, subject_id, details, attempts, created_at from outbox
             where state = 'queued' and next_attempt_at <= $1 and claimed_until <= $1
             order by next_attempt_at, id limit 1",
        )
        .bind(now)
        .optional()
        .await?;
    let Some(row) = due else { return Ok(None) };
    let taken = tx
        .sql(
            "update outbox set claimed_until = $2, attempts = attempts + 1
             where id = $1 and state = 'queued' and claimed_until <= $3",
        )
        .bind(row.id)
        .bind(now.plus(hold))
        .bind(now)
        .execute()
        .await?;
    tx.commit().await?;
    if taken == 0 {
        // Another instance was quicker; the next round looks again.
        return Ok(None);
    }
    let mail = Mail::read(&row);
    Ok(Some(Taken {
        id: row.id,
        mail,
        recipient: row.recipient,
        attempts: row.attempts + 1,
        created_at: row.created_at,
    }))
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent,
    /// What it was about is gone; nobody needs it any more.
    Skipped,
    RetryAt(Timestamp, String),
    Failed(String),
}

/// Notes how an attempt ended, also at the invitation that it was about.
pub(crate) async fn settle(app: &App, taken: &Taken, outcome: &Outcome) -> Result<()> {
    let now = app.now();
    let (state, next, error) = match outcome {
        Outcome::Sent => ("sent", now, None),
        Outcome::Skipped => ("skipped", now, None),
        Outcome::RetryAt(next, error) => ("queued", *next, Some(error.clone())),
        Outcome::Failed(error) => ("failed", now, Some(error.clone())),
    };
    let mut tx = app.db.write().await?;
    let settled = tx
        .sql(
            "update outbox set state = $2, next_attempt_at = $3, last_error = $4, claimed_until = 0,
                sent_at = case when $2 = 'sent' then $5 else sent_at end
         where id = $1 and attempts = $6 and state = 'queued'",
        )
        .bind(taken.id)
        .bind(state.to_owned())
        .bind(next)
        .bind(error.clone())
        .bind(now)
        .bind(taken.attempts)
        .execute()
        .await?;
    if settled == 0 {
        // Another worker took over meanwhile, or the mail was replaced by a newer one.
        return Ok(());
    }
    if let Some(Mail::Invitation(invitation)) = taken.mail {
        settle_invitation(&mut tx, invitation, state, error, now).await?;
    }
    tx.commit().await
}

async fn settle_invitation(
    tx: &mut Tx,
    invitation: InvitationId,
    state: &'static str,
    error: Option<String>,
    now: Timestamp,
) -> Result<()> {
    let failed_at = error.is_some().then_some(now);
    tx.sql("update invitations set delivery_state = $2, delivery_reason = $3, delivery_failed_at = $4 where id = $1")
        .bind(invitation)
        .bind(state.to_owned())
        .bind(error)
        .bind(failed_at)
        .execute()
        .await
        .map(drop)
}
