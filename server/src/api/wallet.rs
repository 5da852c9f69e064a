//! Wallets and their ledgers.

use super::csv;
use super::endpoints::{Endpoints, needs, platform};
use super::extract::{NoQuery, Path, Platform, Query};
use super::problem::ApiResult;
use crate::App;
use crate::auth::Caller;
use crate::service::wallet;
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::page::Format;
use domain::policy::Permission;
use domain::wallet::{NewCharge, NewCredit, NewReversal, Receipt, Transaction, TransactionsQuery, Wallet, WalletPatch};

pub(super) fn endpoints() -> Endpoints {
    Endpoints::of("Wallet")
        .get(
            "/{org}/wallet",
            show,
            needs(Permission::WalletRead, "get_wallet", "The wallet of an organization").answers::<Wallet>(),
        )
        .get(
            "/{org}/wallet/transactions",
            transactions,
            needs(Permission::WalletRead, "list_transactions", "The ledger of an organization")
                .lists::<TransactionsQuery, Transaction>()
                .sends(&["text/csv"]),
        )
}

pub(super) fn of_platform() -> Endpoints {
    let moves = &[Code::PossibleDuplicate, Code::OrganizationNotChargeable, Code::BalanceLimit];
    Endpoints::of("Platform")
        .post(
            "/organizations/{org}/charge",
            charge,
            platform(Permission::AdminWrite, "charge_wallet", "Take money from a wallet for a service")
                .takes::<NewCharge>()
                .answers::<Receipt>()
                .refuses(moves)
                .refuses(&[Code::InsufficientBalance, Code::ServiceUnknown]),
        )
        .post(
            "/organizations/{org}/credit",
            credit,
            platform(Permission::AdminWrite, "credit_wallet", "Put money into a wallet")
                .takes::<NewCredit>()
                .answers::<Receipt>()
                .refuses(moves),
        )
        .post(
            "/organizations/{org}/wallet/transactions/{transaction}/reverse",
            reverse,
            platform(Permission::AdminWrite, "reverse_transaction", "Take a transaction back")
                .takes::<NewReversal>()
                .answers::<Receipt>()
                .refuses(moves)
                .refuses(&[Code::TransactionNotFound, Code::AlreadyReversed, Code::NotReversible]),
        )
        .patch(
            "/organizations/{org}/wallet",
            update,
            platform(Permission::AdminWrite, "update_wallet", "Change the terms of a wallet")
                .patches_with::<WalletPatch>()
                .answers::<Wallet>()
                .refuses(&[Code::CurrencyLocked]),
        )
}

pub(super) async fn show(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<Json<Wallet>> {
    Ok(Json(wallet::get(&app, &caller).await?))
}

pub(super) async fn transactions(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<TransactionsQuery>,
) -> ApiResult<Response> {
    Ok(match query.format.unwrap_or(Format::Json) {
        Format::Json => Json(wallet::list(&app, &caller, &query).await?).into_response(),
        Format::Csv => {
            let page = wallet::export(&app, &caller, &query).await?;
            csv::list("wallet-transactions", Transaction::COLUMNS, page, Transaction::cells)?
        }
    })
}

pub(super) async fn charge(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    new: Submitted<NewCharge>,
) -> ApiResult<Json<Receipt>> {
    Ok(Json(wallet::charge(&app, &caller, new).await?))
}

pub(super) async fn credit(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    new: Submitted<NewCredit>,
) -> ApiResult<Json<Receipt>> {
    Ok(Json(wallet::credit(&app, &caller, new).await?))
}

pub(super) async fn reverse(
    State(app): State<App>,
    Platform(caller): Platform,
    path: Path,
    _: NoQuery,
    new: Submitted<NewReversal>,
) -> ApiResult<Json<Receipt>> {
    Ok(Json(wallet::reverse(&app, &caller, path.get("transaction"), new).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    Platform(caller): Platform,
    _: NoQuery,
    patch: Submitted<WalletPatch>,
) -> ApiResult<Json<Wallet>> {
    Ok(Json(wallet::update(&app, &caller, patch).await?))
}
