//! Forgotten passwords.

use super::accounts::{both, find_account, find_user, hints, parse_password};
use super::audit::Origin;
use super::tokens;
use crate::App;
use crate::db::Tx;
use crate::keys::{Proof, Purpose};
use crate::limits::{Policy, bucket};
use crate::mail::letters::find_holder;
use crate::outbox::{self, Mail};
use crate::submitted::Submitted;
use crate::visit::Request;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result, Violation};
use domain::ids::UserId;
use domain::text::Email;
use domain::time::Timestamp;
use domain::user::{ForgottenPassword, NewPassword, Profile};

/// Mails a link to choose a new password, if the address has an account. The answer is the same when it has none.
///
/// # Errors
/// An invalid address; `rate_limited`.
#[crate::operation]
pub async fn forgot(app: &App, request: &Request, forgotten: Submitted<ForgottenPassword>) -> Result<()> {
    app.limiter.check(Policy::Login, bucket(request.ip))?;
    let forgotten = forgotten.open()?;
    let email = Email::parse(&forgotten.email).map_err(|refusal| Error::Invalid(vec![refusal.of_field("email")]))?;
    app.limiter.check(Policy::Login, format!("forgot:{email}"))?;
    let mut tx = app.db.write().await?;
    let account = find_account(&mut tx, email.as_str()).await?.filter(|account| account.disabled_at.is_none());
    // The work is the same for an address without an account: its mail is never written, for want of a person.
    let (user, auth_epoch) = account.map_or((UserId(uuid::Uuid::nil()), 0), |account| (account.id, account.auth_epoch));
    outbox::enqueue(&mut tx, Mail::PasswordReset { user, auth_epoch }, email.as_str(), app.now()).await?;
    tx.commit().await
}

/// Whether a link to choose a new password is still good.
///
/// # Errors
/// `reset_token_expired`.
#[crate::operation]
pub async fn check_reset_link(app: &App, token: &str) -> Result<()> {
    let proof = Proof::read(token).filter(|proof| proof.expires_at > app.now()).ok_or(Code::ResetTokenExpired)?;
    let mut tx = app.db.read().await?;
    require_proof(app, &mut tx, &proof).await.map(drop)
}

/// Sets a new password by the mailed link. Sign-ins and personal tokens end; the address counts as proved.
///
/// # Errors
/// `reset_token_expired`, invalid fields, `password_weak`.
#[crate::operation]
pub async fn reset(app: &App, request: &Request, new: Submitted<NewPassword>) -> Result<()> {
    let new = new.open()?;
    let confirmed = confirm(&new.password, new.password_confirmation.as_deref());
    let (password, ()) = both(parse_password("password", &new.password), confirmed)?;
    let now = app.now();
    let proof = Proof::read(&new.token).filter(|proof| proof.expires_at > now).ok_or(Code::ResetTokenExpired)?;
    let profile = {
        let mut tx = app.db.read().await?;
        let user = require_proof(app, &mut tx, &proof).await?;
        let user = find_user(&mut tx, user).await?.ok_or(Code::ResetTokenExpired)?;
        Profile::parse(&user.email, user.full_name.as_deref(), None)?
    };
    let hash = app.passwords.hash("password", password, hints(&profile)).await?;
    let mut tx = app.db.write().await?;
    // Again, now that nobody else can write: the link works once.
    tx.lock_user(proof.user).await?;
    let user = require_proof(app, &mut tx, &proof).await?;
    replace_password(&mut tx, user, hash, now).await?;
    let name = profile.full_name.as_ref().map(ToString::to_string);
    let origin = Origin::person(user, profile.email.as_str(), name.as_deref(), request);
    super::accounts::record_user(&mut tx, &origin, Action::UserPasswordChanged, user, now).await?;
    tokens::personal::revoke_all(&mut tx, &origin, user, now).await?;
    tx.commit().await
}

/// # Errors
/// `password_confirmation_mismatch` when a second password is given and differs.
pub(crate) fn confirm(password: &str, confirmation: Option<&str>) -> Result<()> {
    match confirmation {
        Some(again) if again != password => {
            let rule = "Type the same password twice.";
            let code = Code::PasswordConfirmationMismatch;
            Err(Error::Invalid(vec![Violation::field("password_confirmation", code, rule)]))
        }
        _ => Ok(()),
    }
}

async fn require_proof(app: &App, tx: &mut Tx, proof: &Proof) -> Result<UserId> {
    let holder = find_holder(tx, proof.user).await?.ok_or(Code::ResetTokenExpired)?;
    if app.keys.proves(Purpose::ResetPassword, &holder, proof) {
        Ok(holder.user)
    } else {
        Err(Code::ResetTokenExpired.into())
    }
}

/// The raised epoch ends all sign-ins and all links that were mailed before.
pub(crate) async fn replace_password(tx: &mut Tx, user: UserId, hash: String, now: Timestamp) -> Result<()> {
    tx.sql(
        "update users set password_hash = $2, auth_epoch = auth_epoch + 1,
                email_verified_at = coalesce(email_verified_at, $3), updated_at = $3, version = version + 1
         where id = $1",
    )
    .bind(user)
    .bind(hash)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
