//! Invitations from the recipient's side: looking, accepting, declining.
//!
//! Who comes by the mailed form of a token has shown to read the mailbox; who comes by a copied link has not, and gets
//! an account that opens this one organization and nothing else until the address is proved.

use super::accounts::{self, Account, find_account, find_user, insert_sign_in, insert_user};
use super::addresses::mark_verified;
use super::audit::{self, Event, Origin, Target};
use super::invitations::{Row, inviting, sql as rows};
use super::passwords::confirm;
use super::{members, orgs};
use crate::App;
use crate::auth::{self, Principal};
use crate::db::Tx;
use crate::keys::Channel;
use crate::limits::{Policy, bucket};
use crate::outbox::{self, Mail};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{InvitationId, UserId};
use domain::invitation::{
    Acceptance, Accepted, InvitationStatus, InviterName, NextStep, ReceivedInvitation, SessionOutcome,
};
use domain::org::Status;
use domain::text::Email;
use domain::time::Timestamp;
use domain::user::Profile;

mod joining;

use joining::{join, reread};

/// What the invitation's link shows. Looking changes nothing: mail scanners follow links too.
///
/// # Errors
/// `invitation_not_found`; `invitation_expired`, `…_revoked`, `…_declined`, `…_accepted`; `rate_limited`.
#[crate::operation]
pub async fn view(
    app: &App,
    request: &Request,
    principal: Option<&Principal>,
    token: &str,
) -> Result<ReceivedInvitation> {
    let (row, _) = by_token(app, request, token).await?;
    require_open(&row, app.now())?;
    let mut tx = app.db.read().await?;
    let account = find_account(&mut tx, &row.email).await?;
    let next_step = next_step(&row, account.as_ref(), principal);
    Ok(received(app, row, next_step))
}

/// The same for a page, which also tells whose invitation it was when it is over.
///
/// # Errors
/// `invitation_not_found`, `rate_limited`.
#[crate::operation]
pub async fn view_any(
    app: &App,
    request: &Request,
    principal: Option<&Principal>,
    token: &str,
) -> Result<ReceivedInvitation> {
    let (row, _) = by_token(app, request, token).await?;
    let mut tx = app.db.read().await?;
    let account = find_account(&mut tx, &row.email).await?;
    let mut received = {
        let next_step = next_step(&row, account.as_ref(), principal);
        received(app, row.clone(), next_step)
    };
    if let Err(error) = require_open(&row, app.now()) {
        received.next_step = NextStep::None;
        if error.code() == Code::InvitationExpired {
            received.status = InvitationStatus::Expired;
        }
    }
    Ok(received)
}

/// Accepts by a link. Makes the account when there is none yet, and signs it in.
///
/// # Errors
/// `invitation_not_found`, the states of 410, `password_required` and invalid fields, `sign_in_required`,
/// `invitation_email_mismatch`, `email_not_verified`, `organization_not_accepting`, `member_limit_reached`,
/// `account_disabled`, `username_taken`, `rate_limited`.
#[crate::operation]
pub async fn accept(
    app: &App,
    visit: &Visit,
    principal: Option<&Principal>,
    token: &str,
    acceptance: Submitted<Acceptance>,
) -> Result<Accepted> {
    let (row, channel) = by_token(app, &visit.request, token).await?;
    let acceptance = acceptance.open()?;
    match principal {
        Some(principal) => accept_signed_in(app, principal, row, channel).await,
        None => accept_anonymously(app, visit, row, channel, acceptance).await,
    }
}

/// Accepts one of one's own invitations, without a link.
///
/// # Errors
/// `session_required`, `email_not_verified`, and those of [`accept`].
#[crate::operation]
pub async fn accept_own(app: &App, principal: &Principal, id: &str) -> Result<Accepted> {
    let row = own(app, principal, id).await?;
    accept_signed_in(app, principal, row, Channel::Mail).await
}

/// Declines by a link, also when it has expired.
///
/// # Errors
/// `invitation_not_found`, `invitation_accepted`, `invitation_revoked`, `rate_limited`.
#[crate::operation]
pub async fn decline(app: &App, request: &Request, token: &str) -> Result<()> {
    let (row, _) = by_token(app, request, token).await?;
    let origin = Origin::stranger(&row.email, request);
    close_as_declined(app, &row, &origin).await
}

/// Declines one of one's own invitations.
///
/// # Errors
/// `session_required`, `email_not_verified`, and those of [`decline`].
#[crate::operation]
pub async fn decline_own(app: &App, principal: &Principal, id: &str) -> Result<()> {
    let row = own(app, principal, id).await?;
    close_as_declined(app, &row, &Origin::from(principal)).await
}

/// The one way from a token to its invitation: looking, accepting and declining all come through here.
async fn by_token(app: &App, request: &Request, token: &str) -> Result<(Row, Channel)> {
    app.limiter.check(Policy::InviteToken, bucket(request.ip))?;
    let token = app.keys.read_invitation_token(token).ok_or(Code::InvitationNotFound)?;
    let mut tx = app.db.read().await?;
    let row = rows::find(&mut tx, token.id).await?.filter(|row| row.token_version == i64::from(token.version));
    Ok((row.ok_or(Code::InvitationNotFound)?, token.channel))
}

