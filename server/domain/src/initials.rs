//! The two letters and the color that stand for somebody without a picture.

use unicode_segmentation::UnicodeSegmentation as _;

/// How many steps the palette has.
const STEPS: u32 = 12;

/// The first grapheme of the first and of the last word, in capitals.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.graphemes(true).find(|letter| letter.chars().any(char::is_alphanumeric)));
    let first = words.next().unwrap_or("?");
    let last = words.next_back().unwrap_or_default();
    format!("{first}{last}").to_uppercase()
}

/// The step of the palette, 1 to 12, that a name always has: an FNV-1a hash of it.
pub fn palette_step(name: &str) -> u32 {
    let hash = name.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    hash % STEPS + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Harbour & Hill Cooperative"), "HC");
        assert_eq!(initials("bo"), "B");
        assert_eq!(initials("(North) light"), "NL");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn a_name_keeps_its_color() {
        assert_eq!(palette_step("Harbour"), palette_step("Harbour"));
        assert!((1..=STEPS).contains(&palette_step("")));
    }
}
