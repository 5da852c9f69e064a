//! The accounts of the platform: finding them, locking one out, and who runs the platform.

use crate::App;
use crate::auth::Principal;
use crate::db::search::Search;
use crate::paging::{Key, Order, Walk};
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::tokens::personal;
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::page::{self, Page};
use domain::platform::{Account, AccountPatch, AccountsQuery};
use domain::policy::Permission;
use domain::user::display_name;

mod sql;

/// All accounts, the newest first.
///
/// # Errors
/// `not_found`, `insufficient_scope`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &AccountsQuery) -> Result<Page<Account>> {
    principal.require_platform(Permission::AdminRead)?;
    let search = page::search(query.search.as_deref())?;
    let filters = sql::Filters {
        id: search.as_deref().and_then(|text| text.parse().ok()),
        search: search.map(|text| Search::of(&text)),
        platform_admin: query.platform_admin.as_deref().map(|text| page::flag("platform_admin", text)).transpose()?,
        disabled: query.disabled.as_deref().map(|text| page::flag("disabled", text)).transpose()?,
    };
    let descending = match query.sort.as_deref().unwrap_or("-created_at") {
        "-created_at" => true,
        "created_at" => false,
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by created_at.")),
    };
    let order = Order { name: "created_at", descending, numeric: true };
    let walk = Walk::new(app, "accounts", order, &filters, query.window()?)?;
    let mut tx = app.db.read().await?;
    let search_is_capped = sql::is_capped(&mut tx, &filters).await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, &walk).await?;
    let page = walk.page(app, rows, total, |account| (Key::Number(account.created_at.as_millis()), account.id.0));
    Ok(Page { search_is_capped, ..page })
}

/// Locks an account out or lets it in again, and makes its holder one of those who run the platform or no longer.
/// Locking out ends sign-ins and personal tokens at once.
///
/// # Errors
/// `not_found`, `insufficient_scope`, invalid fields, `user_not_found`, `precondition_failed`, `last_platform_admin`;
/// `owns_organizations` with the list of them unless forced.
#[crate::operation]
pub async fn update(
    app: &App,
    principal: &Principal,
    reference: &str,
    force: bool,
    patch: Submitted<AccountPatch>,
) -> Result<Account> {
    principal.require_platform(Permission::AdminWrite)?;
    let patch = patch.open()?;
    let force = force || patch.force == Some(true);
    let mut tx = app.db.write().await?;
    sql::lock_administrators(&mut tx).await?;
    let before = sql::find(&mut tx, reference, principal.user).await?.ok_or(Code::UserNotFound)?;
    tx.lock_user(before.id).await?;
    principal.request.require_version(before.version)?;
    let disabled = patch.disabled.unwrap_or(before.disabled);
    let platform_admin = patch.platform_admin.unwrap_or(before.platform_admin);
    let runs_platform = platform_admin && !disabled;
    if before.platform_admin && !runs_platform && !sql::others_run_platform(&mut tx, before.id).await? {
        return Err(Code::LastPlatformAdmin.into());
    }
    // Again, now that nobody else changes who runs the platform.
    if !sql::runs_platform(&mut tx, principal.user).await? {
        return Err(Code::NotFound.into());
    }
    if (disabled, platform_admin) == (before.disabled, before.platform_admin) {
        return Ok(before);
    }
    let locks_out = disabled && !before.disabled;
    if locks_out && !force {
        require_no_organizations(&mut tx, &before).await?;
    }
    let now = app.now();
    sql::update(&mut tx, &before, disabled, platform_admin, now).await?;
    let origin = Origin::platform(principal);
    let target = Target::user(before.id, &display_name(before.full_name.as_deref(), &before.email));
    for (action, changes) in news(&before, disabled, platform_admin) {
        audit::record(&mut tx, &origin, Event::new(None, action, target.clone()).with(changes), now).await?;
    }
    if locks_out {
        personal::revoke_all(&mut tx, &origin, before.id, now).await?;
    }
    let after = sql::find(&mut tx, &before.id.to_string(), principal.user).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(after)
}

/// An organization whose owner is locked out has nobody who could hand it over.
async fn require_no_organizations(tx: &mut crate::db::Tx, account: &Account) -> Result<()> {
    let owned = sql::owned(tx, account.id).await?;
    if owned.is_empty() {
        return Ok(());
    }
    let owned = serde_json::to_value(owned).map_err(|_| Error::Internal)?;
    Err(Code::OwnsOrganizations.with("organizations", owned))
}

fn news(before: &Account, disabled: bool, platform_admin: bool) -> Vec<(Action, Changes)> {
    let lock = if disabled { Action::UserDisabled } else { Action::UserEnabled };
    let news = [
        (lock, Changes::default().of("disabled", before.disabled, disabled)),
        (
            Action::UserPlatformAdminChanged,
            Changes::default().of("platform_admin", before.platform_admin, platform_admin),
        ),
    ];
    news.into_iter().filter(|(_, changes)| !changes.is_empty()).collect()
}
