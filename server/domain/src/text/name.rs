use unicode_normalization::UnicodeNormalization;

use super::character::{
    has_stray_marks, is_format, is_letter_or_number, is_meaningless, is_symbol, is_variation_selector,
};
use super::{Refusal, fold, longer_than, text_type};
use crate::code::Code;

text_type! {
    /// What a person, an organisation, a team, a workspace or a role is called.
    Name
}

impl Name {
    pub const MAX: usize = 256;
    pub const PERSON_MAX: usize = 128;
    pub const TEAM_MAX: usize = 100;
    pub const ROLE_MAX: usize = 80;

    pub fn parse(input: &str) -> Result<Name, Refusal> {
        Name::parse_up_to(input, Name::MAX)
    }

    pub fn parse_up_to(input: &str, max: usize) -> Result<Name, Refusal> {
        let name = tidy(input, max);
        if name.is_empty() {
            return Err(Refusal::new(Code::NameEmpty, "A name is needed."));
        }
        if longer_than(&name, max) {
            return Err(Refusal::new(Code::NameTooLong, format!("A name has at most {max} characters.")));
        }
        refuse_hidden_characters(&name)?;
        refuse_meaningless_characters(&name)?;
        if has_link(&name) {
            return Err(Refusal::new(Code::NameLink, "A name may not contain a web address."));
        }
        Ok(Name(name))
    }

    /// The form in which names are searched and compared.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

/// Trims, composes, and makes one space of any run of spaces. Stops just past the limit, so that a
/// huge input costs no more than a long one. Tabs and line breaks stay, to be refused by name.
fn tidy(input: &str, max: usize) -> String {
    let mut name = String::new();
    let mut length = 0;
    for c in input.trim().nfc() {
        let space = c.is_whitespace() && !c.is_control() && !is_format(c);
        if space && name.ends_with(' ') {
            continue;
        }
        name.push(if space { ' ' } else { c });
        length += 1;
        if length > max {
            break;
        }
    }
    name
}

fn refuse_hidden_characters(name: &str) -> Result<(), Refusal> {
    if name.chars().any(char::is_control) {
        return Err(Refusal::new(
            Code::NameControlCharacter,
            "A name may not contain line breaks, tabs or control characters.",
        ));
    }
    if has_hidden_character(name) {
        return Err(Refusal::new(Code::NameFormatCharacter, "A name may not contain invisible formatting characters."));
    }
    Ok(())
}

fn refuse_meaningless_characters(name: &str) -> Result<(), Refusal> {
    if name.chars().any(is_meaningless) {
        return Err(Refusal::new(
            Code::NameInvalidCharacter,
            "A name may not contain characters without a public meaning.",
        ));
    }
    if has_stray_marks(name) {
        return Err(Refusal::new(Code::NameInvalidCharacter, "A name may not pile accents on one letter."));
    }
    if !name.chars().any(is_letter_or_number) {
        return Err(Refusal::new(Code::NameInvalidCharacter, "A name needs at least one letter or number."));
    }
    Ok(())
}

/// A variation selector is welcome where keyboards put it, behind a symbol that becomes an emoji
/// by it. Behind a letter it would only make a second name of the same look.
fn has_hidden_character(name: &str) -> bool {
    let mut before = ' ';
    name.chars().any(|c| {
        let drawn_as_emoji = is_variation_selector(c) && is_symbol(before);
        before = c;
        is_format(c) && !drawn_as_emoji
    })
}

/// Mail programs turn these into links by themselves, and names are printed in mail.
fn has_link(name: &str) -> bool {
    let name = fold(name);
    let begins_word = |at: usize| !name[..at].ends_with(char::is_alphanumeric);
    name.contains("://") || name.match_indices("www.").any(|(at, _)| begins_word(at))
}

#[cfg(test)]
mod tests;
