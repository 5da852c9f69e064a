mod reserved;

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::character::is_mark;
use super::{Refusal, longer_than, text_type};
use crate::code::Code;

pub use reserved::RESERVED;

text_type! {
    /// The name of an organisation, a team or a workspace in addresses.
    Slug
}

/// Words that stand where the slug of a team or a workspace stands.
const RESERVED_INSIDE: &[&str] = &["new", "none"];

impl Slug {
    pub const DEFAULT_MAX: usize = 39;
    /// The longest that one of the published contracts can carry.
    pub const CEILING: usize = 253;

    /// For an organisation, whose slug shares its place with the program's own words.
    pub fn parse(input: &str, max: usize, extra_reserved: &[String]) -> Result<Slug, Refusal> {
        let slug = spelled(input, max)?;
        let own = RESERVED.binary_search(&slug.as_str()).is_ok();
        if own || extra_reserved.iter().any(|word| word.eq_ignore_ascii_case(&slug)) {
            return Err(reserved());
        }
        Ok(Slug(slug))
    }

    /// For a team or a workspace, which share their place with hardly anything: a team may well be
    /// called `support` or `security`.
    pub fn parse_inside(input: &str, max: usize) -> Result<Slug, Refusal> {
        let slug = spelled(input, max)?;
        if RESERVED_INSIDE.contains(&slug.as_str()) {
            return Err(reserved());
        }
        Ok(Slug(slug))
    }

    /// The slug that a name suggests, if it suggests an acceptable one.
    pub fn generate(name: &str, max: usize) -> Option<String> {
        Slug::parse(&suggestion(name, max), max, &[]).ok().map(String::from)
    }

    /// The same for a team or a workspace.
    pub fn generate_inside(name: &str, max: usize) -> Option<String> {
        Slug::parse_inside(&suggestion(name, max), max).ok().map(String::from)
    }

    /// `acme-2` for when `acme` is taken, still within the limit.
    pub fn with_suffix(&self, suffix: &str, max: usize) -> Option<Slug> {
        let room = max.checked_sub(suffix.len() + 1)?;
        let stem = cut(self.as_str(), room);
        spelled(&format!("{stem}-{suffix}"), max).ok().map(Slug)
    }
}

/// The rules that hold for every slug. Only ASCII letters are put in lower case: Unicode would
/// make a plain `i` or `s` of letters that are neither.
fn spelled(input: &str, max: usize) -> Result<String, Refusal> {
    if input.trim().is_empty() {
        return Err(Refusal::new(Code::SlugEmpty, "A slug is needed."));
    }
    if longer_than(input, max) {
        return Err(Refusal::new(Code::SlugTooLong, format!("A slug has at most {max} characters.")));
    }
    if !has_slug_grammar(input) {
        return Err(Refusal::new(
            Code::SlugInvalid,
            "A slug consists of the letters a to z, digits, and single hyphens between them.",
        ));
    }
    let slug = input.to_ascii_lowercase();
    if looks_like_an_id(&slug) {
        return Err(Refusal::new(
            Code::SlugReserved,
            "A slug may not be a number or a UUID, because those name things by their id.",
        ));
    }
    Ok(slug)
}

fn has_slug_grammar(input: &str) -> bool {
    input.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// One tenant could otherwise answer to the id of another.
fn looks_like_an_id(slug: &str) -> bool {
    slug.bytes().all(|b| b.is_ascii_digit()) || Uuid::try_parse(slug).is_ok()
}

fn reserved() -> Refusal {
    Refusal::new(Code::SlugReserved, "This slug is reserved.")
}

fn suggestion(name: &str, max: usize) -> String {
    let mut slug = String::new();
    for c in name.nfkd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    cut(&slug, max).to_owned()
}

/// The beginning of a slug, without the hyphen that the cut may have laid bare.
fn cut(slug: &str, max: usize) -> &str {
    slug.get(..max).unwrap_or(slug).trim_end_matches('-')
}

#[cfg(test)]
mod tests;
