//! The first platform administrator, from the set-up page or the command line.

use super::accounts::{both, find_account, find_user, hints, insert_sign_in, insert_user, parse_password};
use super::audit::{self, Event, Origin, Target};
use super::passwords::replace_password;
use crate::App;
use crate::db::Tx;
use crate::limits::{Policy, bucket};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::time::Timestamp;
use domain::user::{Founder, Profile, User};

/// Whether nobody has set this instance up yet.
///
/// # Errors
/// When the database does not answer.
#[crate::operation]
pub async fn is_open(app: &App) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let (set_up_at,): (Option<Timestamp>,) = tx.sql("select set_up_at from instance where id = 1").one().await?;
    Ok(set_up_at.is_none())
}

/// The one-time address of the set-up page, or nothing once the instance is set up.
///
/// # Errors
/// When the database does not answer.
#[crate::operation]
pub async fn link(app: &App) -> Result<Option<String>> {
    let code = app.keys.setup_code();
    Ok(is_open(app).await?.then(|| app.config.link(&format!("/setup?code={code}"))))
}

/// Makes the first platform administrator and signs the browser in.
///
/// # Errors
/// `setup_finished`, `setup_code_invalid`, invalid fields, `password_weak`.
#[crate::operation]
pub async fn found(app: &App, visit: &Visit, founder: Submitted<Founder>) -> Result<User> {
    app.limiter.check(Policy::Login, bucket(visit.request.ip))?;
    if !is_open(app).await? {
        return Err(Code::SetupFinished.into());
    }
    let founder = founder.open()?;
    if !app.keys.is_setup_code(&founder.code) {
        return Err(Code::SetupCodeInvalid.of("code", "Copy the code from the link that was printed at the start."));
    }
    let profile = Profile::parse(&founder.email, Some(&founder.full_name), None);
    let (profile, password) = both(profile, parse_password("password", &founder.password))?;
    let hash = app.passwords.hash("password", password, hints(&profile)).await?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    if !close_setup(&mut tx, now).await? {
        return Err(Code::SetupFinished.into());
    }
    let user = make_administrator(&mut tx, &profile, &hash, &Origin::system(&visit.request), now).await?;
    let sign_in = insert_sign_in(&mut tx, user, &visit.request, now).await?;
    let user = find_user(&mut tx, user).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    visit.open(sign_in).await?;
    Ok(user)
}

/// Makes a platform administrator, or makes an account one: for the operator at the command line. An account that is
/// there gets the new password, and its sign-ins end.
///
/// # Errors
/// Invalid fields, `password_weak`.
#[crate::operation]
pub async fn appoint(app: &App, email: &str, full_name: Option<&str>, password: &str) -> Result<UserId> {
    let profile = Profile::parse(email, full_name, None);
    let (profile, password) = both(profile, parse_password("password", password))?;
    let hash = app.passwords.hash("password", password, hints(&profile)).await?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    close_setup(&mut tx, now).await?;
    let origin = Origin::system(&Request::local());
    let user = make_administrator(&mut tx, &profile, &hash, &origin, now).await?;
    tx.commit().await?;
    Ok(user)
}

/// Says whether it was open: of two at once, one gets it.
async fn close_setup(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    let sql = "update instance set set_up_at = $1 where id = 1 and set_up_at is null";
    Ok(tx.sql(sql).bind(now).execute().await? == 1)
}

async fn make_administrator(
    tx: &mut Tx,
    profile: &Profile,
    hash: &str,
    origin: &Origin,
    now: Timestamp,
) -> Result<UserId> {
    let user = match insert_user(tx, profile, Some(hash), Some(now), now).await? {
        Some(user) => {
            let target = Target::user(user, profile.email.as_str());
            audit::record(tx, origin, Event::new(None, Action::UserCreated, target), now).await?;
            user
        }
        None => {
            let account = find_account(tx, profile.email.as_str()).await?.ok_or(Error::Internal)?;
            // Whoever made the account before need not be the operator: only the operator's password opens it now.
            replace_password(tx, account.id, hash.to_owned(), now).await?;
            account.id
        }
    };
    tx.sql("update users set platform_admin = true, updated_at = $2, version = version + 1 where id = $1")
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    let changes = Changes::default().of("platform_admin", false, true);
    let target = Target::user(user, profile.email.as_str());
    let event = Event::new(None, Action::UserPlatformAdminChanged, target).with(changes);
    audit::record(tx, origin, event, now).await?;
    Ok(user)
}
