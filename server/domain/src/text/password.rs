use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::character::is_meaningless;
use super::{Refusal, longer_than};
use crate::code::Code;

/// A password that may be hashed. It can be neither printed nor sent, so it cannot end up in a log.
///
/// Normalised, because one person's keyboards may write the same letter in different ways.
/// Whether it is easy to guess is judged elsewhere.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    pub const MIN: usize = 12;
    pub const MAX: usize = 128;

    pub fn parse(input: &str) -> Result<Password, Refusal> {
        if input.len() > Password::MAX * BYTES_THAT_MAY_BECOME_ONE_CHARACTER {
            return Err(too_long());
        }
        let password: String = input.nfkc().collect();
        if input.chars().chain(password.chars()).any(|c| c.is_control() || is_meaningless(c)) {
            return Err(Refusal::new(
                Code::PasswordInvalidCharacter,
                "A password may not contain control characters or unassigned ones.",
            ));
        }
        if longer_than(&password, Password::MAX) {
            return Err(too_long());
        }
        if !longer_than(&password, Password::MIN - 1) {
            return Err(Refusal::new(
                Code::PasswordTooShort,
                format!("A password has at least {} characters.", Password::MIN),
            ));
        }
        Ok(Password(password))
    }

    /// The secret itself, for hashing and for judging its strength.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the second field repeats the first.
    pub fn confirm(&self, confirmation: &str) -> Result<(), Refusal> {
        if confirmation.nfkc().eq(self.0.chars()) {
            return Ok(());
        }
        Err(Refusal::new(Code::PasswordConfirmationMismatch, "The two passwords are not the same."))
    }
}

/// Composition makes one character of at most four, and a character has at most four bytes.
const BYTES_THAT_MAY_BECOME_ONE_CHARACTER: usize = 4 * 4;

fn too_long() -> Refusal {
    Refusal::new(Code::PasswordTooLong, format!("A password has at most {} characters.", Password::MAX))
}

schema_of! {
    Password: Shape::text(Password::MIN, Password::MAX).format("password").refused_as(&[
        Code::PasswordTooShort,
        Code::PasswordTooLong,
        Code::PasswordWeak,
        Code::PasswordInvalidCharacter,
    ])
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(input: &str) -> Option<Code> {
        Password::parse(input).err().map(|refusal| refusal.code)
    }

    #[test]
    fn short_passwords_are_refused() {
        for input in ["", "password", "elevenchars", "😀"] {
            assert_eq!(refusal(input), Some(Code::PasswordTooShort), "{input:?}");
        }
        assert_eq!(refusal("twelve chars"), None);
    }

    #[test]
    fn long_passwords_are_refused_at_no_cost() {
        for input in
            ["a".repeat(129), "😀".repeat(1000), "a".repeat(1_000_000), "\0".repeat(1_000_000), "\u{fdfa}".repeat(20)]
        {
            assert_eq!(refusal(&input), Some(Code::PasswordTooLong));
        }
        assert_eq!(refusal(&"a".repeat(128)), None);
        assert_eq!(refusal(&"😀".repeat(128)), None);
        assert_eq!(refusal(&"\u{1f82}".repeat(128).nfd().collect::<String>()), None);
    }

    #[test]
    fn control_characters_and_noncharacters_are_refused_whatever_the_length() {
        for input in [
            "nul \0 inside it",
            "\0",
            "\u{ffff}",
            "long enough \u{ffff}",
            "long\tenough yes",
            "long enough\n",
            "long enough \u{fdd0}",
            "long enough \u{85}",
        ] {
            assert_eq!(refusal(input), Some(Code::PasswordInvalidCharacter), "{input:?}");
        }
    }

    #[test]
    fn whatever_a_person_or_a_manager_makes_up_is_accepted() {
        for input in [
            " fifteen chars ",
            "correct horse battery staple",
            "пароль из многих слов",
            "9$k2!\"§%&/()=?`´",
            &"xY7-".repeat(25),
        ] {
            assert_eq!(
                Password::parse(input).map(|password| password.expose().chars().count()),
                Ok(input.nfkc().count()),
                "{input}"
            );
        }
    }

    #[test]
    fn two_spellings_of_one_password_are_the_same() {
        let exposed = |input| Password::parse(input).map(|password| password.expose().to_owned());
        assert_eq!(exposed("cafe\u{301} au lait!"), exposed("café au lait!"));
        let password = Password::parse("café au lait!").expect("a password");
        assert_eq!(password.confirm("cafe\u{301} au lait!"), Ok(()));
        for other in ["", "Café au lait!", "café au lait! ", "café au lait"] {
            assert_eq!(
                password.confirm(other).err().map(|refusal| refusal.code),
                Some(Code::PasswordConfirmationMismatch),
                "{other:?}"
            );
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::parse("correct horse battery").expect("a password");
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
