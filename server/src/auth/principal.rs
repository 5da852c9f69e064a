//! Known people and organizations' tokens: who they are, and how we know.

use super::sql::{TokenRow, find_sign_in, find_token, saw_sign_in, used_token};
use crate::App;
use crate::db::Tx;
use crate::keys::digest;
use crate::visit::{Request, Visit};
use domain::audit::{Actor, ActorKind};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, SignInId, TokenId, UserId};
use domain::policy::{Permission, Permissions};
use domain::time::Timestamp;
use domain::user::display_name;
use std::time::Duration;

/// A sign-in that is not used ends after this.
pub(crate) const IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// A sign-in ends after this in any case.
pub(crate) const ABSOLUTE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long after the password was given dangerous things may be done.
const FRESH: Duration = Duration::from_secs(15 * 60);
/// How exactly the last use is known; finer would be a write for each request.
pub(super) const SEEN_EVERY: Duration = Duration::from_secs(60);

/// A known person, and how we know; or an organization's token, which acts for nobody.
#[derive(Debug, Clone)]
pub struct Principal {
    /// For an organization's token its own id, which no person has. Where a person is needed, ask [`Principal::person`].
    pub user: UserId,
    /// Empty for an organization's token.
    pub email: String,
    pub email_verified: bool,
    /// For an organization's token the token's name.
    pub full_name: Option<String>,
    pub platform_admin: bool,
    pub via: Via,
    pub request: Request,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Via {
    Session {
        sign_in: SignInId,
        fresh_at: Timestamp,
    },
    /// A person's token; `only` names the organizations it is good for, when it is not good for all.
    Token {
        id: TokenId,
        scopes: Permissions,
        only: Option<Vec<OrgId>>,
    },
    /// An organization's own token: it has its scopes there, and nothing anywhere else.
    OrgToken {
        id: TokenId,
        org: OrgId,
        scopes: Permissions,
    },
}

impl Principal {
    /// What the credential itself lets through: everything for a session, the scopes of a token.
    pub(crate) fn scopes(&self) -> Permissions {
        match &self.via {
            Via::Session { .. } => Permissions::all(),
            Via::Token { scopes, .. } | Via::OrgToken { scopes, .. } => *scopes,
        }
    }

    /// Who this is, for what only people do or have; nobody behind an organization's token.
    pub(crate) fn person(&self) -> Option<UserId> {
        (!self.is_organization()).then_some(self.user)
    }

    pub(super) fn is_organization(&self) -> bool {
        matches!(self.via, Via::OrgToken { .. })
    }

    /// The organizations that the credential is good for, when it is not good for all: a hundred at most.
    pub(crate) fn only(&self) -> Option<&[OrgId]> {
        match &self.via {
            Via::Session { .. } | Via::Token { only: None, .. } => None,
            Via::Token { only: Some(only), .. } => Some(only.as_slice()),
            Via::OrgToken { org, .. } => Some(std::slice::from_ref(org)),
        }
    }

    /// Whether the credential is good for this organization at all.
    pub(crate) fn reaches(&self, org: OrgId) -> bool {
        self.only().is_none_or(|only| only.contains(&org))
    }

    /// Whether the credential is good for some organizations only.
    pub(crate) fn is_restricted(&self) -> bool {
        self.only().is_some()
    }

    fn token_id(&self) -> Option<TokenId> {
        match &self.via {
            Via::Session { .. } => None,
            Via::Token { id, .. } | Via::OrgToken { id, .. } => Some(*id),
        }
    }

    /// Whether this very token is asking.
    pub(crate) fn is_token(&self, id: TokenId) -> bool {
        self.token_id() == Some(id)
    }

    /// # Errors
    /// `insufficient_scope`.
    pub(crate) fn require_scope(&self, permission: Permission) -> Result<()> {
        if self.scopes().has(permission) {
            Ok(())
        } else {
            Err(Code::InsufficientScope.with("scope", permission.name()))
        }
    }

    /// Some things only a person in a browser does.
    pub(crate) fn require_session(&self) -> Result<SignInId> {
        match &self.via {
            Via::Session { sign_in, .. } => Ok(*sign_in),
            Via::Token { .. } | Via::OrgToken { .. } => Err(Code::SessionRequired.into()),
        }
    }

    /// Opens a transaction in which nobody else changes this account, and judges the sign-in again inside: it may have
    /// been ended meanwhile.
    ///
    /// # Errors
    /// `session_required`, `unauthenticated`.
    pub(crate) async fn locked(&self, app: &App) -> Result<Tx> {
        let mut tx = app.db.write().await?;
        self.lock_in(&mut tx).await?;
        Ok(tx)
    }

    /// The same in a transaction that has locked the organizations it needs: those come before the account.
    pub(crate) async fn lock_in(&self, tx: &mut Tx) -> Result<()> {
        let sign_in = self.require_session()?;
        tx.lock_user(self.user).await?;
        let row = find_sign_in(tx, sign_in).await?.filter(|row| row.disabled_at.is_none());
        row.map(drop).ok_or_else(|| Code::Unauthenticated.into())
    }

