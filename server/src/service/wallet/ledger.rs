//! Writing into a ledger.

use super::{keys, open, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::new_id;
use crate::service::audit::{self, Event, Origin, Target};
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::TransactionId;
use domain::time::Timestamp;
use domain::wallet::{Deed, Entry, Receipt};
use std::time::Duration;

/// The same again within this time is taken for a mistake.
const AGAIN: Duration = Duration::from_secs(60);

/// Moves the money and writes it down, in the caller's transaction and under the organization's lock.
pub(super) async fn book(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    entry: &Entry,
    key: Option<&keys::Key>,
) -> Result<Receipt> {
    let now = app.now();
    let before = open(app, tx, caller.org, now).await?;
    if key.is_none() {
        refuse_duplicate(tx, caller, entry, now).await?;
    }
    // The statement itself decides whether the wallet takes it: no balance that was read before counts.
    if !sql::apply(tx, caller.org, entry.movement(), entry.floor(&before), now).await? {
        return Err(entry.refused_by(&before));
    }
    let origin = Origin::from(caller);
    let id = TransactionId(new_id());
    sql::insert(tx, caller.org, id, entry, &origin.actor, now).await?;
    if let Some(key) = key {
        keys::remember(tx, key, id, now).await?;
    }
    let wallet = sql::find(tx, caller.org).await?.ok_or(Error::Internal)?;
    let transaction = sql::find_transaction(tx, caller.org, id).await?.ok_or(Error::Internal)?;
    let changes = Changes::default().of("balance", before.balance, wallet.balance).of(
        "sms_points",
        before.sms_points,
        wallet.sms_points,
    );
    let target = Target::wallet_transaction(id, transaction.number);
    audit::record(tx, &origin, Event::new(caller.org, action(entry), target).with(changes), now).await?;
    Ok(Receipt { transaction, wallet })
}

/// Without a key nobody can tell a second wish from a second try.
async fn refuse_duplicate(tx: &mut Tx, caller: &Caller, entry: &Entry, now: Timestamp) -> Result<()> {
    match sql::find_alike(tx, caller.org, entry, caller.actor().id, now.minus(AGAIN)).await? {
        Some(id) => Err(Code::PossibleDuplicate.with("transaction_id", id.to_string())),
        None => Ok(()),
    }
}

fn action(entry: &Entry) -> Action {
    match entry.deed {
        Deed::Charge { .. } => Action::WalletCharged,
        Deed::Credit => Action::WalletCredited,
        Deed::Reversal { .. } => Action::WalletReversed,
    }
}
