//! Searching by substring, the one thing for which each database has means of its own: FTS5 on SQLite, pg_trgm on
//! Postgres.
//!
//! A search takes candidates from an index, at most [`CANDIDATES`], and the list filters and sorts these. One or two
//! characters have no trigram: they are looked for at the beginning only, in the ordinary indexes.

use super::{Tx, broken};
use domain::error::Result;
use domain::text::fold;
use sqlx::Executor as _;
use uuid::Uuid;

mod platform;
mod records;

pub(crate) use platform::{account_candidates, organization_candidates};
pub(crate) use records::{event_candidates, event_words, invitation_candidates, invitation_words};

/// Most rows that a search takes from an index. The texts below say it again.
const CANDIDATES: i64 = 10_000;

/// What is searched for, folded as the columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search(String);

impl Search {
    pub(crate) fn of(text: &str) -> Self {
        Self(fold(text))
    }

    /// In invitations or events: there every field follows two line ends, with which one or two characters at its
    /// beginning have trigrams too.
    pub(crate) fn of_records(text: &str) -> Self {
        let search = Self::of(text);
        if search.is_short() { Self(format!("\n\n{}", search.0)) } else { search }
    }

    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }

    /// After everything that begins with the text: nothing that is stored holds this character.
    pub(crate) fn end(&self) -> String {
        format!("{}\u{10FFFF}", self.0)
    }

    /// As a pattern of `like … escape '\'`.
    pub(crate) fn pattern(&self) -> String {
        let literal = self.0.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        if self.is_short() { format!("{literal}%") } else { format!("%{literal}%") }
    }

    fn is_short(&self) -> bool {
        self.0.chars().nth(2).is_none()
    }
}

/// A statement in the forms that it takes with a search. [`searched!`] makes them.
#[derive(Clone, Copy)]
pub(crate) struct Forms {
    /// For one or two characters, on either database.
    pub(crate) beginning: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Tx {
    /// The form for this search on this database.
    pub(crate) fn form(&self, forms: Forms, search: &Search) -> &'static str {
        match self {
            _ if search.is_short() => forms.beginning,
            Self::Sqlite(_) => forms.sqlite,
            Self::Postgres(_) => forms.postgres,
        }
    }

    /// Looks how many candidates there are, with the [`Forms`] of [`reached!`], where `$1` is the text, `$2` its end and
    /// `$3` this id; says whether they are more than are taken.
    ///
    /// Until its end the transaction goes by indexes alone: how many rows hold a text is a guess, and one that is far
    /// off would make Postgres read the table instead.
    pub(crate) async fn is_capped(&mut self, forms: Forms, search: &Search, id: Option<Uuid>) -> Result<bool> {
        if let Self::Postgres(tx) = self {
            let settings = "set local enable_seqscan = off; set local enable_hashjoin = off;
                            set local enable_mergejoin = off; set local jit = off";
            tx.execute(settings).await.map_err(broken)?;
        }
        let text = self.form(forms, search);
        let (count,): (i64,) = self.sql(text).bind(search.text()).bind(search.end()).bind(id).one().await?;
        Ok(count > CANDIDATES)
    }
}

/// The [`Forms`] of a statement that reads `candidates c`. In brackets are the places of its values that the candidates
/// need.
macro_rules! searched {
    ($candidates:ident($($place:literal),+), $($rest:expr),+ $(,)?) => {
        $crate::db::search::searched!(
            @ ["with candidates as materialized (select * from (", ") found limit 10000) "],
            $candidates($($place),+), $($rest),+
        )
    };
    (@ [$before:literal, $after:literal], $candidates:ident($($place:literal),+), $($rest:expr),+ $(,)?) => {
        $crate::db::search::Forms {
            beginning: concat!($before, $candidates!(beginning $($place),+), $after, $($rest),+),
            sqlite: concat!($before, $candidates!(sqlite $($place),+), $after, $($rest),+),
            postgres: concat!($before, $candidates!(postgres $($place),+), $after, $($rest),+),
        }
    };
}

pub(crate) use searched;

/// The [`Forms`] of counting candidates, up to one more than are taken.
macro_rules! reached {
    ($candidates:ident($($place:literal),+)) => {
        $crate::db::search::searched!(
            @ ["select count(*) from (select 1 from (", ") found limit 10001) counted"],
            $candidates($($place),+), ""
        )
    };
}
pub(crate) use reached;

/// What SQLite finds in the words that stand under an owner. The phrase is quoted: its trigrams follow each other.
macro_rules! entries {
    ($owner:literal, $text:literal) => {
        $crate::db::search::entries!("search_index", "search_entries", $owner, $text, "")
    };
    ($index:literal, $entries:literal, $owner:literal, $text:literal, $order:literal) => {
        $crate::db::search::entries!(
            @ $index, $entries, $owner, $text,
            concat!("(select s.number << 32 from search_scopes s where s.owner = ", $owner, ")"),
            concat!("(select (s.number + 1) << 32 from search_scopes s where s.owner = ", $owner, ")"),
            $order
        )
    };
    (@ $index:literal, $entries:literal, $owner:literal, $text:literal, $from:expr, $until:expr, $order:literal) => {
        concat!(
            "select ",
            $owner,
            " as scope, e.item as id from ",
            $index,
            " i cross join ",
            $entries,
            " e on e.id = i.rowid where i.",
            $index,
            " match '\"' || replace(",
            $text,
            ", '\"', '\"\"') || '\"' and i.rowid > ",
            $from,
            " and i.rowid < ",
            $until,
            $order
        )
    };
}
pub(crate) use entries;

/// What Postgres finds in these words. They are compared once more, as they are, before they count.
macro_rules! words {
    ($words:expr, $text:literal) => {
        concat!(
            "letters(",
            $words,
            ") like '%' || letters(",
            $text,
            ") || '%' and strpos(",
            $words,
            ", ",
            $text,
            ") > 0"
        )
    };
}
pub(crate) use words;

/// What begins with the text, by an ordinary index.
macro_rules! beginning {
    ($select:expr, $column:literal, $text:literal, $end:literal) => {
        concat!(
            "select * from (",
            $select,
            " and ",
            $column,
            " >= ",
            $text,
            " and ",
            $column,
            " < ",
            $end,
            " limit 10001) b"
        )
    };
}
pub(crate) use beginning;

macro_rules! members_of {
    ($org:literal) => {
        concat!("select organization_id as scope, user_id as id from memberships where organization_id = ", $org)
    };
}
pub(crate) use members_of;

/// Members of one organization, by name, address and username.
macro_rules! member_candidates {
    (beginning $text:literal, $end:literal, $org:literal) => {
        concat!(
            $crate::db::search::beginning!($crate::db::search::members_of!($org), "name_folded", $text, $end),
            " union ",
            $crate::db::search::beginning!($crate::db::search::members_of!($org), "email", $text, $end),
            " union ",
            $crate::db::search::beginning!($crate::db::search::members_of!($org), "username", $text, $end)
        )
    };
    (sqlite $text:literal, $end:literal, $org:literal) => {
        $crate::db::search::entries!($org, $text)
    };
    (postgres $text:literal, $end:literal, $org:literal) => {
        concat!(
            "select organization_id as scope, user_id as id from memberships
             where array[organization_id] @> array[cast(",
            $org,
            " as uuid)] and ",
            $crate::db::search::words!("name_folded || chr(10) || email || chr(10) || coalesce(username, '')", $text)
        )
    };
}
pub(crate) use member_candidates;
