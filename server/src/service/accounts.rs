//! Accounts: making one, signing in and out.

use super::audit::{self, Event, Origin, Target};
use super::orgs::sort_name;
use crate::App;
use crate::auth::{Principal, Via};
use crate::config::SignUpPolicy;
use crate::db::Tx;
use crate::limits::{Policy, bucket};
use crate::new_id;
use crate::outbox::{self, Mail};
use crate::submitted::Submitted;
use crate::visit::{Request, Visit};
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{SignInId, UserId};
use domain::policy::Permission;
use domain::text::{Email, Name, Password};
use domain::time::Timestamp;
use domain::user::{Auth, AuthKind, Credentials, Me, Profile, Reauthentication, SignUp, User};

/// Makes an account whose address is still to be proved. Whoever has one already gets a mail instead: the answer never
/// tells which addresses are known.
///
/// # Errors
/// `sign_up_closed`, `email_domain_not_allowed`, `username_taken`, invalid fields, `rate_limited`.
#[crate::operation]
pub async fn sign_up(app: &App, request: &Request, new: Submitted<SignUp>) -> Result<()> {
    if app.config.sign_up != SignUpPolicy::Open {
        return Err(Code::SignUpClosed.into());
    }
    app.limiter.check(Policy::Login, bucket(request.ip))?;
    let new = new.open()?;
    let profile = Profile::parse(&new.email, new.full_name.as_deref(), new.username.as_deref());
    let password = parse_password("password", &new.password);
    let (profile, password) = both(profile, password)?;
    require_allowed_domain(app, &profile.email)?;
    let hash = app.passwords.hash("password", password, hints(&profile)).await?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    require_free_username(&mut tx, &profile).await?;
    match insert_user(&mut tx, &profile, Some(&hash), None, now).await? {
        Some(user) => {
            let name = profile.full_name.as_ref().map(ToString::to_string);
            let origin = Origin::person(user, profile.email.as_str(), name.as_deref(), request);
            record_user(&mut tx, &origin, Action::UserCreated, user, now).await?;
            outbox::enqueue(&mut tx, Mail::Verification(user), profile.email.as_str(), now).await?;
        }
        None => {
            let known = find_account(&mut tx, profile.email.as_str()).await?.ok_or(Error::Internal)?;
            outbox::enqueue(&mut tx, Mail::AccountExists(known.id), profile.email.as_str(), now).await?;
        }
    }
    tx.commit().await
}

/// Signs a browser in.
///
/// # Errors
/// `invalid_credentials`, whichever of the two is wrong; `account_disabled`; `rate_limited`.
#[crate::operation]
pub async fn sign_in(app: &App, visit: &Visit, credentials: Submitted<Credentials>) -> Result<User> {
    app.limiter.check(Policy::Login, bucket(visit.request.ip))?;
    let credentials = credentials.open()?;
    let email = Email::parse(&credentials.email).map_err(|refusal| Error::Invalid(vec![refusal.of_field("email")]))?;
    app.limiter.check(Policy::Login, email.as_str())?;
    let account = {
        let mut tx = app.db.read().await?;
        find_account(&mut tx, email.as_str()).await?
    };
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let right = app.passwords.verify(&credentials.password, hash).await?;
    let account = account.filter(|_| right).ok_or(Code::InvalidCredentials)?;
    if account.disabled_at.is_some() {
        return Err(Code::AccountDisabled.into());
    }
    let mut tx = app.db.write().await?;
    let sign_in = insert_sign_in(&mut tx, account.id, &visit.request, app.now()).await?;
    let user = find_user(&mut tx, account.id).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    visit.open(sign_in).await?;
    Ok(user)
}

