use super::{Refusal, text_type};
use crate::code::Code;

text_type! {
    /// A color as `#RRGGBB`, in capitals.
    Color
}

schema_of!(Color: Shape::text(7, 7).pattern("^#[0-9A-Fa-f]{6}$").example("#3B82F6").refused_as(&[Code::ColorInvalid]));

impl Color {
    pub fn parse(input: &str) -> Result<Color, Refusal> {
        let digits = input.strip_prefix('#').filter(|digits| digits.len() == 6);
        if digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) {
            Ok(Color(input.to_ascii_uppercase()))
        } else {
            Err(Refusal::new(Code::ColorInvalid, "A color is a # and six digits from 0 to F, as in #3B82F6."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_kept_in_capitals() {
        for (input, kept) in [("#3B82F6", "#3B82F6"), ("#3b82f6", "#3B82F6"), ("#000000", "#000000")] {
            assert_eq!(Color::parse(input).map(String::from), Ok(kept.to_owned()));
        }
    }

    #[test]
    fn nothing_else_is_a_color() {
        let words = "#3B82F #3B82F6FF #ffff #3B82FG #3B82F6# RED none #+3B82F 0x3B82F6 #...... #null #ABCDEF0 ３B82F6";
        let others =
            ["", " ", "#3B82F6 ", "#3B 2F6", "#123 456", "#12345\u{200b}", "#１２３４５６", "#3\u{102}2F6", "\0"];
        for input in words.split(' ').chain(others) {
            let code = Color::parse(input).err().map(|refusal| refusal.code);
            assert_eq!(code, Some(Code::ColorInvalid), "{input:?}");
        }
        assert!(Color::parse(&format!("#{}", "F".repeat(100_000))).is_err());
    }
}
