//! Candidates among all accounts and all organizations.

/// Accounts, by name, address and username, and by their whole id.
macro_rules! account_candidates {
    (@ $found:expr, $id:literal) => {
        concat!("select id from (", $found, " limit 10001) f union select id from users where id = ", $id)
    };
    (beginning $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::account_candidates!(
            @ concat!(
                $crate::db::search::beginning!("select id from users where true", "name_folded", $text, $end),
                " union ",
                $crate::db::search::beginning!("select id from users where true", "email", $text, $end),
                " union ",
                $crate::db::search::beginning!("select id from users where true", "username", $text, $end)
            ),
            $id
        )
    };
    (sqlite $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::account_candidates!(
            @ $crate::db::search::entries!("x'00000000000000000000000000000000'", $text), $id
        )
    };
    (postgres $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::account_candidates!(
            @ concat!(
                "select id from users where ",
                $crate::db::search::words!(
                    "name_folded || chr(10) || email || chr(10) || coalesce(username, '')",
                    $text
                )
            ),
            $id
        )
    };
}
pub(crate) use account_candidates;

/// Organizations, by name, slug and their owner's account, and by their whole id.
macro_rules! organization_candidates {
    (@ $found:expr, $owners:expr, $id:literal) => {
        concat!(
            "select id from (",
            $found,
            " limit 10001) f union select id from (select o.id from (",
            $owners,
            " limit 10001) a cross join organizations o where o.owner_id = a.id limit 10001) f
             union select id from organizations where id = ",
            $id
        )
    };
    (beginning $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::organization_candidates!(
            @ concat!(
                $crate::db::search::beginning!("select id from organizations where true", "name_folded", $text, $end),
                " union ",
                $crate::db::search::beginning!("select id from organizations where true", "slug", $text, $end)
            ),
            $crate::db::search::beginning!("select id from users where true", "email", $text, $end),
            $id
        )
    };
    (sqlite $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::organization_candidates!(
            @ $crate::db::search::entries!("x'ffffffffffffffffffffffffffffffff'", $text),
            $crate::db::search::entries!("x'00000000000000000000000000000000'", $text),
            $id
        )
    };
    (postgres $text:literal, $end:literal, $id:literal) => {
        $crate::db::search::organization_candidates!(
            @ concat!(
                "select id from organizations where ",
                $crate::db::search::words!("name_folded || chr(10) || slug", $text)
            ),
            concat!(
                "select id from users where ",
                $crate::db::search::words!(
                    "name_folded || chr(10) || email || chr(10) || coalesce(username, '')",
                    $text
                )
            ),
            $id
        )
    };
}
pub(crate) use organization_candidates;