async fn own(app: &App, principal: &Principal, id: &str) -> Result<Row> {
    principal.require_session()?;
    principal.require_verified()?;
    let id: InvitationId = id.parse().map_err(|_| Code::InvitationNotFound)?;
    let mut tx = app.db.read().await?;
    let row = rows::find(&mut tx, id).await?.filter(|row| row.email == principal.email);
    row.ok_or_else(|| Code::InvitationNotFound.into())
}

/// # Errors
/// The status of 410 that a closed or expired invitation has.
fn require_open(row: &Row, now: Timestamp) -> Result<()> {
    let code = match row.status {
        InvitationStatus::Pending if !row.is_expired(now) => return Ok(()),
        InvitationStatus::Pending | InvitationStatus::Expired => Code::InvitationExpired,
        InvitationStatus::Accepted => Code::InvitationAccepted,
        InvitationStatus::Declined => Code::InvitationDeclined,
        InvitationStatus::Revoked => Code::InvitationRevoked,
    };
    Err(code.into())
}

fn next_step(row: &Row, account: Option<&Account>, principal: Option<&Principal>) -> NextStep {
    let has_password = account.is_some_and(|account| account.password_hash.is_some());
    match principal {
        Some(principal) if principal.email == row.email => NextStep::Accept,
        Some(_) => NextStep::SwitchAccount,
        None if has_password => NextStep::SignIn,
        None => NextStep::SetPassword,
    }
}

fn received(app: &App, row: Row, next_step: NextStep) -> ReceivedInvitation {
    ReceivedInvitation {
        organization: inviting(app, &row),
        invited_by: row.inviter_id.map(|_| InviterName { full_name: row.inviter_name.clone() }),
        email: row.email,
        name: row.name,
        role: row.role,
        message: row.message,
        expires_at: row.expires_at,
        status: row.status,
        next_step,
    }
}

async fn accept_signed_in(app: &App, principal: &Principal, row: Row, channel: Channel) -> Result<Accepted> {
    principal.require_session()?;
    if principal.email != row.email {
        let invited = Email::parse(&row.email).map(|email| email.masked()).unwrap_or_default();
        return Err(Code::InvitationEmailMismatch.with("invited_email", invited));
    }
    if row.status == InvitationStatus::Accepted && row.accepted_by == Some(principal.user) {
        let mut tx = app.db.read().await?;
        return outcome(app, &mut tx, principal, &row, SessionOutcome::None, true).await;
    }
    require_open(&row, app.now())?;
    if !principal.email_verified && !proves(app, channel) {
        return Err(Code::EmailNotVerified.into());
    }
    let mut tx = app.db.write().await?;
    let joined = join(app, &mut tx, &row, principal.user, &Origin::from(principal)).await?;
    mark_verified(&mut tx, &Origin::from(principal), principal.user, app.now()).await?;
    let accepted = outcome(app, &mut tx, principal, &row, SessionOutcome::None, !joined).await?;
    tx.commit().await?;
    Ok(accepted)
}

async fn accept_anonymously(
    app: &App,
    visit: &Visit,
    row: Row,
    channel: Channel,
    acceptance: Acceptance,
) -> Result<Accepted> {
    require_open(&row, app.now())?;
    let account = {
        let mut tx = app.db.read().await?;
        find_account(&mut tx, &row.email).await?
    };
    match &account {
        Some(account) if account.password_hash.is_some() => {
            return Err(Code::SignInRequired.with("login_url", app.config.link("/sign-in")));
        }
        Some(account) if account.disabled_at.is_some() => return Err(Code::AccountDisabled.into()),
        // A copied link proves nothing about the mailbox, so it does not open an account that somebody else may own.
        Some(_) if !proves(app, channel) => return Err(Code::EmailNotVerified.into()),
        _ => {}
    }
    if row.org_status != Status::Active {
        return Err(Code::OrganizationNotAccepting.into());
    }
    let (profile, hash) = newcomer(app, &row, account.as_ref(), acceptance).await?;
    let mut tx = app.db.write().await?;
    tx.lock_org(row.organization_id).await?;
    let now = app.now();
    // Before the account is made: of several at once the others are told that the invitation is accepted.
    reread(&mut tx, &row, now).await?;
    let origin_name = profile.full_name.as_ref().map(ToString::to_string);
    let verified_at = proves(app, channel).then_some(now);
    let (user, is_new) = open_account(&mut tx, &profile, &hash, verified_at, now).await?;
    let origin = Origin::person(user, &row.email, origin_name.as_deref(), &visit.request);
    let action = if is_new { Action::UserCreated } else { Action::UserPasswordChanged };
    accounts::record_user(&mut tx, &origin, action, user, now).await?;
    let joined = join(app, &mut tx, &row, user, &origin).await?;
    let sign_in = insert_sign_in(&mut tx, user, &visit.request, now).await?;
    let known = find_user(&mut tx, user).await?.ok_or(Error::Internal)?;
    if !known.email_verified {
        outbox::enqueue(&mut tx, Mail::Verification(user), &row.email, now).await?;
    }
    let principal = Principal {
        user,
        email: known.email,
        email_verified: known.email_verified,
        full_name: known.full_name,
        platform_admin: known.platform_admin,
        via: auth::Via::Session { sign_in, fresh_at: now },
        request: visit.request.clone(),
    };
    let accepted = outcome(app, &mut tx, &principal, &row, SessionOutcome::Created, !joined).await?;
    tx.commit().await?;
    visit.open(sign_in).await?;
    Ok(accepted)
}

