//! An organization's own tokens: they act for nobody, and stay when whoever made them goes.

use super::{Owner, end, find, make, renew};
use crate::App;
use crate::auth::Caller;
use crate::service::audit::Origin;
use crate::submitted::Submitted;
use domain::code::Code;
use domain::error::Result;
use domain::page::Page;
use domain::policy::{Permission, Permissions};
use domain::token::{IssuedToken, NewOrganizationToken, Rotation, Token, TokensQuery, organization_scopes};

/// The organization's tokens.
///
/// # Errors
/// `permission_denied`, the refusals of paging.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &TokensQuery) -> Result<Page<Token>> {
    caller.require(Permission::TokenRead)?;
    super::list(app, Owner::Organization(caller.org), query).await
}

/// Makes a token of the organization, with no more power than its maker has.
///
/// # Errors
/// `permission_denied`, `session_required`, invalid fields, `admin_scope_denied`, `permission_escalation`,
/// `token_limit_reached`.
#[crate::operation]
pub async fn create(app: &App, caller: &Caller, new: Submitted<NewOrganizationToken>) -> Result<IssuedToken> {
    caller.require(Permission::TokenWrite)?;
    caller.principal.require_session()?;
    let issue = new.open()?.parse(app.now())?;
    let (mut tx, caller) = caller.locked(app, Permission::TokenWrite).await?;
    require_grantable(&caller, issue.scopes)?;
    let (owner, origin) = (Owner::Organization(caller.org), Origin::from(&caller));
    let issued = make(app, &mut tx, owner, &issue, caller.principal.person(), &origin, app.now()).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Gives a token a new secret. Who gets the secret gets the power, so it has to be within their own.
///
/// # Errors
/// `permission_denied`, `session_required`, `expiry_out_of_range`, `token_not_found`, `permission_escalation`,
/// `token_revoked` also for one that has expired.
#[crate::operation]
pub async fn rotate(app: &App, caller: &Caller, id: &str, rotation: Submitted<Rotation>) -> Result<IssuedToken> {
    caller.require(Permission::TokenWrite)?;
    caller.principal.require_session()?;
    let former_until = rotation.open()?.former_until(app.now())?;
    let (mut tx, caller) = caller.locked(app, Permission::TokenWrite).await?;
    let owner = Owner::Organization(caller.org);
    let token = find(&mut tx, owner, id).await?;
    caller.authority().covers(token.scopes)?;
    let issued = renew(&mut tx, owner, &token, former_until, &Origin::from(&caller), app.now()).await?;
    tx.commit().await?;
    Ok(issued)
}

/// Ends a token of no more power than one's own; a token may end itself.
///
/// # Errors
/// `permission_denied`, `token_not_found`, `permission_escalation`.
#[crate::operation]
pub async fn revoke(app: &App, caller: &Caller, id: &str) -> Result<()> {
    let itself = id.parse().is_ok_and(|id| caller.principal.is_token(id));
    let judge = |caller: &Caller| if itself { Ok(()) } else { caller.require(Permission::TokenWrite) };
    judge(caller)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    judge(&caller)?;
    let owner = Owner::Organization(caller.org);
    let token = find(&mut tx, owner, id).await?;
    caller.authority().covers(token.scopes)?;
    end(&mut tx, owner, &token, &Origin::from(&caller), app.now()).await?;
    tx.commit().await
}

/// Never what is a person's or the platform's, and nothing that the maker does not have.
fn require_grantable(caller: &Caller, scopes: Permissions) -> Result<()> {
    if scopes.has(Permission::AdminRead) {
        return Err(Code::AdminScopeDenied.of("scopes", "An organization's token has no admin scopes."));
    }
    if !organization_scopes().contains(scopes) {
        let rule = "An organization's token cannot make, delete or transfer organizations, nor be a person.";
        return Err(Code::PermissionEscalation.of("scopes", rule));
    }
    caller.authority().covers(scopes)
}
