//! Text that people type, once it has been judged. Each type is made by its `parse` and by nothing
//! else, so whoever holds one need not ask again. They do not deserialise for the same reason.

mod character;
mod color;
mod country;
mod currency;
mod email;
mod host;
mod locale;
mod name;
mod password;
mod phone;
mod prose;
mod redirect;
mod slug;
mod url;
mod username;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::code::Code;
use crate::error::Violation;

pub use color::Color;
pub use country::{COUNTRIES, Country};
pub use currency::Currency;
pub use email::Email;
pub use locale::Locale;
pub use name::Name;
pub use password::Password;
pub use phone::Phone;
pub use prose::Prose;
pub use redirect::local_path;
pub use slug::{RESERVED, Slug};
pub use url::{Schemes, WebUrl};
pub use username::Username;

/// A broken rule, before anybody has said which field broke it.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub code: Code,
    pub message: String,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The same refusal, tied to the field in which it happened.
    pub fn of_field(self, name: &str) -> Violation {
        Violation::field(name, self.code, self.message)
    }
}

/// How text is compared and searched: `Ａcme`, `ACME` and `acme` are one, as are `ß` and `ss`.
///
/// Through upper case and back brings together letters that share only their capital, such as the
/// two small sigmas; lower case before it does so for the capital `ẞ`, which has no upper case.
pub fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .filter(|c| !character::is_invisible(*c))
        .nfkc()
        .collect()
}

/// Whether there are more than `max` code points, without counting all of a huge text.
fn longer_than(text: &str, max: usize) -> bool {
    text.chars().nth(max).is_some()
}

/// Declares a text type: one private string, readable everywhere, made only by `parse`.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        #[cfg_attr(feature = "rows", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
    };
}
use text_type;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_together() {
        for (one, other) in [
            ("Finance", "FINANCE"),
            ("ﬁnance", "finance"),
            ("Ａｃｍｅ", "acme"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("οδοσ", "οδος"),
            ("Cafe\u{301}", "CAFÉ"),
            ("❤\u{fe0f} Club", "❤ club"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
        assert_ne!(fold("acme"), fold("acmé"));
    }

    #[test]
    fn folding_any_letter_twice_changes_nothing_more() {
        for c in '\0'..='\u{1ffff}' {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_refusal_becomes_a_violation_of_its_field() {
        let refusal = Email::parse("plain").expect_err("no address");
        let sentence = refusal.message.clone();
        assert_eq!(refusal.of_field("email"), Violation::field("email", Code::EmailInvalid, sentence));
    }

    #[test]
    fn a_text_is_longer_than_the_limit_only_past_it() {
        assert!(!longer_than("", 0));
        assert!(!longer_than("äöü", 3));
        assert!(longer_than("äöüß", 3));
    }
}
