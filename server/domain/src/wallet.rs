//! The wallet of an organization and its ledger. Amounts are whole minor units of the wallet's currency.

mod entry;
mod submitted;

pub use entry::{Deed, Entry, Movement};
#[cfg(feature = "schema")]
pub(crate) use submitted::REFERENCE_MAX;
pub use submitted::{NewCharge, NewCredit, NewReversal, Terms, WalletPatch};

use crate::audit::Actor;
use crate::ids::{OrgId, TransactionId};
use crate::page::Format;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The most that one transaction moves.
pub const AMOUNT_MAX: i64 = 1_000_000_000;
/// The most points that one transaction brings.
pub const POINTS_MAX: i64 = 10_000_000;
/// The most that a wallet ever holds, of money or of points.
pub const BALANCE_MAX: i64 = 1_000_000_000_000_000;

choices! {
    Kind as TransactionKind {
        Charge "charge" "Charge",
        Credit "credit" "Credit",
        Reversal "reversal" "Reversal",
    }
}

choices! {
    /// What a charge is for.
    Service as ChargedService {
        Sms "sms" "Text messages",
        Email "email" "E-mail",
        Storage "storage" "Storage",
        Seats "seats" "Seats",
        Subscription "subscription" "Subscription",
        Other "other" "Other",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Wallet {
    pub organization_id: OrgId,
    pub balance: i64,
    pub currency: String,
    pub sms_points: i64,
    /// How far below zero a charge may go that says so.
    pub overdraft_limit: i64,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// One entry of a ledger. It never changes: what was wrong is taken back by a reversal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Transaction {
    pub id: TransactionId,
    /// 1, 2, 3 and so on in each wallet, without a gap.
    pub number: i64,
    pub kind: Kind,
    pub amount: i64,
    pub signed_amount: i64,
    pub balance_after: i64,
    pub service: Option<Service>,
    pub sms_point: Option<i64>,
    pub sms_points_after: i64,
    pub reason: Option<String>,
    pub reference: Option<String>,
    #[cfg_attr(feature = "rows", sqlx(flatten))]
    pub actor: Actor,
    pub reverses: Option<TransactionId>,
    pub reversed_by: Option<TransactionId>,
    pub created_at: Timestamp,
}

impl Transaction {
    pub const COLUMNS: &[&str] = &[
        "number",
        "id",
        "created_at",
        "kind",
        "signed_amount",
        "balance_after",
        "service",
        "sms_point",
        "sms_points_after",
        "reason",
        "reference",
        "actor",
        "reverses",
        "reversed_by",
    ];

    /// As cells of text, in the order of [`Self::COLUMNS`].
    pub fn cells(self) -> Vec<String> {
        let id = |id: Option<TransactionId>| id.map(|id| id.to_string()).unwrap_or_default();
        vec![
            self.number.to_string(),
            self.id.to_string(),
            self.created_at.to_string(),
            self.kind.key().to_owned(),
            self.signed_amount.to_string(),
            self.balance_after.to_string(),
            self.service.map(Service::key).unwrap_or_default().to_owned(),
            self.sms_point.map(|points| points.to_string()).unwrap_or_default(),
            self.sms_points_after.to_string(),
            self.reason.unwrap_or_default(),
            self.reference.unwrap_or_default(),
            self.actor.name,
            id(self.reverses),
            id(self.reversed_by),
        ]
    }
}

/// What was written into the ledger, and the wallet after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub transaction: Transaction,
    pub wallet: Wallet,
}

list_query! {
    /// What `GET …/wallet/transactions` takes.
    TransactionsQuery by ["created_at"] {
        kind: String => Kind,
        service: String => Service,
        /// From this moment on.
        from: String => Timestamp,
        /// Before this moment.
        to: String => Timestamp,
        format: Format => Format,
    }
}
