mod table;

use super::Refusal;
use crate::code::Code;

pub use table::COUNTRIES;

/// A country that ISO 3166-1 lists. Its two letters are what is stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Country {
    pub alpha2: &'static str,
    pub alpha3: &'static str,
    pub name: &'static str,
}

impl Country {
    /// Takes the codes of two and of three letters. Two letters that ISO has not given out have an
    /// error of their own, because reserved ones such as `EU` look right to many; three letters
    /// that it has not given out are no code at all.
    pub fn parse(input: &str) -> Result<&'static Country, Refusal> {
        let letters = input.bytes().all(|b| b.is_ascii_alphabetic());
        let upper = if letters && input.len() <= 3 { input.to_ascii_uppercase() } else { String::new() };
        match (upper.len(), Country::find(&upper)) {
            (_, Some(country)) => Ok(country),
            (2, None) => Err(Refusal::new(Code::CountryCodeUnassigned, "No country has this code in ISO 3166-1.")),
            _ => Err(Refusal::new(
                Code::CountryCodeInvalid,
                "A country code has two or three letters, such as DE or DEU.",
            )),
        }
    }

    /// The country of a code in capitals.
    pub fn find(code: &str) -> Option<&'static Country> {
        match code.len() {
            2 => COUNTRIES.binary_search_by(|country| country.alpha2.cmp(code)).ok().map(|at| &COUNTRIES[at]),
            3 => COUNTRIES.iter().find(|country| country.alpha3 == code),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(input: &str) -> Result<&'static str, Code> {
        Country::parse(input).map(|country| country.alpha2).map_err(|refusal| refusal.code)
    }

    #[track_caller]
    fn all_refused(inputs: &[&str], code: Code) {
        for input in inputs {
            assert_eq!(parse(input), Err(code), "{input:?}");
        }
    }

    #[test]
    fn what_is_not_two_or_three_letters_is_refused() {
        let ascii = [
            "", "U", "US ", "US\n", "840", "00", "-1", "1U", "U.", "US_CA", "en_US", "U\0", "US;", "<US>", "&#85;S",
            "*", "??", " US", "USAA", "U S", "+1",
        ];
        all_refused(&ascii, Code::CountryCodeInvalid);
        let others = ["Германия", "UЅ", "U\u{200b}S", "🇺🇸", "ÜS", "ſU", "ＵＳ"];
        all_refused(&others, Code::CountryCodeInvalid);
        all_refused(&[&"U".repeat(1000)], Code::CountryCodeInvalid);
    }

    #[test]
    fn three_letters_that_iso_has_not_given_out_are_no_code() {
        all_refused(&["NaN", "ZZZ", "XXX", "EUR"], Code::CountryCodeInvalid);
    }

    #[test]
    fn two_letters_that_iso_has_not_given_out_are_unassigned() {
        let inputs = "AA XX QM OO EU AN SU TP DD BU XK TA EA CP UN UK ZZ yu";
        for input in inputs.split(' ') {
            assert_eq!(parse(input), Err(Code::CountryCodeUnassigned), "{input}");
        }
    }

    #[test]
    fn both_lengths_in_any_case_give_the_short_code() {
        for input in ["DE", "de", "De", "DEU", "deu", "dEu"] {
            assert_eq!(parse(input), Ok("DE"), "{input}");
        }
        for country in COUNTRIES {
            assert_eq!(parse(country.alpha2), Ok(country.alpha2));
            assert_eq!(parse(country.alpha3), Ok(country.alpha2));
        }
    }

    #[test]
    fn the_table_is_whole_sorted_and_without_doubles() {
        assert_eq!(COUNTRIES.len(), 249);
        assert!(COUNTRIES.is_sorted_by(|one, next| one.alpha2 < next.alpha2));
        let mut long: Vec<_> = COUNTRIES.iter().map(|country| country.alpha3).collect();
        long.sort_unstable();
        long.dedup();
        assert_eq!(long.len(), 249);
    }

    #[test]
    fn a_stored_code_leads_to_its_country() {
        assert_eq!(Country::find("DE").map(|country| country.name), Some("Germany"));
        assert_eq!(Country::find("XX"), None);
    }
}
