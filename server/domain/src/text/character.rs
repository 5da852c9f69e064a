//! What a single character is, for the rules that look at characters.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// No script in use stacks more marks than this on one letter; "zalgo" text does.
const MOST_MARKS_IN_A_ROW: usize = 4;

/// Characters that steer the text around them and show nothing themselves: a reader cannot see
/// that they are there, so two names that look the same would differ, or read in another order.
pub(super) fn is_format(c: char) -> bool {
    use GeneralCategory::{Format, LineSeparator, ParagraphSeparator};
    matches!(c.general_category(), Format | LineSeparator | ParagraphSeparator) || is_invisible(c)
}

/// What Unicode calls "default ignorable", and the empty braille cell. Several of these are
/// classed as letters or marks, so the general category alone does not find them.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that choose between two drawings of the one before.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Characters that mean nothing to anybody else: private ones, ones Unicode has not given out
/// (its "noncharacters" are among them), and the two that stand for something lost.
pub(super) fn is_meaningless(c: char) -> bool {
    use GeneralCategory::{PrivateUse, Surrogate, Unassigned};
    matches!(c.general_category(), PrivateUse | Surrogate | Unassigned) || matches!(c, '\u{fffc}' | '\u{fffd}')
}

pub(super) fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

pub(super) fn is_letter_or_number(c: char) -> bool {
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

pub(super) fn is_symbol(c: char) -> bool {
    matches!(c.general_category(), GeneralCategory::OtherSymbol | GeneralCategory::MathSymbol)
}

/// Marks without a letter to stand on, or so many on one that they cover the lines around.
pub(super) fn has_stray_marks(text: &str) -> bool {
    let mut in_a_row = 0;
    text.chars().next().is_some_and(is_mark)
        || text.chars().any(|c| {
            in_a_row = if is_mark(c) { in_a_row + 1 } else { 0 };
            in_a_row > MOST_MARKS_IN_A_ROW
        })
}

/// `%0d`, `%0A`, `%00` and the like: harmless here, but a line break to whoever decodes them later.
pub(super) fn has_encoded_control(text: &str) -> bool {
    encoded_bytes(text).any(|byte| byte.is_ascii_control())
}

/// The bytes that are written with a percent sign.
pub(super) fn encoded_bytes(text: &str) -> impl Iterator<Item = u8> {
    text.as_bytes().windows(3).filter(|three| three[0] == b'%').filter_map(|three| {
        let (high, low) = (char::from(three[1]).to_digit(16)?, char::from(three[2]).to_digit(16)?);
        u8::try_from(high * 16 + low).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_found_whatever_unicode_calls_them() {
        let steering = "\u{200b}\u{feff}\u{202e}\u{2066}\u{61c}\u{2060}\u{2028}\u{2029}\u{ad}";
        let blank = "\u{e0041}\u{e0100}\u{fe0f}\u{3164}\u{ffa0}\u{115f}\u{34f}\u{2800}\u{17b4}";
        for c in steering.chars().chain(blank.chars()) {
            assert!(is_format(c), "U+{:04X}", u32::from(c));
        }
        for c in "aé٣漢😀 -\u{301}\u{3000}".chars() {
            assert!(!is_format(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn every_format_character_of_unicode_but_a_few_visible_ones_folds_away() {
        let visible = |c: char| {
            matches!(u32::from(c),
                0x600..=0x605 | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0xfff9..=0xfffb
                | 0x110bd | 0x110cd | 0x13430..=0x1343f)
        };
        for c in '\0'..=char::MAX {
            let format = c.general_category() == GeneralCategory::Format;
            assert!(!format || is_invisible(c) || visible(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn private_unassigned_and_replaced_characters_mean_nothing() {
        for c in "\u{e000}\u{f8ff}\u{fdd0}\u{fffe}\u{ffff}\u{10ffff}\u{1fffe}\u{378}\u{fffd}\u{f0000}".chars() {
            assert!(is_meaningless(c), "U+{:04X}", u32::from(c));
        }
        assert!(!is_meaningless('a') && !is_meaningless('😀') && !is_meaningless('߷'));
    }

    #[test]
    fn a_pile_of_marks_is_seen_but_not_the_marks_of_a_language() {
        assert!(has_stray_marks("Z\u{351}\u{36b}\u{343}\u{36a}\u{302} algo"));
        assert!(has_stray_marks("\u{301}a"));
        assert!(!has_stray_marks("क्षत्रिय กู้ภัย Nguyễn שָׁלוֹם"));
    }

    #[test]
    fn control_characters_are_seen_through_percent_signs() {
        for hidden in ["%0d", "%0A", "a%00b", "%1f", "%7F", "%%0a"] {
            assert!(has_encoded_control(hidden), "{hidden}");
        }
        for plain in ["", "%", "%0", "%20", "%250a", "100%", "%+a1", "%zz"] {
            assert!(!has_encoded_control(plain), "{plain}");
        }
    }
}
