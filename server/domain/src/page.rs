//! Asking for a part of a list, and the part that is answered.

use crate::code::Code;
use crate::error::{Error, Result};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest text to search for.
pub(crate) const SEARCH_MAX: usize = 100;
/// How many entries pages may reach into a list; further on only a cursor leads.
pub const DEEPEST: u32 = 10_000;

/// One part of a list, with the way to its neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub next_cursor: Option<String>,
    pub prev_cursor: Option<String>,
    pub has_more: bool,
    /// A search found more than it takes; what it left out is in no part of the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub search_is_capped: bool,
    /// Only when pages were asked for by number.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Numbers>,
}

impl<T> Page<T> {
    pub fn map<U>(mut self, change: impl FnMut(T) -> U) -> Page<U> {
        let data = std::mem::take(&mut self.data);
        self.with(data.into_iter().map(change).collect())
    }

    /// The same part of the list, with something else for its rows.
    pub fn with<U>(self, data: Vec<U>) -> Page<U> {
        Page {
            data,
            next_cursor: self.next_cursor,
            prev_cursor: self.prev_cursor,
            has_more: self.has_more,
            search_is_capped: self.search_is_capped,
            numbers: self.numbers,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    pub page: u32,
    pub per_page: u32,
    pub total: u32,
    pub total_pages: u32,
    /// Counting stopped at [`DEEPEST`].
    pub total_is_capped: bool,
}

/// Which part is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    Cursor { limit: u32, cursor: Option<String> },
    Page { page: u32, per_page: u32 },
}

impl Window {
    /// Reads the four paging parameters as they came.
    ///
    /// # Errors
    /// `invalid_parameter`, `pagination_conflict`, `page_too_deep`.
    pub fn parse(
        limit: Option<&str>,
        cursor: Option<&str>,
        page: Option<&str>,
        per_page: Option<&str>,
    ) -> Result<Self> {
        if page.is_none() && per_page.is_none() {
            let limit = limit.map_or(Ok(20), |text| number("limit", text, 100))?;
            if cursor == Some("") {
                return Err(Error::parameter("cursor", Code::InvalidParameter, "The cursor is empty."));
            }
            return Ok(Self::Cursor { limit, cursor: cursor.map(str::to_owned) });
        }
        if cursor.is_some() || limit.is_some() {
            return Err(Code::PaginationConflict.into());
        }
        let page = page.map_or(Ok(1), |text| number("page", text, u32::MAX))?;
        let per_page = per_page.map_or(Ok(15), |text| number("per_page", text, 100))?;
        if u64::from(page) * u64::from(per_page) > u64::from(DEEPEST) {
            return Err(Error::parameter("page", Code::PageTooDeep, "Pages end at 10,000 entries."));
        }
        Ok(Self::Page { page, per_page })
    }

    /// All of a list, as far as a file goes.
    ///
    /// # Errors
    /// `pagination_conflict` when one of the four parameters is there.
    pub fn whole(parameters: [&Option<String>; 4]) -> Result<Self> {
        if parameters.iter().any(|parameter| parameter.is_some()) {
            return Err(Code::PaginationConflict.into());
        }
        Ok(Self::Cursor { limit: DEEPEST, cursor: None })
    }
}

/// A plain decimal number from 1 to `most`: no sign, no leading zero, ASCII digits only.
fn number(name: &str, text: &str, most: u32) -> Result<u32> {
    let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| plain && (1..=most).contains(number)).ok_or_else(|| {
        Error::parameter(name, Code::InvalidParameter, format!("This has to be a whole number from 1 to {most}."))
    })
}

/// A text to search for: 1 to 100 characters without control characters.
pub fn search(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let length = text.chars().count();
    let visible = !crate::text::fold(text).is_empty();
    if !visible || length > SEARCH_MAX || text.chars().any(char::is_control) {
        let rule = "Search for 1 to 100 characters, without control characters.";
        return Err(Error::parameter("search", Code::InvalidParameter, rule));
    }
    Ok(Some(text.to_owned()))
}

/// A parameter that takes one of a few words.
pub fn choice<T>(name: &str, text: &str, find: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    find(text).ok_or_else(|| Error::parameter(name, Code::InvalidParameter, "This is not one of the choices."))
}

/// A parameter that is a moment.
pub fn time(name: &str, text: &str) -> Result<Timestamp> {
    Timestamp::parse(text)
        .ok_or_else(|| Error::parameter(name, Code::InvalidParameter, "Give a time as in 2026-12-31T12:00:00Z."))
}

/// From when until before when: two parameters that may both be left out.
pub fn period(from: Option<&str>, to: Option<&str>) -> Result<(Timestamp, Timestamp)> {
    let from = from.map_or(Ok(Timestamp::from_millis(0)), |text| time("from", text))?;
    let to = to.map_or(Ok(Timestamp::from_millis(i64::MAX)), |text| time("to", text))?;
    Ok((from, to))
}

/// A parameter that is compared as it is: 1 to 100 characters without control characters.
pub fn word(name: &str, text: &str) -> Result<String> {
    if text.is_empty() || text.chars().count() > SEARCH_MAX || text.chars().any(char::is_control) {
        let rule = "Give 1 to 100 characters, without control characters.";
        return Err(Error::parameter(name, Code::InvalidParameter, rule));
    }
    Ok(text.to_owned())
}

