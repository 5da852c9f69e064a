//! The rows of wallets and of their ledgers.

use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::audit::Actor;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, TransactionId, UserId};
use domain::page::DEEPEST;
use domain::time::Timestamp;
use domain::wallet::{BALANCE_MAX, Entry, Kind, Movement, Service, Transaction, Wallet};

pub(super) async fn find(tx: &mut Tx, org: OrgId) -> Result<Option<Wallet>> {
    tx.sql(
        "select organization_id, balance, currency, sms_points, overdraft_limit, updated_at, version
         from wallets where organization_id = $1",
    )
    .bind(org)
    .optional()
    .await
}

/// Makes an empty wallet where there is none.
pub(super) async fn make(tx: &mut Tx, org: OrgId, currency: &str, now: Timestamp) -> Result<()> {
    tx.sql(
        "insert into wallets (organization_id, currency, updated_at) values ($1, $2, $3)
         on conflict (organization_id) do nothing",
    )
    .bind(org)
    .bind(currency.to_owned())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn is_used(tx: &mut Tx, org: OrgId) -> Result<bool> {
    let (number,): (i64,) =
        tx.sql("select last_number from wallets where organization_id = $1").bind(org).one().await?;
    Ok(number > 0)
}

pub(super) async fn set_terms(tx: &mut Tx, wallet: &Wallet, now: Timestamp) -> Result<()> {
    tx.sql(
        "update wallets set overdraft_limit = $2, currency = $3, updated_at = $4, version = version + 1
         where organization_id = $1",
    )
    .bind(wallet.organization_id)
    .bind(wallet.overdraft_limit)
    .bind(wallet.currency.clone())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Moves the money and takes the next number, if the wallet then holds neither too little nor too much.
pub(super) async fn apply(tx: &mut Tx, org: OrgId, movement: Movement, floor: i64, now: Timestamp) -> Result<bool> {
    let changed = tx
        .sql(
            "update wallets set balance = balance + $2, sms_points = sms_points + $3, last_number = last_number + 1,
                    updated_at = $6, version = version + 1
             where organization_id = $1 and balance + $2 >= $4 and balance + $2 <= $5
               and sms_points + $3 >= 0 and sms_points + $3 <= $5",
        )
        .bind(org)
        .bind(movement.balance)
        .bind(movement.sms_points)
        .bind(floor)
        .bind(BALANCE_MAX)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Number and balance are those of the wallet as it is now.
pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    id: TransactionId,
    entry: &Entry,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "insert into wallet_transactions (id, organization_id, number, kind, amount, signed_amount, balance_after,
                service, sms_point, sms_points_after, reason, reference, actor_kind, actor_id, actor_name, token_id,
                reverses, created_at)
         select $2, organization_id, last_number, $3, $4, $5, balance, $6, $7, sms_points, $8, $9, $10, $11, $12, $13,
                $14, $15
         from wallets where organization_id = $1",
    )
    .bind(org)
    .bind(id)
    .bind(entry.kind())
    .bind(entry.amount)
    .bind(entry.movement().balance)
    .bind(entry.service)
    .bind(entry.sms_point)
    .bind(entry.reason.clone())
    .bind(entry.reference.clone())
    .bind(actor.kind)
    .bind(actor.id)
    .bind(actor.name.clone())
    .bind(actor.token_id)
    .bind(entry.reverses())
    .bind(now)
    .execute_or(|| Error::from(Code::AlreadyReversed))
    .await
    .map(drop)
}

/// A transaction since then that the same actor has made and that says the same.
pub(super) async fn find_alike(
    tx: &mut Tx,
    org: OrgId,
    entry: &Entry,
    actor: Option<UserId>,
    since: Timestamp,
) -> Result<Option<TransactionId>> {
    let row: Option<(TransactionId,)> = tx
        .sql(
            "select id from wallet_transactions
             where organization_id = $1 and created_at > $2 and actor_id = $3 and kind = $4 and amount = $5
               and coalesce(service, '') = $6 and coalesce(sms_point, 0) = $7 and coalesce(reason, '') = $8
               and reverses is null
             order by created_at desc, id desc limit 1",
        )
        .bind(org)
        .bind(since)
        .bind(actor)
        .bind(entry.kind())
        .bind(entry.amount)
        .bind(entry.service.map(Service::key).unwrap_or_default().to_owned())
        .bind(entry.sms_point.unwrap_or(0))
        .bind(entry.reason.clone().unwrap_or_default())
        .optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

macro_rules! transaction {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select t.id, t.number, t.kind, t.amount, t.signed_amount, t.balance_after, t.service, t.sms_point,
                    t.sms_points_after, t.reason, t.reference, t.actor_kind, t.actor_id, t.actor_name, t.token_id,
                    t.reverses, r.id as reversed_by, t.created_at
             from wallet_transactions t left join wallet_transactions r on r.reverses = t.id ",
            $($rest),+
        )
    };
}

pub(super) async fn find_transaction(tx: &mut Tx, org: OrgId, id: TransactionId) -> Result<Option<Transaction>> {
    tx.sql(transaction!("where t.organization_id = $1 and t.id = $2")).bind(org).bind(id).optional().await
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) kind: Option<Kind>,
    pub(super) service: Option<Service>,
}

/// `$1` to `$5` are the filters. One of them may be named again, so that its index is taken.
macro_rules! matching {
    ($indexed:literal) => {
        concat!(
            "where t.organization_id = $1 and ($4 is null or t.kind = $4) and ($5 is null or t.service = $5)",
            $indexed
        )
    };
}

/// The edge of the period at which the reading begins is bare of the index by its `+`: beside the place where the reading
/// goes on it would only mislead the choice of one.
macro_rules! falling {
    ($indexed:literal) => {
        transaction!(
            matching!($indexed),
            " and t.created_at >= $2 and +t.created_at < $3 and (t.created_at, t.id) < ($6, $7)
             order by t.created_at desc, t.id desc limit $8 offset $9"
        )
    };
}

macro_rules! rising {
    ($indexed:literal) => {
        transaction!(
            matching!($indexed),
            " and +t.created_at >= $2 and t.created_at < $3 and (t.created_at, t.id) > ($6, $7)
             order by t.created_at asc, t.id asc limit $8 offset $9"
        )
    };
}

macro_rules! counted {
    ($indexed:literal) => {
        concat!(
            "select count(*) from (select 1 from wallet_transactions t ",
            matching!($indexed),
            " and t.created_at >= $2 and +t.created_at < $3 limit $6) counted"
        )
    };
}

/// One text for each index.
macro_rules! by_index {
    ($filters:ident, $text:ident) => {
        match ($filters.kind, $filters.service) {
            (_, Some(_)) => $text!(" and t.service = $5"),
            (Some(_), None) => $text!(" and t.kind = $4"),
            (None, None) => $text!(""),
        }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Transaction>> {
    let text = if walk.falling { by_index!(filters, falling) } else { by_index!(filters, rising) };
    let statement = filter(tx, text, filters).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = by_index!(filters, counted);
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text).bind(filters.org).bind(filters.from).bind(filters.to).bind(filters.kind).bind(filters.service)
}
