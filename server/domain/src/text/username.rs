use uuid::Uuid;

use super::{Refusal, text_type};
use crate::code::Code;

text_type! {
    /// The short name by which a person is addressed.
    Username
}

const MIN: usize = 2;
const MAX: usize = 32;

schema_of!(Username: Shape::text(MIN, MAX).pattern("^[a-z0-9_]*$").example("ada").refused_as(&[Code::UsernameInvalid]));

impl Username {
    pub fn parse(input: &str) -> Result<Username, Refusal> {
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !(MIN..=MAX).contains(&input.len()) || !input.bytes().all(known) {
            return Err(Refusal::new(
                Code::UsernameInvalid,
                "A user name has 2 to 32 characters out of a to z, 0 to 9 and _.",
            ));
        }
        // Where a user name may stand, an id may stand too, and the id wins.
        if Uuid::try_parse(input).is_ok() {
            return Err(Refusal::new(Code::UsernameInvalid, "A user name may not be a UUID."));
        }
        Ok(Username(input.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_plain_names_are_accepted() {
        for input in ["ada", "a1", "_x_", "0_0", &"z".repeat(32)] {
            assert_eq!(Username::parse(input).map(String::from), Ok(input.to_owned()), "{input}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for input in [
            "",
            "a",
            &"a".repeat(33),
            "Ada",
            "a b",
            " ada",
            "a-b",
            "a.b",
            "@me",
            "ada\n",
            "ad\0",
            "ädа",
            "ａｄａ",
            "ıı",
            "a\u{200b}b",
            "550e8400e29b41d4a716446655440000",
        ] {
            assert_eq!(
                Username::parse(input).err().map(|refusal| refusal.code),
                Some(Code::UsernameInvalid),
                "{input:?}"
            );
        }
    }
}
