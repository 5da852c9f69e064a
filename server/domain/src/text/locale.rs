use super::{Refusal, text_type};
use crate::code::Code;

text_type! {
    /// A language, and where it matters its script and region: the part of BCP 47 (RFC 5646) that
    /// chooses how texts, dates and numbers look. In its usual capitals, as in `zh-Hant-TW`.
    Locale
}

schema_of! {
    Locale: Shape::text(2, 11).pattern("^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$").example("pt-BR")
}

impl Locale {
    pub fn parse(input: &str) -> Result<Locale, Refusal> {
        tidy(input)
            .map(Locale)
            .ok_or(Refusal::new(Code::ValueUnknown, "Give a language such as en, pt-BR or zh-Hant-TW."))
    }
}

fn tidy(input: &str) -> Option<String> {
    let mut parts = input.split('-');
    let mut text = parts.next().filter(|part| letters(part, 2..=3))?.to_ascii_lowercase();
    let mut part = parts.next();
    if let Some(script) = part.filter(|part| letters(part, 4..=4)) {
        let (first, rest) = script.split_at(1);
        text = format!("{text}-{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase());
        part = parts.next();
    }
    if let Some(region) = part {
        let numbered = region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit());
        if !numbered && !letters(region, 2..=2) {
            return None;
        }
        text = format!("{text}-{}", region.to_ascii_uppercase());
    }
    parts.next().is_none().then_some(text)
}

fn letters(part: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_scripts_and_regions_get_their_capitals() {
        for (input, locale) in [
            ("en", "en"),
            ("EN-gb", "en-GB"),
            ("yue", "yue"),
            ("zh-hant", "zh-Hant"),
            ("ZH-HANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(Locale::parse(input).map(String::from), Ok(locale.to_owned()), "{input}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for input in [
            "",
            "e",
            "-",
            "en-",
            "-en",
            "en_GB",
            "en--GB",
            "english",
            "en-GBR",
            "en-Latn-",
            "en-41",
            "en-x-private",
            "en-GB-oed",
            "é",
            "en GB",
            "en\0",
            "12",
        ] {
            let code = Locale::parse(input).err().map(|refusal| refusal.code);
            assert_eq!(code, Some(Code::ValueUnknown), "{input:?}");
        }
    }
}