/// Ends the sign-in on this device. Who is not signed in is signed out already.
///
/// # Errors
/// When the database does not answer.
#[crate::operation]
pub async fn sign_out(app: &App, visit: &Visit) -> Result<()> {
    if let Some(sign_in) = visit.sign_in().await? {
        let mut tx = app.db.write().await?;
        revoke_sign_in(&mut tx, sign_in, app.now()).await?;
        tx.commit().await?;
    }
    visit.close().await
}

/// The same for a caller that may be a token, which has no sign-in to end.
///
/// # Errors
/// `session_required`.
#[crate::operation]
pub async fn sign_out_as(app: &App, visit: &Visit, principal: &Principal) -> Result<()> {
    principal.require_session()?;
    sign_out(app, visit).await
}

/// Counts the present sign-in as fresh again.
///
/// # Errors
/// `wrong_password`, `session_required`, `rate_limited`.
#[crate::operation]
pub async fn reauthenticate(
    app: &App,
    principal: &Principal,
    visit: &Visit,
    given: Submitted<Reauthentication>,
) -> Result<()> {
    principal.require_session()?;
    let given = given.open()?;
    require_password(app, principal, &given.password).await?;
    let mut tx = app.db.write().await?;
    // A new sign-in and a new cookie: what was known of the old ones does not become fresh with them.
    let sign_in = insert_sign_in(&mut tx, principal.user, &visit.request, app.now()).await?;
    revoke_sign_in(&mut tx, principal.require_session()?, app.now()).await?;
    tx.commit().await?;
    visit.open(sign_in).await
}

/// That the person at the keyboard is the one who signed in. Each try counts as one of signing in.
///
/// # Errors
/// `wrong_password`, `rate_limited`.
pub(crate) async fn require_password(app: &App, principal: &Principal, given: &str) -> Result<()> {
    app.limiter.check(Policy::Login, principal.email.as_str())?;
    let account = {
        let mut tx = app.db.read().await?;
        find_account(&mut tx, &principal.email).await?.ok_or(Code::Unauthenticated)?
    };
    if app.passwords.verify(given, account.password_hash.as_deref()).await? {
        Ok(())
    } else {
        Err(Code::WrongPassword.into())
    }
}

/// One's own account, and how one is known in this request.
///
/// # Errors
/// `insufficient_scope`.
#[crate::operation]
pub async fn me(app: &App, principal: &Principal) -> Result<Me> {
    principal.require_scope(Permission::UserRead)?;
    let mut tx = app.db.read().await?;
    let user = find_user(&mut tx, principal.user).await?.ok_or(Code::Unauthenticated)?;
    let auth = match &principal.via {
        Via::Session { .. } => Auth { kind: AuthKind::Session, token_id: None, scopes: None },
        Via::Token { id, scopes, .. } | Via::OrgToken { id, scopes, .. } => {
            Auth { kind: AuthKind::Token, token_id: Some(*id), scopes: Some(*scopes) }
        }
    };
    Ok(Me { user, auth })
}

pub(crate) fn parse_password(field: &str, text: &str) -> Result<Password> {
    Password::parse(text).map_err(|refusal| Error::Invalid(vec![refusal.of_field(field)]))
}

/// Both values, or the broken rules of both.
pub(crate) fn both<A, B>(left: Result<A>, right: Result<B>) -> Result<(A, B)> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(Error::Invalid(mut left)), Err(Error::Invalid(right))) => {
            left.extend(right);
            Err(Error::Invalid(left))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// What a guesser knows of the person.
pub(crate) fn hints(profile: &Profile) -> Vec<String> {
    let name = profile.full_name.as_ref().map(ToString::to_string);
    let username = profile.username.as_ref().map(ToString::to_string);
    [Some(profile.email.to_string()), name, username].into_iter().flatten().chain(["guildhall".to_owned()]).collect()
}

/// # Errors
/// `email_domain_not_allowed` when the instance names its domains and this is none of them.
pub(crate) fn require_allowed_domain(app: &App, email: &Email) -> Result<()> {
    let domains = &app.config.email_domains;
    if domains.is_empty() || domains.iter().any(|domain| domain == email.domain()) {
        Ok(())
    } else {
        Err(Code::EmailDomainNotAllowed.of("email", "Addresses of this domain are not allowed here."))
    }
}

/// What is known of an address that has an account.
#[derive(sqlx::FromRow)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) full_name: Option<String>,
    pub(crate) password_hash: Option<String>,
    pub(crate) auth_epoch: i64,
    pub(crate) disabled_at: Option<Timestamp>,
}

