use super::{Refusal, text_type};
use crate::code::Code;

text_type! {
    /// A currency by its code of ISO 4217, such as `USD`.
    Currency
}

schema_of!(Currency: Shape::text(3, 3).pattern("^[A-Z]{3}$").example("USD").refused_as(&[Code::CurrencyInvalid]));

impl Currency {
    pub fn parse(input: &str) -> Result<Currency, Refusal> {
        if input.len() == 3 && input.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Currency(input.to_owned()))
        } else {
            Err(Refusal::new(Code::CurrencyInvalid, "A currency is three capital letters, such as USD."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert!(Currency::parse("EUR").is_ok());
        for bad in ["", "EU", "EURO", "eur", "E1R", "ÄÖÜ", " EUR", "EU\0"] {
            assert_eq!(Currency::parse(bad).map_err(|refusal| refusal.code), Err(Code::CurrencyInvalid), "{bad:?}");
        }
    }
}