/// Whether a token of this channel shows that its holder reads the mailbox.
fn proves(app: &App, channel: Channel) -> bool {
    channel == Channel::Mail || app.config.trust_links
}

/// The profile and password of one who had none. The address comes from the invitation, never from the body.
async fn newcomer(
    app: &App,
    row: &Row,
    account: Option<&Account>,
    acceptance: Acceptance,
) -> Result<(Profile, String)> {
    let names = acceptance.names();
    let password = match acceptance.password.as_deref() {
        None => Err(Error::field("password", Code::PasswordRequired, "Choose a password to make your account.")),
        Some(text) => {
            let confirmed = confirm(text, acceptance.password_confirmation.as_deref());
            accounts::both(accounts::parse_password("password", text), confirmed).map(|(password, ())| password)
        }
    };
    let ((full_name, username), password) = accounts::both(names, password)?;
    let fallback = account.and_then(|account| account.full_name.clone()).or_else(|| row.name.clone());
    let mut profile = Profile::parse(&row.email, fallback.as_deref(), None)?;
    profile.full_name = full_name.or(profile.full_name);
    profile.username = username;
    let mut hints = accounts::hints(&profile);
    hints.extend([row.org_name.clone(), row.org_slug.clone()]);
    let hash = app.passwords.hash("password", password, hints).await?;
    Ok((profile, hash))
}

/// Makes the account, or gives a password to one that has none. Never touches a password that is there.
async fn open_account(
    tx: &mut Tx,
    profile: &Profile,
    hash: &str,
    verified_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(UserId, bool)> {
    if let Some(user) = insert_user(tx, profile, Some(hash), verified_at, now).await? {
        return Ok((user, true));
    }
    let account = find_account(tx, profile.email.as_str()).await?.ok_or(Error::Internal)?;
    let completed = tx
        .sql(
            "update users set password_hash = $2, full_name = coalesce($3, full_name),
                    username = coalesce($4, username), email_verified_at = coalesce(email_verified_at, $5),
                    updated_at = $6, version = version + 1
             where id = $1 and password_hash is null",
        )
        .bind(account.id)
        .bind(hash.to_owned())
        .bind(profile.full_name.as_ref().map(ToString::to_string))
        .bind(profile.username.as_ref().map(ToString::to_string))
        .bind(verified_at)
        .bind(now)
        .execute_or(accounts::username_taken)
        .await?;
    if completed == 0 {
        return Err(Code::SignInRequired.into());
    }
    orgs::rename_member(tx, account.id).await?;
    Ok((account.id, false))
}

async fn outcome(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    row: &Row,
    session: SessionOutcome,
    already_member: bool,
) -> Result<Accepted> {
    let now = app.now();
    let organization = orgs::find(tx, row.organization_id, Some(principal.user), now).await?;
    let organization = organization.ok_or(Code::OrganizationNotFound)?;
    let organization = orgs::dressed_for(app, tx, principal.user, organization).await?;
    let membership = members::sql::find(tx, row.organization_id, "@me", principal.user).await?;
    let mut membership = membership.ok_or(Code::MemberNotFound)?;
    members::complete(tx, row.organization_id, std::slice::from_mut(&mut membership)).await?;
    let user = find_user(tx, principal.user).await?.ok_or(Error::Internal)?;
    let redirect_to = row.redirect_to.clone();
    Ok(Accepted { organization, membership, user, session, already_member, redirect_to })
}

async fn close_as_declined(app: &App, row: &Row, origin: &Origin) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    tx.lock_org(row.organization_id).await?;
    let fresh = rows::find(&mut tx, row.id).await?.ok_or(Code::InvitationNotFound)?;
    match fresh.status {
        InvitationStatus::Declined => return Ok(()),
        InvitationStatus::Accepted => return Err(Code::InvitationAccepted.into()),
        InvitationStatus::Revoked => return Err(Code::InvitationRevoked.into()),
        InvitationStatus::Pending | InvitationStatus::Expired => {}
    }
    if rows::close(&mut tx, row.id, InvitationStatus::Declined, now).await? {
        let target = Target::invitation(row.id, &row.email);
        audit::record(&mut tx, origin, Event::new(row.organization_id, Action::InvitationDeclined, target), now)
            .await?;
    }
    tx.commit().await
}