pub(crate) async fn find_account(tx: &mut Tx, email: &str) -> Result<Option<Account>> {
    tx.sql("select id, full_name, password_hash, auth_epoch, disabled_at from users where email = $1")
        .bind(email.to_owned())
        .optional()
        .await
}

pub(crate) async fn find_user(tx: &mut Tx, user: UserId) -> Result<Option<User>> {
    tx.sql(
        "select id, username, email, email_verified_at is not null as email_verified, full_name, avatar_url,
                false as two_factor_enabled, platform_admin, time_zone, locale, theme, version
         from users where id = $1",
    )
    .bind(user)
    .optional()
    .await
}

/// Asked before the address is looked at, so that the answer does not depend on whether the address is known.
async fn require_free_username(tx: &mut Tx, profile: &Profile) -> Result<()> {
    let Some(username) = &profile.username else { return Ok(()) };
    let found: Option<(UserId,)> =
        tx.sql("select id from users where username = $1").bind(username.to_string()).optional().await?;
    if found.is_some() { Err(username_taken()) } else { Ok(()) }
}

pub(crate) fn username_taken() -> Error {
    Code::UsernameTaken.of("username", "That username is taken.")
}

/// Makes an account; `None` when the address has one.
pub(crate) async fn insert_user(
    tx: &mut Tx,
    profile: &Profile,
    password_hash: Option<&str>,
    verified_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<UserId>> {
    let id = UserId(new_id());
    let made = tx
        .sql(
            "insert into users (id, email, email_verified_at, username, full_name, password_hash, created_at, updated_at,
                    name_folded)
             values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
             on conflict (email) do nothing",
        )
        .bind(id)
        .bind(profile.email.to_string())
        .bind(verified_at)
        .bind(profile.username.as_ref().map(ToString::to_string))
        .bind(profile.full_name.as_ref().map(ToString::to_string))
        .bind(password_hash.map(str::to_owned))
        .bind(now)
        .bind(sort_name(profile.full_name.as_ref().map(Name::as_str), profile.email.as_str()))
        .execute_or(username_taken)
        .await?;
    Ok((made == 1).then_some(id))
}

/// Opens a sign-in under the account's present epoch.
pub(crate) async fn insert_sign_in(tx: &mut Tx, user: UserId, request: &Request, now: Timestamp) -> Result<SignInId> {
    let id = SignInId(new_id());
    tx.sql(
        "insert into sign_ins (id, user_id, auth_epoch, created_at, fresh_at, last_seen_at, ip, user_agent)
         select $1, id, auth_epoch, $3, $3, $3, $4, $5 from users where id = $2",
    )
    .bind(id)
    .bind(user)
    .bind(now)
    .bind(request.ip.to_string())
    .bind(request.user_agent.clone())
    .execute()
    .await?;
    Ok(id)
}

async fn revoke_sign_in(tx: &mut Tx, sign_in: SignInId, now: Timestamp) -> Result<()> {
    let sql = "update sign_ins set revoked_at = $2 where id = $1 and revoked_at is null";
    tx.sql(sql).bind(sign_in).bind(now).execute().await.map(drop)
}

pub(crate) async fn record_user(
    tx: &mut Tx,
    origin: &Origin,
    action: Action,
    user: UserId,
    now: Timestamp,
) -> Result<()> {
    let target = Target::user(user, &origin.actor.name);
    audit::record(tx, origin, Event::new(None, action, target), now).await
}
