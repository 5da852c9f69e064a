//! The rows of accounts, as the platform sees them.

use crate::db::{Statement, Tx};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::UserId;
use domain::page::DEEPEST;
use domain::platform::{Account, Owned};
use domain::time::Timestamp;

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) search: Option<String>,
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
             from users u where u.deleted_at is null and ",
            $($rest),+
        )
    };
}

/// `$1` to `$4` are the filters. Names are kept folded with the memberships only.
macro_rules! matching {
    () => {
        "($1 is null or u.id = $2 or u.email like $1 escape '\\' or u.username like $1 escape '\\'
            or exists (select 1 from memberships m where m.user_id = u.id and m.name_folded like $1 escape '\\'))
         and ($3 is null or u.platform_admin = $3) and ($4 is null or (u.disabled_at is not null) = $4)"
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Account>> {
    let text = if walk.falling {
        account!(
            matching!(),
            " and (u.created_at, u.id) < ($5, $6) order by u.created_at desc, u.id desc limit $7 offset $8"
        )
    } else {
        account!(matching!(), " and (u.created_at, u.id) > ($5, $6) order by u.created_at, u.id limit $7 offset $8")
    };
    let statement = filter(tx, text, filters).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!(
        "select count(*) from (select 1 from users u where u.deleted_at is null and ",
        matching!(),
        " limit $5) counted"
    );
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text).bind(filters.search.clone()).bind(filters.id).bind(filters.platform_admin).bind(filters.disabled)
}

/// By id, username or `@me`.
pub(super) async fn find(tx: &mut Tx, reference: &str, me: UserId) -> Result<Option<Account>> {
    let id = if reference == "@me" { Some(me) } else { reference.parse().ok() };
    // A NUL would break Postgres.
    let username = Some(reference).filter(|text| !text.contains('\0')).map(str::to_ascii_lowercase);
    tx.sql(account!("(u.id = $1 or u.username = $2)")).bind(id).bind(username).optional().await
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
