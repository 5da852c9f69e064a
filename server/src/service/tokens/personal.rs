//! A person's tokens, each for a program that acts for its person.

use super::{Owner, end, find, make, renew, sql};
use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use crate::service::accounts::{find_account, find_user};
use crate::service::audit::Origin;
use crate::submitted::Submitted;
use crate::visit::Request;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::page::Page;
use domain::policy::{Permission, Permissions};
use domain::time::Timestamp;
use domain::token::{IssuedToken, NewPersonalToken, Rotation, Token, TokensQuery};

/// One's own tokens.
///
/// # Errors
/// `session_required`, the refusals of paging.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &TokensQuery) -> Result<Page<Token>> {
    principal.require_session()?;
    super::list(app, Owner::Person(principal.user), query).await
}

/// Makes a token. What it may do is its scopes, as far as its person may do that when it is used.
///
/// # Errors
/// `session_required`, `email_not_verified`, invalid fields, `admin_scope_denied`, `token_limit_reached`.
#[crate::operation]
pub async fn create(app: &App, principal: &Principal, new: Submitted<NewPersonalToken>) -> Result<IssuedToken> {
    principal.require_session()?;
    principal.require_verified()?;
    let issue = new.open()?.parse(app.now())?;
    require_holdable(issue.scopes, principal.platform_admin)?;
    let mut tx = principal.locked(app).await?;
    let (owner, origin) = (Owner::Person(principal.user), Origin::from(principal));
    let issued = make(app, &mut tx, owner, &issue, Some(principal.user), &origin, app.now()).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Makes a token for an account: for the operator at the command line.
///
/// # Errors
/// `user_not_found`, invalid fields, `admin_scope_denied`, `token_limit_reached`.
#[crate::operation]
pub async fn issue(app: &App, email: &str, name: &str, scopes: &[String], days: u32) -> Result<IssuedToken> {
    let new = NewPersonalToken {
        name: name.to_owned(),
        scopes: scopes.to_owned(),
        expires_in_days: Some(days.into()),
        ..NewPersonalToken::default()
    };
    let now = app.now();
    let issue = new.parse(now)?;
    let mut tx = app.db.write().await?;
    let account = find_account(&mut tx, &email.to_ascii_lowercase()).await?.ok_or(Code::UserNotFound)?;
    tx.lock_user(account.id).await?;
    let user = find_user(&mut tx, account.id).await?.ok_or(Error::Internal)?;
    require_holdable(issue.scopes, user.platform_admin)?;
    let origin = Origin::system(&Request::local());
    let issued = make(app, &mut tx, Owner::Person(account.id), &issue, None, &origin, now).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Gives one's token a new secret.
///
/// # Errors
/// `session_required`, `expiry_out_of_range`, `token_not_found`, `token_revoked` also for one that has expired.
#[crate::operation]
pub async fn rotate(app: &App, principal: &Principal, id: &str, rotation: Submitted<Rotation>) -> Result<IssuedToken> {
    principal.require_session()?;
    let former_until = rotation.open()?.former_until(app.now())?;
    let mut tx = principal.locked(app).await?;
    let owner = Owner::Person(principal.user);
    let token = find(&mut tx, owner, id).await?;
    let issued = renew(&mut tx, owner, &token, former_until, &Origin::from(principal), app.now()).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Ends one's token; a token may end itself.
///
/// # Errors
/// `session_required`, `token_not_found`.
#[crate::operation]
pub async fn revoke(app: &App, principal: &Principal, id: &str) -> Result<()> {
    let person = principal.person().ok_or(Code::SessionRequired)?;
    let itself = id.parse().is_ok_and(|id| principal.is_token(id));
    if !itself {
        principal.require_session()?;
    }
    let mut tx = app.db.write().await?;
    tx.lock_user(person).await?;
    let owner = Owner::Person(person);
    let token = find(&mut tx, owner, id).await?;
    end(&mut tx, owner, &token, &Origin::from(principal), app.now()).await?;
    tx.commit().await
}

/// Ends all tokens of a person, whose account is gone or was in other hands.
pub(crate) async fn revoke_all(tx: &mut Tx, origin: &Origin, user: UserId, now: Timestamp) -> Result<()> {
    let owner = Owner::Person(user);
    for row in sql::unrevoked(tx, owner).await? {
        end(tx, owner, &row.shown(), origin, now).await?;
    }
    Ok(())
}

/// Power over the platform is only put into a token by those who have it.
fn require_holdable(scopes: Permissions, platform_admin: bool) -> Result<()> {
    if scopes.has(Permission::AdminRead) && !platform_admin {
        return Err(Code::AdminScopeDenied.of("scopes", "Only platform administrators may have admin scopes."));
    }
    Ok(())
}
