//! What people change about their own account: their name, how things look, their password.

use super::accounts::{find_user, hints, insert_sign_in, record_user, require_password, username_taken};
use super::audit::{self, Event, Origin, Target};
use super::orgs::rename_member;
use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use crate::submitted::Submitted;
use crate::visit::Visit;
use domain::account::{AccountPatch, AccountRevision, PasswordChange, Personal};
use domain::audit::{Action, Changes};
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::time::Timestamp;
use domain::user::{Profile, User};
use jiff::tz::TimeZoneDatabase;

/// Changes one's own account. A new password ends all sign-ins but this one, which gets a new cookie.
///
/// # Errors
/// `session_required`, invalid fields, `wrong_password`, `rate_limited`, `username_taken`, `precondition_failed`.
#[crate::operation]
pub async fn update(app: &App, principal: &Principal, visit: &Visit, patch: Submitted<AccountPatch>) -> Result<User> {
    principal.require_session()?;
    let revision = patch.open()?.parse(known_zone)?;
    let hash = match &revision.password {
        Some(change) => Some(hash(app, principal, &revision, change).await?),
        None => None,
    };
    let mut tx = principal.locked(app).await?;
    let now = app.now();
    let before = find_user(&mut tx, principal.user).await?.ok_or(Error::Internal)?;
    principal.request.require_version(before.version)?;
    let after = revision.over(&before);
    let changes = changes(&before, &after);
    if changes.is_empty() && hash.is_none() {
        return Ok(before);
    }
    write(&mut tx, before.id, &after, hash.as_deref(), now).await?;
    let origin = Origin::from(principal);
    if !changes.is_empty() {
        rename_member(&mut tx, before.id).await?;
        let event = Event::new(None, Action::UserUpdated, Target::user(before.id, &principal.name()));
        audit::record(&mut tx, &origin, event.with(changes), now).await?;
    }
    let mut next_sign_in = None;
    if hash.is_some() {
        record_user(&mut tx, &origin, Action::UserPasswordChanged, before.id, now).await?;
        next_sign_in = Some(insert_sign_in(&mut tx, before.id, &visit.request, now).await?);
    }
    let user = find_user(&mut tx, before.id).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    if let Some(sign_in) = next_sign_in {
        visit.open(sign_in).await?;
    }
    Ok(user)
}

/// A time zone of the IANA database in its usual spelling. The database is part of the program, so every instance knows
/// the same zones.
fn known_zone(name: &str) -> Option<String> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    zone.iana_name().map(str::to_owned)
}

async fn hash(app: &App, principal: &Principal, revision: &AccountRevision, change: &PasswordChange) -> Result<String> {
    require_password(app, principal, &change.current).await?;
    let full_name = revision.full_name.clone().map(String::from).over(principal.full_name.clone());
    let username = revision.username.clone().map(String::from).over(None);
    let profile = Profile::parse(&principal.email, full_name.as_deref(), username.as_deref())?;
    let mut hints = hints(&profile);
    hints.extend(principal.full_name.clone());
    app.passwords.hash("password", change.new.clone(), hints).await
}

fn changes(before: &User, after: &Personal) -> Changes {
    let mut changes = Changes::default();
    changes.note("full_name", &before.full_name, &after.full_name);
    changes.note("username", &before.username, &after.username);
    changes.note("time_zone", &before.time_zone, &after.time_zone);
    changes.note("locale", &before.locale, &after.locale);
    changes.note("theme", before.theme, after.theme);
    changes
}

/// With a new password the epoch rises: all sign-ins end, and what was mailed before is void.
async fn write(tx: &mut Tx, user: UserId, after: &Personal, hash: Option<&str>, now: Timestamp) -> Result<()> {
    tx.sql(
        "update users set full_name = $2, username = $3, time_zone = $4, locale = $5, theme = $6,
                password_hash = coalesce($7, password_hash), auth_epoch = auth_epoch + $8, updated_at = $9,
                version = version + 1
         where id = $1",
    )
    .bind(user)
    .bind(after.full_name.clone())
    .bind(after.username.clone())
    .bind(after.time_zone.clone())
    .bind(after.locale.clone())
    .bind(after.theme)
    .bind(hash.map(str::to_owned))
    .bind(i64::from(hash.is_some()))
    .bind(now)
    .execute_or(username_taken)
    .await
    .map(drop)
}