    /// Dangerous things need a password given a short while ago; tokens have their scopes instead.
    pub(crate) fn require_fresh(&self, now: Timestamp) -> Result<()> {
        match &self.via {
            Via::Session { fresh_at, .. } if now.since(*fresh_at) > FRESH => Err(Code::ReauthenticationRequired.into()),
            _ => Ok(()),
        }
    }

    pub(crate) fn require_verified(&self) -> Result<()> {
        if self.email_verified { Ok(()) } else { Err(Code::EmailNotVerified.into()) }
    }

    /// What only platform administrators may do does not exist for anybody else.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn require_administrator(&self) -> Result<()> {
        if self.platform_admin { Ok(()) } else { Err(Code::NotFound.into()) }
    }

    /// The same, with what the credential has to carry: `admin:read` or `admin:write`.
    ///
    /// # Errors
    /// `not_found`, `insufficient_scope`.
    pub(crate) fn require_platform(&self, permission: Permission) -> Result<()> {
        self.require_administrator()?;
        self.require_scope(permission)
    }

    /// Power over the whole platform, as far as the credential carries it.
    pub(crate) fn is_platform(&self) -> bool {
        self.platform_admin && self.scopes().has(Permission::AdminWrite)
    }

    pub fn name(&self) -> String {
        display_name(self.full_name.as_deref(), &self.email)
    }

    /// Whose quota and whose idempotency keys a request counts to, whatever the credential.
    pub(crate) fn account(&self) -> String {
        self.user.to_string()
    }

    pub(crate) fn actor(&self) -> Actor {
        let token_id = self.token_id();
        let kind = if token_id.is_some() { ActorKind::Token } else { ActorKind::User };
        Actor { kind, id: Some(self.user), name: self.name(), token_id }
    }
}

/// The person behind a browser's session.
///
/// # Errors
/// `unauthenticated` when nobody is signed in.
pub async fn session_principal(app: &App, visit: &Visit) -> Result<Principal> {
    let sign_in = visit.sign_in().await?.ok_or(Code::Unauthenticated)?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let row = find_sign_in(&mut tx, sign_in).await?.ok_or(Code::Unauthenticated)?;
    drop(tx);
    let over = now.since(row.last_seen_at) > IDLE || now.since(row.created_at) > ABSOLUTE;
    if over || row.disabled_at.is_some() {
        return Err(Code::Unauthenticated.into());
    }
    if now.since(row.last_seen_at) >= SEEN_EVERY {
        noted(saw_sign_in(app, sign_in, now).await);
    }
    let via = Via::Session { sign_in, fresh_at: row.fresh_at };
    Ok(Principal {
        user: row.user_id,
        email: row.email,
        email_verified: row.email_verified,
        full_name: row.full_name,
        platform_admin: row.platform_admin,
        via,
        request: visit.request.clone(),
    })
}

/// The person behind an access token. `token` is what followed `Bearer `.
///
/// # Errors
/// `invalid_token`, `token_expired`: never a fall-back to the cookie.
pub async fn token_principal(app: &App, token: &str, request: &Request) -> Result<Principal> {
    if !crate::tokens::is_well_formed(token) {
        return Err(Code::InvalidToken.into());
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let row = find_token(&mut tx, &digest(token.as_bytes()), now).await?.ok_or(Code::InvalidToken)?;
    drop(tx);
    if row.revoked_at.is_some() || row.disabled_at.is_some() {
        return Err(Code::InvalidToken.into());
    }
    if row.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(Code::TokenExpired.into());
    }
    if row.last_used_at.is_none_or(|used| now.since(used) >= SEEN_EVERY) {
        noted(used_token(app, row.id, request, now).await);
    }
    let (user, via) = holder(&row)?;
    Ok(Principal {
        user,
        email: row.email,
        email_verified: row.email_verified,
        full_name: row.full_name,
        platform_admin: row.platform_admin,
        via,
        request: request.clone(),
    })
}

fn holder(row: &TokenRow) -> Result<(UserId, Via)> {
    let (id, scopes) = (row.id, row.scopes.split(' ').filter_map(Permission::named).collect());
    let only = row.organizations.as_deref().map(|ids| ids.split(' ').filter_map(|id| id.parse().ok()).collect());
    match (row.user_id, row.organization_id, only) {
        (Some(user), _, None) => Ok((user, Via::Token { id, scopes, only: None })),
        (Some(user), _, only) => Ok((user, Via::Token { id, scopes: domain::token::restricted(scopes), only })),
        (None, Some(org), _) => Ok((UserId(id.0), Via::OrgToken { id, org, scopes })),
        // The table's checks keep this out.
        (None, None, _) => Err(Error::Internal),
    }
}

/// That somebody was seen is no reason to refuse what they read: a database that takes no writes may still answer.
pub(super) fn noted(result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "the last use could not be noted");
    }
}
