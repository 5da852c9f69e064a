use super::{Refusal, longer_than, text_type};
use crate::code::Code;

text_type! {
    /// A telephone number, separated as its owner writes it.
    Phone
}

const MAX: usize = 32;

schema_of! {
    Phone: Shape::text(5, MAX).pattern("^ *[+]?[0-9(][0-9 .()-]*[0-9] *$").example("+47 22 12 34 56")
        .refused_as(&[Code::PhoneInvalid])
}

impl Phone {
    pub fn parse(input: &str) -> Result<Phone, Refusal> {
        let number = input.trim_matches(' ');
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if longer_than(number, MAX) || !(5..=15).contains(&digits) || !is_separated_number(number) {
            return Err(Refusal::new(
                Code::PhoneInvalid,
                "A telephone number has 5 to 15 digits, perhaps with a + in front \
                 and spaces, hyphens, dots or brackets between.",
            ));
        }
        Ok(Phone(number.to_owned()))
    }
}

/// Begins with a digit or an opened bracket, ends with a digit, and closes what it opens.
fn is_separated_number(number: &str) -> bool {
    let national = number.strip_prefix('+').unwrap_or(number);
    let edges = national.starts_with(|c: char| c.is_ascii_digit() || c == '(')
        && national.ends_with(|c: char| c.is_ascii_digit());
    edges && national.bytes().all(|b| b.is_ascii_digit() || b" -.()".contains(&b)) && has_paired_brackets(national)
}

fn has_paired_brackets(number: &str) -> bool {
    let mut open = false;
    let paired = number.chars().filter(|c| matches!(c, '(' | ')')).all(|c| {
        let fits = open == (c == ')');
        open = c == '(';
        fits
    });
    paired && !open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_they_are_written() {
        for input in
            ["12345", "+49 30 1234567", "+49 (0)30 123-456", "(030) 123.45.67", "+123456789012345", "1 2 3 4 5"]
        {
            assert_eq!(Phone::parse(input).map(String::from), Ok(input.to_owned()), "{input}");
        }
        assert_eq!(Phone::parse(" 12345 ").map(String::from), Ok("12345".into()));
    }

    #[track_caller]
    fn all_refused(inputs: &[&str]) {
        for input in inputs {
            let code = Phone::parse(input).err().map(|refusal| refusal.code);
            assert_eq!(code, Some(Code::PhoneInvalid), "{input:?}");
        }
    }

    #[test]
    fn misplaced_signs_and_wrong_lengths_are_refused() {
        let long = format!("1{}2345", " ".repeat(30));
        all_refused(&[&long]);
        let inputs = [
            "",
            " ",
            "1234",
            "1234567890123456",
            "++12345",
            "12345+",
            "+",
            "-12345",
            ".12345",
            "=12345",
            "12345-",
            "(12345",
            "12345)",
            ")1(2345",
            "((1)2345",
            "()",
            "+ 12345",
        ];
        all_refused(&inputs);
    }

    #[test]
    fn other_characters_are_refused() {
        let inputs = [
            "１２３４５",
            "١٢٣٤٥",
            "12345a",
            "tel:12345",
            "12345;ext=1",
            "12345\n",
            "12\t345",
            "12\u{a0}345",
            "12345\0",
        ];
        all_refused(&inputs);
    }
}
