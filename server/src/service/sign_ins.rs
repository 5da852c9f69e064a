//! Where one is signed in, and ending that from afar.

use crate::App;
use crate::auth::{ABSOLUTE, IDLE, Principal};
use crate::db::Tx;
use crate::paging::{Key, Order, Walk};
use domain::account::{Session, SessionsQuery};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{SignInId, UserId};
use domain::page::{DEEPEST, Page};
use domain::time::Timestamp;

/// Where one is signed in, the newest first.
///
/// # Errors
/// `session_required`, the refusals of paging.
#[crate::operation]
pub async fn list(app: &App, principal: &Principal, query: &SessionsQuery) -> Result<Page<Session>> {
    let current = principal.require_session()?;
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let order = Order { name: "created_at", descending: true, numeric: true };
    let walk = Walk::new(app, "sessions", order, &principal.user, query.window()?)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { count(&mut tx, principal.user, now).await? } else { 0 };
    let rows = read(&mut tx, principal.user, current, now, &walk).await?;
    Ok(walk.page(app, rows, total, |row| (Key::Number(row.created_at.as_millis()), row.id.0)))
}

/// Ends one sign-in.
///
/// # Errors
/// `session_required`, `not_found`.
#[crate::operation]
pub async fn end(app: &App, principal: &Principal, id: &str) -> Result<()> {
    principal.require_session()?;
    let id: SignInId = id.parse().map_err(|_| Code::NotFound)?;
    let mut tx = principal.locked(app).await?;
    let ended = tx
        .sql("update sign_ins set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null")
        .bind(id)
        .bind(principal.user)
        .bind(app.now())
        .execute()
        .await?;
    if ended == 0 {
        return Err(Code::NotFound.into());
    }
    tx.commit().await
}

/// Ends all sign-ins but this one.
///
/// # Errors
/// `session_required`.
#[crate::operation]
pub async fn end_others(app: &App, principal: &Principal) -> Result<()> {
    let current = principal.require_session()?;
    let mut tx = principal.locked(app).await?;
    tx.sql("update sign_ins set revoked_at = $3 where user_id = $1 and id <> $2 and revoked_at is null")
        .bind(principal.user)
        .bind(current)
        .bind(app.now())
        .execute()
        .await?;
    tx.commit().await
}

/// Sign-ins of `$1` that are still good: used since `$2`, and begun since `$3`.
macro_rules! good {
    () => {
        "from sign_ins s join users u on u.id = s.user_id
         where s.user_id = $1 and s.revoked_at is null and s.auth_epoch = u.auth_epoch and s.last_seen_at >= $2
           and s.created_at >= $3"
    };
}

macro_rules! list {
    ($than:literal, $direction:literal) => {
        concat!(
            "select s.id, s.id = $4 as current, s.created_at, s.last_seen_at, s.ip, s.user_agent ",
            good!(),
            " and (s.created_at, s.id) ",
            $than,
            " ($5, $6) order by s.created_at ",
            $direction,
            ", s.id ",
            $direction,
            " limit $7 offset $8"
        )
    };
}

async fn read(tx: &mut Tx, user: UserId, current: SignInId, now: Timestamp, walk: &Walk) -> Result<Vec<Session>> {
    let text = if walk.falling { list!("<", "desc") } else { list!(">", "asc") };
    tx.sql(text)
        .bind(user)
        .bind(now.minus(IDLE))
        .bind(now.minus(ABSOLUTE))
        .bind(current)
        .bind(walk.key.number())
        .bind(walk.id)
        .bind(walk.limit)
        .bind(walk.offset)
        .all()
        .await
}

async fn count(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 ", good!(), " limit $4) counted");
    let statement = tx.sql(text).bind(user).bind(now.minus(IDLE)).bind(now.minus(ABSOLUTE));
    let (count,): (i64,) = statement.bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}
