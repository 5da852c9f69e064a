use unicode_normalization::UnicodeNormalization;

use super::character::{has_stray_marks, is_format, is_meaningless, is_variation_selector};
use super::{Refusal, longer_than, text_type};
use crate::code::Code;

text_type! {
    /// Some lines of plain text: a description, a message, a reason.
    Prose
}

impl Prose {
    pub const BIO_MAX: usize = 256;
    pub const DESCRIPTION_MAX: usize = 4096;
    pub const MESSAGE_MAX: usize = 1000;

    /// May be empty; whether that counts as a text is for the field to say.
    pub fn parse(input: &str, max: usize) -> Result<Prose, Refusal> {
        let text = tidy(input, max);
        if longer_than(&text, max) {
            return Err(Refusal::new(Code::TextTooLong, format!("This text has at most {max} characters.")));
        }
        refuse_characters(&text)?;
        Ok(Prose(text))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn refuse_characters(text: &str) -> Result<(), Refusal> {
    let rule = if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        "This text may not contain control characters other than line breaks and tabs."
    } else if text.chars().any(|c| is_format(c) && !is_needed_for_writing(c)) {
        "This text may not contain invisible formatting characters."
    } else if text.chars().any(is_meaningless) {
        "This text may not contain characters without a public meaning."
    } else if has_stray_marks(text) {
        "This text may not pile accents on one letter."
    } else {
        return Ok(());
    };
    Err(Refusal::new(Code::TextInvalidCharacter, rule))
}

/// Forms send line breaks as two characters, programs as one; the limit should not depend on it.
fn tidy(input: &str, max: usize) -> String {
    let mut rest = input.trim().chars().peekable();
    let one_break = std::iter::from_fn(|| {
        let c = rest.next()?;
        if c == '\r' { rest.next_if_eq(&'\n').or(Some(c)) } else { Some(c) }
    });
    one_break.nfc().take(max + 1).collect()
}

/// The joiners change how Persian and Indian words read and hold emoji together, and selectors
/// choose the drawing of a character.
fn is_needed_for_writing(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || is_variation_selector(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(input: &str) -> Result<String, Code> {
        Prose::parse(input, 100).map(String::from).map_err(|refusal| refusal.code)
    }

    #[test]
    fn white_space_alone_leaves_nothing() {
        for input in ["", "  ", "\r\n\t", "\u{3000}"] {
            let text = Prose::parse(input, 100);
            assert!(text.is_ok_and(|text| text.is_empty()), "{input:?}");
        }
    }

    #[test]
    fn lines_are_kept_and_their_breaks_made_one_character() {
        assert_eq!(parse(" one\r\n\r\n\ttwo\nthree \n"), Ok("one\n\n\ttwo\nthree".into()));
        assert_eq!(parse(&"a\r\n".repeat(50)).map(|text| text.len()), Ok(99));
    }

    #[test]
    fn what_writing_needs_is_kept() {
        for input in [
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}💻 ❤\u{fe0f}",
            "葛\u{e0100}飾区",
            "<b>&amp;</b> {{7*7}} =1+1 https://e.test",
        ] {
            assert_eq!(parse(input), Ok(input.to_owned()), "{input:?}");
            assert_eq!(parse(input).and_then(|text| parse(&text)), parse(input));
        }
    }

    #[test]
    fn the_limit_counts_code_points() {
        assert!(parse(&"é".repeat(100)).is_ok());
        for input in ["a".repeat(101), "😀".repeat(101), "\0".repeat(1_000_000)] {
            assert_eq!(parse(&input), Err(Code::TextTooLong));
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for input in ["a\0b", "a\u{1b}[31m", "a\rb", "a\r\rb", "a\u{7f}", "a\u{85}b", "a\u{b}b", "a\u{c}b", "a\u{9f}"] {
            assert_eq!(parse(input), Err(Code::TextInvalidCharacter), "{input:?}");
        }
    }

    #[test]
    fn hidden_and_meaningless_characters_are_refused() {
        for input in [
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{200b}b",
            "a\u{feff}b",
            "a\u{2028}b",
            "a\u{2029}b",
            "a\u{e0041}",
            "a\u{ad}b",
            "\u{3164}",
        ] {
            assert_eq!(parse(input), Err(Code::TextInvalidCharacter), "{input:?}");
        }
        for input in [
            "a\u{e000}",
            "a\u{fdd0}",
            "a\u{fffe}",
            "a\u{378}",
            "a\u{fffd}",
            "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
        ] {
            assert_eq!(parse(input), Err(Code::TextInvalidCharacter), "{input:?}");
        }
    }
}
