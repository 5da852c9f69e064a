//! The rows of accounts, as the platform sees them.

use crate::db::search::{Search, account_candidates, reached, searched};
use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::UserId;
use domain::page::DEEPEST;
use domain::platform::{Account, Owned};
use domain::time::Timestamp;

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) search: Option<Search>,
    /// What is searched for, when it has the form of an id.
    pub(super) id: Option<UserId>,
    pub(super) platform_admin: Option<bool>,
    pub(super) disabled: Option<bool>,
}

macro_rules! account {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select u.id, u.username, u.email, u.email_verified_at is not null as email_verified, u.full_name,
                    u.avatar_url, false as two_factor_enabled, u.platform_admin, u.disabled_at is not null as disabled,
                    u.disabled_at,
                    (select count(*) from memberships m where m.user_id = u.id and m.status = 'active')
                        as organization_count,
                    u.created_at, u.updated_at, u.version
             from ",
            $($rest),+
        )
    };
}

/// Where rows come from, and on which condition, for the statement that is named: one for each index.
macro_rules! all {
    ($statement:ident $($rest:tt)*) => { $statement!("users u", "u.deleted_at is null" $($rest)*) };
}

macro_rules! administrators {
    ($statement:ident $($rest:tt)*) => {
        $statement!("users u", "u.deleted_at is null and u.platform_admin" $($rest)*)
    };
}

macro_rules! disabled {
    ($statement:ident $($rest:tt)*) => {
        $statement!("users u", "u.deleted_at is null and u.disabled_at is not null" $($rest)*)
    };
}

macro_rules! found {
    ($statement:ident $($rest:tt)*) => {
        searched!(
            account_candidates("$1", "$2", "$3"),
            $statement!("candidates c cross join users u", "u.id = c.id and u.deleted_at is null" $($rest)*)
        )
    };
}

/// `$1` and `$2` are the text to search for and its end, `$3` is the id that it may be, `$4` it as a pattern; `$5` and
/// `$6` are the other filters.
macro_rules! matching {
    () => {
        " and ($4 is null or u.id = $3 or u.name_folded like $4 escape '\\' or u.email like $4 escape '\\'
               or u.username like $4 escape '\\')
          and ($5 is null or u.platform_admin = $5) and ($6 is null or (u.disabled_at is not null) = $6)"
    };
}

/// Key, id, limit and offset follow the filters.
macro_rules! part {
    ($tables:literal, $condition:literal, $than:literal, $direction:literal) => {
        account!(
            $tables,
            " where ",
            $condition,
            matching!(),
            " and (u.created_at, u.id) ",
            $than,
            " ($7, $8) order by u.created_at ",
            $direction,
            ", u.id ",
            $direction,
            " limit $9 offset $10"
        )
    };
}

macro_rules! counted {
    ($tables:literal, $condition:literal) => {
        concat!(
            "select count(*) from (select 1 from ",
            $tables,
            " where ",
            $condition,
            matching!(),
            // Whatever is not narrowed any more is counted along the index of age.
            " and u.created_at >= 0 limit $7) counted"
        )
    };
}

macro_rules! in_order {
    ($from:ident, $walk:expr) => {
        if $walk.falling { $from!(part, "<", "desc") } else { $from!(part, ">", "asc") }
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Account>> {
    let text = match filters {
        Filters { search: Some(search), .. } => tx.form(in_order!(found, walk), search),
        Filters { platform_admin: Some(true), .. } => in_order!(administrators, walk),
        Filters { disabled: Some(true), .. } => in_order!(disabled, walk),
        _ => in_order!(all, walk),
    };
    let statement = filter(tx, text, filters).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = match filters {
        Filters { search: Some(search), .. } => tx.form(found!(counted), search),
        Filters { platform_admin: Some(true), .. } => administrators!(counted),
        Filters { disabled: Some(true), .. } => disabled!(counted),
        _ => all!(counted),
    };
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// Whether more is found than a search takes.
pub(super) async fn is_capped(tx: &mut Tx, filters: &Filters) -> Result<bool> {
    match &filters.search {
        Some(search) => {
            tx.is_capped(reached!(account_candidates("$1", "$2", "$3")), search, filters.id.map(|id| id.0)).await
        }
        None => Ok(false),
    }
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text)
        .bind(filters.search.as_ref().map(Search::text))
        .bind(filters.search.as_ref().map(Search::end))
        .bind(filters.id)
        .bind(filters.search.as_ref().map(Search::pattern))
        .bind(filters.platform_admin)
        .bind(filters.disabled)
}

/// By id, username or `@me`.
pub(super) async fn find(tx: &mut Tx, reference: &str, me: UserId) -> Result<Option<Account>> {
    let id = if reference == "@me" { Some(me) } else { reference.parse().ok() };
    // A NUL would break Postgres.
    let username = Some(reference).filter(|text| !text.contains('\0')).map(str::to_ascii_lowercase);
    tx.sql(account!("users u where u.deleted_at is null and (u.id = $1 or u.username = $2)"))
        .bind(id)
        .bind(username)
        .optional()
        .await
}

/// Makes everybody else wait who changes who runs the platform.
pub(crate) async fn lock_administrators(tx: &mut Tx) -> Result<()> {
    tx.sql("update instance set set_up_at = set_up_at where id = 1").execute().await.map(drop)
}

pub(super) async fn runs_platform(tx: &mut Tx, user: UserId) -> Result<bool> {
    let sql = "select id from users where id = $1 and platform_admin and disabled_at is null";
    let found: Option<(UserId,)> = tx.sql(sql).bind(user).optional().await?;
    Ok(found.is_some())
}

pub(crate) async fn others_run_platform(tx: &mut Tx, user: UserId) -> Result<bool> {
    let sql = "select id from users where id <> $1 and platform_admin and disabled_at is null limit 1";
    let found: Option<(UserId,)> = tx.sql(sql).bind(user).optional().await?;
    Ok(found.is_some())
}

/// The first of the organizations that the person owns.
pub(super) async fn owned(tx: &mut Tx, user: UserId) -> Result<Vec<Owned>> {
    tx.sql("select id, slug, name from organizations where owner_id = $1 order by name_folded, id limit 100")
        .bind(user)
        .all()
        .await
}

/// Locking out raises the epoch, which ends sign-ins and links that were mailed before.
pub(super) async fn update(
    tx: &mut Tx,
    before: &Account,
    disabled: bool,
    platform_admin: bool,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "update users set disabled_at = $2, platform_admin = $3, auth_epoch = auth_epoch + $4, updated_at = $5,
                version = version + 1
         where id = $1",
    )
    .bind(before.id)
    .bind(disabled.then(|| before.disabled_at.unwrap_or(now)))
    .bind(platform_admin)
    .bind(i64::from(disabled && !before.disabled))
    .bind(now)
    .execute()
    .await
    .map(drop)
}
