//! The addresses of accounts: proving one, and moving an account to another.

use super::accounts::{find_account, find_user, require_allowed_domain, require_password};
use super::audit::{self, Event, Origin, Target};
use super::orgs::rename_member;
use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use crate::keys::{Holder, Proof, Purpose};
use crate::limits::Policy;
use crate::mail::letters::{find_holder, find_next_holder};
use crate::outbox::{self, Mail};
use crate::submitted::Submitted;
use crate::visit::Request;
use domain::account::EmailChange;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::text::Email;
use domain::time::Timestamp;
use domain::user::EmailProof;

/// Proves an address by the link that was mailed to it: the account's own, or the one that is to replace it.
///
/// # Errors
/// `verification_expired` for every link that is not, or no longer, good.
#[crate::operation]
pub async fn verify_email(app: &App, request: &Request, proof: Submitted<EmailProof>) -> Result<()> {
    let token = proof.open()?.token;
    let now = app.now();
    let proof = Proof::read(&token).filter(|proof| proof.expires_at > now).ok_or(Code::VerificationExpired)?;
    let mut tx = app.db.write().await?;
    let holder = find_holder(&mut tx, proof.user).await?.ok_or(Code::VerificationExpired)?;
    if !app.keys.proves(Purpose::VerifyEmail, &holder, &proof) {
        confirm(app, &mut tx, request, &holder, &proof, now).await?;
        return tx.commit().await;
    }
    let origin = Origin::person(holder.user, &holder.email, None, request);
    mark_verified(&mut tx, &origin, holder.user, now).await?;
    tx.commit().await
}

/// Sends another link to prove one's address.
///
/// # Errors
/// `already_verified`, `session_required`, `rate_limited`.
#[crate::operation]
pub async fn request_verification(app: &App, principal: &Principal) -> Result<()> {
    principal.require_session()?;
    if principal.email_verified {
        return Err(Code::AlreadyVerified.into());
    }
    app.limiter.check(Policy::Verification, principal.user.to_string())?;
    let mut tx = app.db.write().await?;
    outbox::enqueue(&mut tx, Mail::Verification(principal.user), &principal.email, app.now()).await?;
    tx.commit().await
}

/// Mails a link to the address that is to replace the present one, which stays in force until then. An address that has
/// an account is told so by mail, and nobody else is: the answer is the same. Asking for the present address calls a
/// change off.
///
/// # Errors
/// `session_required`, an invalid address, `email_domain_not_allowed`, `wrong_password`, `rate_limited`.
#[crate::operation]
pub async fn change(app: &App, principal: &Principal, change: Submitted<EmailChange>) -> Result<()> {
    principal.require_session()?;
    let change = change.open()?;
    let email = Email::parse(&change.email).map_err(|refusal| Error::Invalid(vec![refusal.of_field("email")]))?;
    require_allowed_domain(app, &email)?;
    require_password(app, principal, &change.current_password).await?;
    app.limiter.check(Policy::Verification, format!("email:{}", principal.user))?;
    let mut tx = principal.locked(app).await?;
    let now = app.now();
    let known = find_account(&mut tx, email.as_str()).await?.map(|account| account.id);
    let mail = match known {
        Some(holder) if holder == principal.user => None,
        Some(holder) => Some(Mail::AccountExists(holder)),
        None => Some(Mail::EmailChange(principal.user)),
    };
    let before = find_next_holder(&mut tx, principal.user).await?.map(|holder| holder.email);
    let next = mail.map(|_| email.to_string());
    set_next(&mut tx, principal.user, next.clone(), now).await?;
    let changes = Changes::default().of("next_email", before, next);
    let event = Event::new(None, Action::UserUpdated, Target::user(principal.user, &principal.name())).with(changes);
    audit::record(&mut tx, &Origin::from(principal), event, now).await?;
    if let Some(mail) = mail {
        outbox::enqueue(&mut tx, mail, email.as_str(), now).await?;
    }
    tx.commit().await
}

/// Puts the new address in the place of the old one, by the link that was mailed to the new one; then the old one is
/// told.
///
/// # Errors
/// `verification_expired`, also when somebody else has got the address meanwhile.
async fn confirm(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    present: &Holder,
    proof: &Proof,
    now: Timestamp,
) -> Result<()> {
    let next = find_next_holder(tx, present.user).await?;
    let next =
        next.filter(|next| app.keys.proves(Purpose::ChangeEmail, next, proof)).ok_or(Code::VerificationExpired)?;
    replace(tx, &next, now).await?;
    rename_member(tx, next.user).await?;
    let user = find_user(tx, next.user).await?.ok_or(Error::Internal)?;
    let origin = Origin::person(user.id, &next.email, user.full_name.as_deref(), request);
    let changes = Changes::default().of("email", &present.email, &next.email);
    let event = Event::new(None, Action::UserUpdated, Target::user(user.id, &origin.actor.name)).with(changes);
    audit::record(tx, &origin, event, now).await?;
    let mail = Mail::EmailChanged { user: user.id, version: user.version };
    outbox::enqueue(tx, mail, &present.email, now).await
}

async fn set_next(tx: &mut Tx, user: UserId, email: Option<String>, now: Timestamp) -> Result<()> {
    tx.sql("update users set next_email = $2, updated_at = $3, version = version + 1 where id = $1")
        .bind(user)
        .bind(email)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// Only if nothing has changed since it was proved: of several at once, one gets it.
async fn replace(tx: &mut Tx, next: &Holder, now: Timestamp) -> Result<()> {
    let replaced = tx
        .sql(
            "update users set email = next_email, next_email = null, email_verified_at = $4, updated_at = $4,
                    version = version + 1
             where id = $1 and next_email = $2 and auth_epoch = $3",
        )
        .bind(next.user)
        .bind(next.email.clone())
        .bind(next.auth_epoch)
        .bind(now)
        .execute_or(|| Code::VerificationExpired.into())
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Code::VerificationExpired.into()) }
}

/// Counts the address as proved; the first time this is an event.
pub(crate) async fn mark_verified(tx: &mut Tx, origin: &Origin, user: UserId, now: Timestamp) -> Result<()> {
    let changed = tx
        .sql(
            "update users set email_verified_at = $2, updated_at = $2, version = version + 1
             where id = $1 and email_verified_at is null",
        )
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    if changed == 0 {
        return Ok(());
    }
    let changes = Changes::default().of("email_verified", false, true);
    let event = Event::new(None, Action::UserUpdated, Target::user(user, &origin.actor.name)).with(changes);
    audit::record(tx, origin, event, now).await
}
