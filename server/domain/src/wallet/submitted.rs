//! What is submitted to move money, and how it is found right.

use super::{AMOUNT_MAX, BALANCE_MAX, Deed, Entry, POINTS_MAX, Service};
use crate::code::Code;
use crate::error::{Checked, Error, Result, Violation};
use crate::patch::not_null;
use crate::text::{Currency, Prose};
use serde::{Deserialize, Serialize};

const REASON_MAX: usize = 500;
pub(crate) const REFERENCE_MAX: usize = 128;

/// A charge as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCharge {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::Amount))]
    pub amount: i64,
    #[cfg_attr(feature = "schema", schema(value_type = Service))]
    pub service: String,
    /// The points that are bought with it: needed for text messages, for nothing else.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Points>))]
    pub sms_point: Option<i64>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reason>))]
    pub reason: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reference>))]
    pub reference: Option<String>,
    /// Whether the balance may go below zero, down to the wallet's limit.
    #[serde(default)]
    pub allow_overdraft: bool,
}

impl NewCharge {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<Entry> {
        let mut checked = Checked::default();
        require_amount(&mut checked, self.amount);
        let service = Service::find(&self.service);
        if service.is_none() {
            checked.note(Violation::field("service", Code::ServiceUnknown, "There is no such service."));
        }
        let sms_point = points(&mut checked, self.sms_point);
        match (service, sms_point) {
            (Some(Service::Sms), None) => {
                let rule = "Say how many points are bought.";
                checked.note(Violation::field("sms_point", Code::SmsPointRequired, rule));
            }
            (Some(service), Some(_)) if service != Service::Sms => {
                let rule = "Points are only bought with text messages.";
                checked.note(Violation::field("sms_point", Code::SmsPointNotApplicable, rule));
            }
            _ => {}
        }
        let reason = optional_text(&mut checked, "reason", self.reason.as_deref(), REASON_MAX);
        let reference = optional_text(&mut checked, "reference", self.reference.as_deref(), REFERENCE_MAX);
        checked.finish()?;
        let deed = Deed::Charge { allow_overdraft: self.allow_overdraft };
        Ok(Entry { deed, amount: self.amount, service, sms_point, reason, reference })
    }
}

/// A credit as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCredit {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::Amount))]
    pub amount: i64,
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::NeededReason))]
    pub reason: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Reference>))]
    pub reference: Option<String>,
    /// Points that come with it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::Points>))]
    pub sms_point: Option<i64>,
}

impl NewCredit {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<Entry> {
        let mut checked = Checked::default();
        require_amount(&mut checked, self.amount);
        let sms_point = points(&mut checked, self.sms_point);
        let reason = required_reason(&mut checked, &self.reason);
        let reference = optional_text(&mut checked, "reference", self.reference.as_deref(), REFERENCE_MAX);
        checked.finish()?;
        Ok(Entry { deed: Deed::Credit, amount: self.amount, service: None, sms_point, reason, reference })
    }
}

/// A reversal as it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReversal {
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::NeededReason))]
    pub reason: String,
}

impl NewReversal {
    /// Why it is reversed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the reason breaks a rule.
    pub fn parse(self) -> Result<String> {
        let mut checked = Checked::default();
        let reason = required_reason(&mut checked, &self.reason);
        checked.finish()?;
        reason.ok_or(Error::Internal)
    }
}

/// Other terms of a wallet, as they are submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WalletPatch {
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::OverdraftLimit))]
    pub overdraft_limit: Option<i64>,
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Currency))]
    pub currency: Option<String>,
}

/// The terms that are to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub overdraft_limit: Option<i64>,
    pub currency: Option<Currency>,
}

impl WalletPatch {
    /// # Errors
    /// [`Error::Invalid`] with every field that breaks a rule.
    pub fn parse(self) -> Result<Terms> {
        let mut checked = Checked::default();
        if self.overdraft_limit.is_some_and(|limit| !(0..=BALANCE_MAX).contains(&limit)) {
            let rule = "The limit is a whole number from 0 to 1,000,000,000,000,000.";
            checked.note(Violation::field("overdraft_limit", Code::AmountOutOfRange, rule));
        }
        let currency = checked.optional("currency", self.currency.as_deref(), Currency::parse);
        checked.finish()?;
        Ok(Terms { overdraft_limit: self.overdraft_limit, currency })
    }
}

fn require_amount(checked: &mut Checked, amount: i64) {
    if !(1..=AMOUNT_MAX).contains(&amount) {
        let rule = "The amount is a whole number from 1 to 1,000,000,000.";
        checked.note(Violation::field("amount", Code::AmountOutOfRange, rule));
    }
}

/// Zero points are none.
fn points(checked: &mut Checked, points: Option<i64>) -> Option<i64> {
    let points = points.filter(|points| *points != 0);
    if points.is_some_and(|points| !(1..=POINTS_MAX).contains(&points)) {
        let rule = "Points are a whole number from 1 to 10,000,000.";
        checked.note(Violation::field("sms_point", Code::AmountOutOfRange, rule));
    }
    points
}

/// An empty text is none.
fn optional_text(checked: &mut Checked, field: &str, text: Option<&str>, max: usize) -> Option<String> {
    let prose = checked.optional(field, text, |text| Prose::parse(text, max));
    prose.filter(|prose| !prose.is_empty()).map(String::from)
}

fn required_reason(checked: &mut Checked, text: &str) -> Option<String> {
    let reason = checked.field("reason", Prose::parse(text, REASON_MAX));
    if reason.as_ref().is_some_and(Prose::is_empty) {
        checked.note(Violation::field("reason", Code::MissingField, "Say why."));
    }
    reason.map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(refused: Result<Entry>) -> Vec<Code> {
        refused.expect_err("refused").violations().iter().map(|violation| violation.code).collect()
    }

    fn charge(service: &str, sms_point: Option<i64>) -> NewCharge {
        NewCharge { amount: 1, service: service.to_owned(), sms_point, ..NewCharge::default() }
    }

    #[test]
    fn points_go_with_text_messages_alone() {
        assert!(charge("sms", Some(1)).parse().is_ok());
        assert!(charge("storage", None).parse().is_ok_and(|entry| entry.sms_point.is_none()));
        assert!(charge("storage", Some(0)).parse().is_ok_and(|entry| entry.sms_point.is_none()));
        assert_eq!(codes(charge("sms", None).parse()), [Code::SmsPointRequired]);
        assert_eq!(codes(charge("sms", Some(0)).parse()), [Code::SmsPointRequired]);
        assert_eq!(codes(charge("sms", Some(-1)).parse()), [Code::AmountOutOfRange]);
        assert_eq!(codes(charge("sms", Some(POINTS_MAX + 1)).parse()), [Code::AmountOutOfRange]);
        assert_eq!(codes(charge("email", Some(5)).parse()), [Code::SmsPointNotApplicable]);
        assert_eq!(codes(charge("SMS", None).parse()), [Code::ServiceUnknown]);
    }

    #[test]
    fn an_amount_is_never_zero_or_less() {
        for amount in [0, -1, i64::MIN, AMOUNT_MAX + 1, i64::MAX] {
            let charge = NewCharge { amount, ..charge("other", None) };
            assert_eq!(codes(charge.parse()), [Code::AmountOutOfRange], "{amount}");
        }
    }

    #[test]
    fn a_credit_says_why() {
        let credit = NewCredit { amount: 0, reason: " ".to_owned(), ..NewCredit::default() };
        assert_eq!(codes(credit.parse()), [Code::AmountOutOfRange, Code::MissingField]);
    }
}
