//! The wallet: members look at it, the platform moves its money.

use super::audit::{self, Event, Origin, Target};
use super::exports;
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::paging::{Key, Order, Walk};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::org::Status;
use domain::page::{self, Page, Window};
use domain::policy::Permission;
use domain::time::Timestamp;
use domain::wallet::{
    Entry, Kind, NewCharge, NewCredit, NewReversal, Receipt, Service, Terms, Transaction, TransactionsQuery, Wallet,
    WalletPatch,
};

mod keys;
mod ledger;
mod sql;

pub(crate) use keys::forget_old as forget_old_keys;

/// The wallet of the caller's organization; there is one from the first look on.
///
/// # Errors
/// `organization_banned`, `insufficient_scope`, `permission_denied`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller) -> Result<Wallet> {
    caller.require(Permission::WalletRead)?;
    let mut tx = app.db.read().await?;
    if let Some(wallet) = sql::find(&mut tx, caller.org).await? {
        return Ok(wallet);
    }
    drop(tx);
    let mut tx = app.db.write().await?;
    tx.lock_org(caller.org).await?;
    let wallet = open(app, &mut tx, caller.org, app.now()).await?;
    tx.commit().await?;
    Ok(wallet)
}

/// The ledger of the caller's organization.
///
/// # Errors
/// Those of [`get`], the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &TransactionsQuery) -> Result<Page<Transaction>> {
    caller.require(Permission::WalletRead)?;
    let (filters, walk) = begin(app, caller, query, query.window()?)?;
    read(app, &filters, walk).await
}

/// The same as a file, which ends after [`page::DEEPEST`] rows.
///
/// # Errors
/// Those of [`list`], `pagination_conflict` when a part is asked for, `rate_limited`.
#[crate::operation]
pub async fn export(app: &App, caller: &Caller, query: &TransactionsQuery) -> Result<Page<Transaction>> {
    caller.require(Permission::WalletRead)?;
    let (filters, walk) = begin(app, caller, query, query.whole()?)?;
    exports::begin(app, &caller.principal, Origin::from(caller), Some(caller.org), "wallet_transactions", "csv")
        .await?;
    read(app, &filters, walk).await
}

fn begin(app: &App, caller: &Caller, query: &TransactionsQuery, window: Window) -> Result<(sql::Filters, Walk)> {
    let (from, to) = page::period(query.from.as_deref(), query.to.as_deref())?;
    let filters = sql::Filters {
        org: caller.org,
        from,
        to,
        kind: query.kind.as_deref().map(|text| page::choice("kind", text, Kind::find)).transpose()?,
        service: query.service.as_deref().map(|text| page::choice("service", text, Service::find)).transpose()?,
    };
    let walk = Walk::new(app, "wallet_transactions", Order::by_age(query.sort.as_deref())?, &filters, window)?;
    Ok((filters, walk.within(from, to)))
}

async fn read(app: &App, filters: &sql::Filters, walk: Walk) -> Result<Page<Transaction>> {
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, filters).await? } else { 0 };
    let rows = sql::list(&mut tx, filters, &walk).await?;
    Ok(walk.page(app, rows, total, |row| (Key::Number(row.created_at.as_millis()), row.id.0)))
}

/// Takes money for a service. Never below zero unless the charge says so, and then to the overdraft limit.
///
/// # Errors
/// `not_found` for everybody but the platform, invalid fields, `organization_not_chargeable`, `possible_duplicate` with
/// `transaction_id`, `idempotency_key_reused`, `insufficient_balance` with `balance` and `required`, `balance_limit`.
#[crate::operation]
pub async fn charge(app: &App, caller: &Caller, new: Submitted<NewCharge>) -> Result<Receipt> {
    caller.require(Permission::AdminWrite)?;
    let new = new.open()?;
    let key = keys::Key::of(caller, "charge".to_owned(), &new)?;
    let entry = new.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::AdminWrite).await?;
    if let Some(receipt) = keys::receipt(&mut tx, key.as_ref(), app.now()).await? {
        return Ok(receipt);
    }
    if caller.org_status == Status::PendingDeletion {
        return Err(Code::OrganizationNotChargeable.into());
    }
    let receipt = ledger::book(app, &mut tx, &caller, &entry, key.as_ref()).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Puts money into the wallet.
