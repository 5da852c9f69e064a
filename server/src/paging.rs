//! Walking a list by key: where a page begins, and the cursors to its neighbours.
//!
//! A list is ordered by one key and then by id, so rows that come or go meanwhile neither repeat nor skip others.

use crate::App;
use crate::db::search::Search;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::page::{DEEPEST, Numbers, Page, Window};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use uuid::Uuid;

const VERSION: u8 = 1;

/// A value that lists are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    /// Before every value of a column.
    fn least(&self) -> Self {
        match self {
            Self::Number(_) => Self::Number(i64::MIN),
            Self::Text(_) => Self::Text(String::new()),
        }
    }

    /// After every value of a column: no stored text holds this character.
    fn greatest(&self) -> Self {
        match self {
            Self::Number(_) => Self::Number(i64::MAX),
            Self::Text(_) => Self::Text('\u{10FFFF}'.to_string()),
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }

    pub(crate) fn number(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            Self::Text(_) => 0,
        }
    }
}

/// What a list is ordered by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order<'a> {
    pub(crate) name: &'a str,
    pub(crate) descending: bool,
    pub(crate) numeric: bool,
}

impl Order<'static> {
    /// Of a list that is only ever ordered by age, the newest first unless asked otherwise.
    pub(crate) fn by_age(sort: Option<&str>) -> Result<Self> {
        let descending = match sort.unwrap_or("-created_at") {
            "-created_at" => true,
            "created_at" => false,
            _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by created_at.")),
        };
        Ok(Self { name: "created_at", descending, numeric: true })
    }
}

/// One part of a list that is to be read.
#[derive(Debug)]
pub(crate) struct Walk {
    /// Binds cursors to list, sort and filters.
    bound_to: String,
    /// Where the reading begins; the row there is not read again.
    pub(crate) key: Key,
    pub(crate) id: Uuid,
    /// Whether rows are read with falling keys.
    pub(crate) falling: bool,
    /// One more than is shown, to see whether there are more.
    pub(crate) limit: i64,
    pub(crate) offset: i64,
    backwards: bool,
    from_cursor: bool,
    window: Window,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    v: u8,
    k: Key,
    i: Uuid,
    /// Whether it leads towards the beginning.
    b: bool,
}

impl Walk {
    /// # Errors
    /// `invalid_cursor` for one that this list with this sort and these filters has not given out.
    pub(crate) fn new(app: &App, list: &str, order: Order<'_>, filters: &impl Debug, window: Window) -> Result<Self> {
        let bound_to = format!("{list}\n{}\n{}\n{filters:?}", order.name, order.descending);
        let cursor = match &window {
            Window::Cursor { cursor: Some(text), .. } => Some(read(app, &bound_to, text).ok_or(Code::InvalidCursor)?),
            _ => None,
        };
        let backwards = cursor.as_ref().is_some_and(|cursor| cursor.b);
        let falling = order.descending != backwards;
        let sample = if order.numeric { Key::Number(0) } else { Key::Text(String::new()) };
        let from_cursor = cursor.is_some();
        let (key, id) = match cursor {
            Some(cursor) if std::mem::discriminant(&cursor.k) != std::mem::discriminant(&sample) => {
                return Err(Code::InvalidCursor.into());
            }
            Some(cursor) => (cursor.k, cursor.i),
            None if falling => (sample.greatest(), Uuid::max()),
            None => (sample.least(), Uuid::nil()),
        };
        let (limit, offset) = match window {
            Window::Cursor { limit, .. } => (i64::from(limit) + 1, 0),
            Window::Page { page, per_page } => (i64::from(per_page) + 1, i64::from(page - 1) * i64::from(per_page)),
        };
        Ok(Self { bound_to, key, id, falling, limit, offset, backwards, from_cursor, window })
    }

    /// Of a list that is ordered by age, only what is of this period, from its beginning until before its end: the
    /// reading begins inside it.
    pub(crate) fn within(mut self, from: Timestamp, to: Timestamp) -> Self {
        let edge =
            if self.falling { to.as_millis().min(self.key.number()) } else { from.as_millis().max(self.key.number()) };
        if edge != self.key.number() {
            (self.key, self.id) = (Key::Number(edge), Uuid::nil());
        }
        self
    }

    /// Whether the answer also says how many there are.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.window, Window::Page { .. })
    }

    /// Makes the page from the rows that were read with [`Walk::limit`]. `total` is counted up to one more than
    /// [`DEEPEST`], and only when [`Walk::counts`].
    pub(crate) fn page<T>(self, app: &App, mut rows: Vec<T>, total: i64, place: impl Fn(&T) -> (Key, Uuid)) -> Page<T> {
        let beyond = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= self.limit;
        rows.truncate(usize::try_from(self.limit - 1).unwrap_or(usize::MAX));
        if self.backwards {
            rows.reverse();
        }
        let has_more = if self.backwards { true } else { beyond };
        let has_less = if self.backwards { beyond } else { self.from_cursor || self.offset > 0 };
        let cursor = |row: Option<&T>, wanted: bool, back: bool| {
            row.filter(|_| wanted).map(|row| self.write(app, place(row), back))
        };
        Page {
            next_cursor: cursor(rows.last(), has_more, false),
            prev_cursor: cursor(rows.first(), has_less, true),
            has_more,
            search_is_capped: false,
            numbers: self.numbers(total),
            data: rows,
        }
    }

    fn numbers(&self, total: i64) -> Option<Numbers> {
        let Window::Page { page, per_page } = self.window else { return None };
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        let (total, total_is_capped) = (total.min(DEEPEST), total > DEEPEST);
        Some(Numbers { page, per_page, total, total_pages: total.div_ceil(per_page), total_is_capped })
    }

    fn write(&self, app: &App, (key, id): (Key, Uuid), back: bool) -> String {
        let cursor = Cursor { v: VERSION, k: key, i: id, b: back };
        let mut bytes = serde_json::to_vec(&cursor).unwrap_or_default();
        let mac = app.keys.sign_cursor(&[self.bound_to.as_bytes(), &bytes]);
        bytes.extend_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

fn read(app: &App, bound_to: &str, text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
    if !crate::keys::same(&app.keys.sign_cursor(&[bound_to.as_bytes(), body]), mac) {
        return None;
    }
    serde_json::from_slice(body).ok().filter(|cursor: &Cursor| cursor.v == VERSION)
}

/// A text to search for in a short list, as a pattern of `like … escape '\'` over a folded column. One or two letters are
/// looked for at the beginning only.
pub(crate) fn pattern(search: &str) -> String {
    Search::of(search).pattern()
}
