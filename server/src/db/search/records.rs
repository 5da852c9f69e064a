//! Candidates among what is written down: invitations, and events of the audit log. SQLite takes the latest first.
//!
//! [`Search::of_records`](super::Search::of_records) leaves nothing that is too short for a trigram, so the form for
//! beginnings is never asked for, and finds nothing.

macro_rules! invitation_words {
    () => {
        "chr(10) || chr(10) || email || chr(10) || chr(10) || name_folded"
    };
}
pub(crate) use invitation_words;

/// Invitations of one organization, by address and name.
macro_rules! invitation_candidates {
    (beginning $text:literal, $org:literal) => {
        "select organization_id as scope, id from invitations where false"
    };
    (sqlite $text:literal, $org:literal) => {
        $crate::db::search::entries!("invitation_index", "invitation_entries", $org, $text, " order by i.rowid desc")
    };
    (postgres $text:literal, $org:literal) => {
        concat!(
            "select organization_id as scope, id from invitations
             where array[organization_id] @> array[cast(",
            $org,
            " as uuid)] and ",
            $crate::db::search::words!($crate::db::search::invitation_words!(), $text)
        )
    };
}
pub(crate) use invitation_candidates;

macro_rules! event_words {
    () => {
        "chr(10) || chr(10) || actor_folded || chr(10) || chr(10) || target_folded || chr(10) || chr(10)
             || coalesce(ip, '')"
    };
}
pub(crate) use event_words;

/// Events, of one organization or of all, by the names of who did it and of what it was done to, and by network
/// address.
macro_rules! event_candidates {
    (beginning $text:literal $(, $org:literal)?) => {
        "select organization_id as scope, id from audit_events where false"
    };
    (sqlite $text:literal, $org:literal) => {
        $crate::db::search::entries!("event_index", "event_entries", $org, $text, " order by i.rowid desc")
    };
    (sqlite $text:literal) => {
        $crate::db::search::entries!(
            @ "event_index", "event_entries", "null", $text, "0", "9223372036854775807", " order by i.rowid desc"
        )
    };
    (postgres $text:literal, $org:literal) => {
        concat!(
            "select organization_id as scope, id from audit_events
             where array[organization_id] @> array[cast(",
            $org,
            " as uuid)] and ",
            $crate::db::search::words!($crate::db::search::event_words!(), $text)
        )
    };
    (postgres $text:literal) => {
        concat!(
            "select organization_id as scope, id from audit_events where ",
            $crate::db::search::words!($crate::db::search::event_words!(), $text)
        )
    };
}
pub(crate) use event_candidates;