///
/// # Errors
/// As [`charge`], but for what is missing money.
#[crate::operation]
pub async fn credit(app: &App, caller: &Caller, new: Submitted<NewCredit>) -> Result<Receipt> {
    caller.require(Permission::AdminWrite)?;
    let new = new.open()?;
    let key = keys::Key::of(caller, "credit".to_owned(), &new)?;
    let entry = new.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::AdminWrite).await?;
    if let Some(receipt) = keys::receipt(&mut tx, key.as_ref(), app.now()).await? {
        return Ok(receipt);
    }
    let receipt = ledger::book(app, &mut tx, &caller, &entry, key.as_ref()).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Takes back what a transaction has done: as a whole, and once.
///
/// # Errors
/// `transaction_not_found`, `already_reversed` with `transaction_id`, `not_reversible` for a reversal, and with `balance`
/// and `sms_points` for what has been spent since; invalid fields, `idempotency_key_reused`.
#[crate::operation]
pub async fn reverse(app: &App, caller: &Caller, reference: &str, new: Submitted<NewReversal>) -> Result<Receipt> {
    caller.require(Permission::AdminWrite)?;
    let new = new.open()?;
    let key = keys::Key::of(caller, format!("reverse {reference}"), &new)?;
    let reason = new.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::AdminWrite).await?;
    if let Some(receipt) = keys::receipt(&mut tx, key.as_ref(), app.now()).await? {
        return Ok(receipt);
    }
    let id = reference.parse().map_err(|_| Code::TransactionNotFound)?;
    let original = sql::find_transaction(&mut tx, caller.org, id).await?.ok_or(Code::TransactionNotFound)?;
    let entry = Entry::reversal(original, reason)?;
    let receipt = ledger::book(app, &mut tx, &caller, &entry, key.as_ref()).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// Changes the terms of a wallet.
///
/// # Errors
/// `not_found` for everybody but the platform, invalid fields, `precondition_failed`, `currency_locked` once there are
/// transactions, `insufficient_balance` when the wallet is further below zero than it would be allowed.
#[crate::operation]
pub async fn update(app: &App, caller: &Caller, patch: Submitted<WalletPatch>) -> Result<Wallet> {
    caller.require(Permission::AdminWrite)?;
    let terms = patch.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::AdminWrite).await?;
    let now = app.now();
    let before = open(app, &mut tx, caller.org, now).await?;
    caller.principal.request.require_version(before.version)?;
    let wanted = under(&before, terms);
    let changes = Changes::default().of("overdraft_limit", before.overdraft_limit, wanted.overdraft_limit).of(
        "currency",
        &before.currency,
        &wanted.currency,
    );
    if changes.is_empty() {
        return Ok(before);
    }
    if before.currency != wanted.currency && sql::is_used(&mut tx, caller.org).await? {
        return Err(Code::CurrencyLocked.into());
    }
    if before.balance < -wanted.overdraft_limit {
        return Err(Code::InsufficientBalance.with("balance", before.balance).and("required", -wanted.overdraft_limit));
    }
    sql::set_terms(&mut tx, &wanted, now).await?;
    let target = Target::wallet(caller.org, &caller.slug);
    let event = Event::new(caller.org, Action::WalletUpdated, target).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    let after = sql::find(&mut tx, caller.org).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(after)
}

fn under(wallet: &Wallet, terms: Terms) -> Wallet {
    let mut wallet = wallet.clone();
    if let Some(limit) = terms.overdraft_limit {
        wallet.overdraft_limit = limit;
    }
    if let Some(currency) = terms.currency {
        wallet.currency = currency.into();
    }
    wallet
}

/// The wallet, made with nothing in it if there is none. Asked under the organization's lock.
async fn open(app: &App, tx: &mut Tx, org: OrgId, now: Timestamp) -> Result<Wallet> {
    sql::make(tx, org, app.config.currency.as_str(), now).await?;
    sql::find(tx, org).await?.ok_or(Error::Internal)
}
