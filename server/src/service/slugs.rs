//! Slugs that are made rather than chosen.

use domain::text::Slug;

/// The slug of a name, then with the numbers 2 to 20, then something random behind `stem`; of these the ones that are
/// allowed.
pub(super) fn candidates(
    base: Option<Slug>,
    stem: &'static str,
    max: usize,
    allowed: impl Fn(&str) -> Option<Slug>,
) -> impl Iterator<Item = Slug> {
    let numbered = base
        .clone()
        .into_iter()
        .flat_map(move |base| (2..=20).filter_map(move |number| base.with_suffix(&number.to_string(), max)));
    let random = std::iter::repeat_with(move || random(stem)).take(5);
    let made = base.into_iter().chain(numbered).map(String::from);
    made.chain(random).filter_map(move |text| allowed(&text))
}

fn random(stem: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let tail: String = (0..6).map(|_| char::from(LETTERS[rand::random_range(0..32)])).collect();
    format!("{stem}-{tail}")
}
