//! What is to be written into a ledger, and what a wallet says to it.

use super::{BALANCE_MAX, Kind, Service, Transaction, Wallet};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::ids::TransactionId;

/// An entry that a wallet has still to take. The amount and the points are above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub deed: Deed,
    pub amount: i64,
    pub service: Option<Service>,
    pub sms_point: Option<i64>,
    pub reason: Option<String>,
    pub reference: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Charge {
        allow_overdraft: bool,
    },
    Credit,
    Reversal {
        of: TransactionId,
        /// What the balance was changed by.
        signed_amount: i64,
    },
}

/// By how much balance and points change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    pub balance: i64,
    pub sms_points: i64,
}

impl Entry {
    /// Takes back what a transaction has done, as a whole.
    ///
    /// # Errors
    /// `not_reversible` for a reversal, `already_reversed` with `transaction_id`.
    pub fn reversal(of: Transaction, reason: String) -> Result<Self> {
        if of.kind == Kind::Reversal {
            return Err(Code::NotReversible.into());
        }
        if let Some(reversed_by) = of.reversed_by {
            return Err(Code::AlreadyReversed.with("transaction_id", reversed_by.to_string()));
        }
        Ok(Self {
            deed: Deed::Reversal { of: of.id, signed_amount: of.signed_amount },
            amount: of.amount,
            service: of.service,
            sms_point: of.sms_point,
            reason: Some(reason),
            reference: of.reference,
        })
    }

    /// Which way money and points go. Nothing else in the program gives an amount its sign.
    pub fn movement(&self) -> Movement {
        let points = self.sms_point.unwrap_or(0);
        match self.deed {
            Deed::Charge { .. } => Movement { balance: -self.amount, sms_points: points },
            Deed::Credit => Movement { balance: self.amount, sms_points: points },
            Deed::Reversal { signed_amount, .. } => Movement { balance: -signed_amount, sms_points: -points },
        }
    }

    pub fn kind(&self) -> Kind {
        match self.deed {
            Deed::Charge { .. } => Kind::Charge,
            Deed::Credit => Kind::Credit,
            Deed::Reversal { .. } => Kind::Reversal,
        }
    }

    pub fn reverses(&self) -> Option<TransactionId> {
        match self.deed {
            Deed::Reversal { of, .. } => Some(of),
            Deed::Charge { .. } | Deed::Credit => None,
        }
    }

    /// How low the balance may be afterwards. What raises it is never too little.
    pub fn floor(&self, wallet: &Wallet) -> i64 {
        match self.deed {
            Deed::Charge { allow_overdraft: true } => -wallet.overdraft_limit,
            _ if self.movement().balance > 0 => -BALANCE_MAX,
            _ => 0,
        }
    }

    /// Why a wallet does not take this, once it has been found that it would hold too little or too much.
    pub fn refused_by(&self, wallet: &Wallet) -> Error {
        let after = wallet.balance + self.movement().balance;
        let most = "A wallet holds at most 1,000,000,000,000,000.";
        match self.deed {
            Deed::Reversal { .. } => {
                Code::NotReversible.with("balance", wallet.balance).and("sms_points", wallet.sms_points)
            }
            Deed::Charge { .. } if after < self.floor(wallet) => {
                Code::InsufficientBalance.with("balance", wallet.balance).and("required", self.amount)
            }
            _ if after > BALANCE_MAX => Error::field("amount", Code::BalanceLimit, most),
            _ => Error::field("sms_point", Code::BalanceLimit, most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrgId;
    use crate::time::Timestamp;
    use uuid::Uuid;

    fn entry(deed: Deed) -> Entry {
        let (reason, reference) = (None, None);
        Entry { deed, amount: 300, service: Some(Service::Sms), sms_point: Some(20), reason, reference }
    }

    fn wallet(balance: i64, overdraft_limit: i64) -> Wallet {
        Wallet {
            organization_id: OrgId(Uuid::nil()),
            balance,
            currency: "USD".to_owned(),
            sms_points: 0,
            overdraft_limit,
            updated_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    const CHARGE: Deed = Deed::Charge { allow_overdraft: false };
    const OVERDRAFT: Deed = Deed::Charge { allow_overdraft: true };

    #[test]
    fn a_charge_takes_money_and_grants_points() {
        assert_eq!(entry(CHARGE).movement(), Movement { balance: -300, sms_points: 20 });
        assert_eq!(entry(Deed::Credit).movement(), Movement { balance: 300, sms_points: 20 });
    }

    #[test]
    fn a_reversal_takes_back_both() {
        let of = TransactionId(Uuid::nil());
        for deed in [CHARGE, Deed::Credit] {
            let moved = entry(deed).movement();
            let back = entry(Deed::Reversal { of, signed_amount: moved.balance }).movement();
            assert_eq!((moved.balance + back.balance, moved.sms_points + back.sms_points), (0, 0));
        }
    }

    #[test]
    fn only_a_charge_that_says_so_goes_below_zero() {
        let wallet = wallet(0, 500);
        assert_eq!(entry(CHARGE).floor(&wallet), 0);
        assert_eq!(entry(OVERDRAFT).floor(&wallet), -500);
        assert!(entry(Deed::Credit).floor(&wallet) < -500);
    }

    #[test]
    fn a_refusal_says_what_is_missing() {
        let refused = entry(CHARGE).refused_by(&wallet(299, 0));
        assert_eq!(refused.code(), Code::InsufficientBalance);
        assert_eq!((refused.member("balance"), refused.member("required")), (Some(&299.into()), Some(&300.into())));
        let full = entry(Deed::Credit).refused_by(&wallet(BALANCE_MAX, 0));
        assert_eq!(full.violations()[0].code, Code::BalanceLimit);
    }
}