/// A parameter that is `true` or `false`.
pub fn flag(name: &str, text: &str) -> Result<bool> {
    choice(name, text, |word| word.parse().ok())
}

choices! {
    /// How a list is answered.
    Format {
        Json "json" "JSON",
        Csv "csv" "CSV",
    }
}

/// The parameter `format`; JSON unless given.
pub fn format(text: Option<&str>) -> Result<Format> {
    text.map_or(Ok(Format::Json), |text| choice("format", text, Format::find))
}

/// Makes the struct of a list's query: its own filters, then the parameters that every list has. All are text, as they
/// came; the operation reads them, so that the API and the page refuse alike. `by` names what the list can be ordered
/// by, and behind `=>` stands what a filter's text looks like: both are for the document of the API. `finds` says in
/// what a list can be searched: it takes `search` then, for which `q` is another name.
#[macro_export]
macro_rules! list_query {
    (
        $(#[$doc:meta])*
        $name:ident $(by [$($key:literal),*])? $(finds $found:literal)? {
            $($(#[doc = $about:literal])* $filter:ident: $kind:ty $(=> $shown:ty)?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(
                #[doc = $found]
                #[serde(alias = "q", skip_serializing_if = "Option::is_none")]
                pub search: Option<String>,
            )?
            $($(#[doc = $about])* #[serde(skip_serializing_if = "Option::is_none")] pub $filter: Option<$kind>,)*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub sort: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub limit: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub cursor: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub page: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub per_page: Option<String>,
        }

        impl $name {
            /// The part of the list that is asked for.
            pub fn window(&self) -> $crate::error::Result<$crate::page::Window> {
                $crate::page::Window::parse(
                    self.limit.as_deref(),
                    self.cursor.as_deref(),
                    self.page.as_deref(),
                    self.per_page.as_deref(),
                )
            }

            /// All of the list, as a file has it; no part may be asked for.
            pub fn whole(&self) -> $crate::error::Result<$crate::page::Window> {
                $crate::page::Window::whole([&self.limit, &self.cursor, &self.page, &self.per_page])
            }
        }

        #[cfg(feature = "schema")]
        impl $crate::schema::Asked for $name {
            fn parameters() -> Vec<$crate::schema::Parameter> {
                let search: Vec<$crate::schema::Parameter> = vec![
                    $($crate::page::described!(
                        "search", concat!($found, " `q` for short."), String, $crate::schema::Search
                    ),)?
                ];
                let filters = [
                    $($crate::page::described!(stringify!($filter), concat!($($about),*), $kind $(, $shown)?),)*
                ];
                let sort = $crate::schema::Parameter::sort(&[$($($key),*)?]);
                search.into_iter().chain(filters).chain(sort).collect()
            }
        }
    };
}

/// One parameter of a list. What is not said is a text.
#[cfg(feature = "schema")]
macro_rules! described {
    ($name:expr, $about:expr, $kind:ty) => {
        $crate::page::described!($name, $about, $kind, String)
    };
    ($name:expr, $about:expr, $kind:ty, $shown:ty) => {
        $crate::schema::Parameter::of::<$shown>($name, $about, <$kind as $crate::page::Given>::MANY)
    };
}
#[cfg(feature = "schema")]
pub(crate) use described;

/// How often a parameter of this type may be given.
#[cfg(feature = "schema")]
pub(crate) trait Given {
    const MANY: bool;
}

#[cfg(feature = "schema")]
impl Given for String {
    const MANY: bool = false;
}

#[cfg(feature = "schema")]
impl Given for Format {
    const MANY: bool = false;
}

#[cfg(feature = "schema")]
impl Given for Many {
    const MANY: bool = true;
}

/// A parameter that may be given several times.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Many(pub Vec<String>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMore {
            One(String),
            More(Vec<String>),
        }
        Ok(Self(match OneOrMore::deserialize(deserializer)? {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_entries_are_answered_when_nothing_is_asked() {
        assert_eq!(Window::parse(None, None, None, None), Ok(Window::Cursor { limit: 20, cursor: None }));
    }

    #[test]
    fn a_limit_is_a_plain_number_from_1_to_100() {
        for bad in ["0", "-0", "101", "1.5", "1E2", "010", " 1", "1 ", "", "ten", "\u{661}\u{660}", "+1", "4294967296"]
        {
            let refused = Window::parse(Some(bad), None, None, None).expect_err(bad);
            assert_eq!(refused.code(), Code::InvalidParameter, "{bad}");
        }
        assert!(Window::parse(Some("100"), None, None, None).is_ok());
    }

    #[test]
    fn pages_end_at_ten_thousand_entries() {
        let code = |page, per_page| Window::parse(None, None, Some(page), per_page).map_err(|error| error.code());
        assert!(code("100", Some("100")).is_ok());
        assert_eq!(code("101", Some("100")), Err(Code::PageTooDeep));
        assert_eq!(code("10001", None), Err(Code::PageTooDeep));
        assert_eq!(code("0", None), Err(Code::InvalidParameter));
    }

    #[test]
    fn a_cursor_does_not_go_with_a_page() {
        let refused = Window::parse(None, Some("x"), Some("1"), None).expect_err("refused");
        assert_eq!(refused.code(), Code::PaginationConflict);
    }
}
