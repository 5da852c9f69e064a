//! The columns by which somebody has a picture.

use super::Holder;
use crate::db::Tx;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, UserId};
use domain::policy::Role;
use domain::time::Timestamp;

/// How many addresses are brought up to date in one transaction.
const AT_ONCE: i64 = 500;

#[derive(sqlx::FromRow)]
pub(super) struct Held {
    pub(super) avatar_url: Option<String>,
    /// Only of what was uploaded.
    pub(super) avatar_digest: Option<String>,
    pub(super) version: i64,
}

pub(super) async fn held(tx: &mut Tx, holder: Holder) -> Result<Held> {
    let found = match holder {
        Holder::Organization(id) => {
            let sql = "select avatar_url, avatar_digest, version from organizations where id = $1";
            tx.sql(sql).bind(id).optional().await?
        }
        Holder::Person(id) => {
            let sql = "select avatar_url, avatar_digest, version from users where id = $1";
            tx.sql(sql).bind(id).optional().await?
        }
    };
    found.ok_or_else(|| match holder {
        Holder::Organization(_) => Code::OrganizationNotFound.into(),
        Holder::Person(_) => Code::UserNotFound.into(),
    })
}

/// Whether the holder has this very picture and is to be seen at all.
pub(super) async fn is_shown(tx: &mut Tx, holder: Holder, digest: &str) -> Result<bool> {
    let found: Option<(String,)> = match holder {
        Holder::Organization(id) => {
            let sql = "select avatar_digest from organizations
                       where id = $1 and avatar_digest = $2 and status in ('active', 'inactive', 'suspended')";
            tx.sql(sql).bind(id).bind(digest.to_owned()).optional().await?
        }
        Holder::Person(id) => {
            let sql = "select avatar_digest from users where id = $1 and avatar_digest = $2";
            tx.sql(sql).bind(id).bind(digest.to_owned()).optional().await?
        }
    };
    Ok(found.is_some())
}

pub(super) async fn write(
    tx: &mut Tx,
    holder: Holder,
    url: Option<&str>,
    digest: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let statement = match holder {
        Holder::Organization(id) => tx
            .sql(
                "update organizations set avatar_url = $2, avatar_digest = $3, updated_at = $4, version = version + 1
                 where id = $1",
            )
            .bind(id),
        Holder::Person(id) => tx
            .sql(
                "update users set avatar_url = $2, avatar_digest = $3, updated_at = $4, version = version + 1
                 where id = $1",
            )
            .bind(id),
    };
    statement.bind(url.map(str::to_owned)).bind(digest.map(str::to_owned)).bind(now).execute().await.map(drop)
}

/// What else changes with it, and the version, is written by who asks for this.
pub(super) async fn forget(tx: &mut Tx, holder: Holder) -> Result<()> {
    match holder {
        Holder::Organization(id) => tx.sql("update organizations set avatar_digest = null where id = $1").bind(id),
        Holder::Person(id) => tx.sql("update users set avatar_digest = null where id = $1").bind(id),
    }
    .execute()
    .await
    .map(drop)
}

pub(super) async fn name(tx: &mut Tx, org: OrgId) -> Result<String> {
    let (name,): (String,) = tx.sql("select name from organizations where id = $1").bind(org).one().await?;
    Ok(name)
}

/// The organizations of the first person, and in each the role of the second with what one of the organization's own
/// roles gives: one row for each that they hold, and one where there is none.
pub(super) async fn places(tx: &mut Tx, subject: UserId, viewer: UserId) -> Result<Vec<(OrgId, Option<Role>, String)>> {
    tx.sql(
        "select s.organization_id, v.role, coalesce(r.permissions, '')
         from memberships s
         join organizations o on o.id = s.organization_id and o.status in ('active', 'inactive', 'suspended')
         left join memberships v
            on v.organization_id = s.organization_id and v.user_id = $2 and v.status = 'active'
         left join member_roles h on h.organization_id = v.organization_id and h.user_id = v.user_id
         left join roles r on r.id = h.role_id
         where s.user_id = $1",
    )
    .bind(subject)
    .bind(viewer)
    .all()
    .await
}

/// Some whose picture has an address that is not below this one.
pub(super) async fn elsewhere(tx: &mut Tx, origin: &str) -> Result<Vec<(Holder, String)>> {
    let beginning = format!("{origin}/");
    let length = i64::try_from(beginning.len()).unwrap_or(i64::MAX);
    let organizations: Vec<(OrgId, String)> = tx
        .sql(
            "select id, avatar_digest from organizations
             where avatar_digest is not null and substr(avatar_url, 1, cast($1 as integer)) <> $2 limit $3",
        )
        .bind(length)
        .bind(beginning.clone())
        .bind(AT_ONCE)
        .all()
        .await?;
    let people: Vec<(UserId, String)> = tx
        .sql(
            "select id, avatar_digest from users
             where avatar_digest is not null and substr(avatar_url, 1, cast($1 as integer)) <> $2 limit $3",
        )
        .bind(length)
        .bind(beginning)
        .bind(AT_ONCE)
        .all()
        .await?;
    let organizations = organizations.into_iter().map(|(id, digest)| (Holder::Organization(id), digest));
    Ok(organizations.chain(people.into_iter().map(|(id, digest)| (Holder::Person(id), digest))).collect())
}

pub(super) async fn readdress(tx: &mut Tx, holder: Holder, url: &str) -> Result<()> {
    match holder {
        Holder::Organization(id) => tx.sql("update organizations set avatar_url = $2 where id = $1").bind(id),
        Holder::Person(id) => tx.sql("update users set avatar_url = $2 where id = $1").bind(id),
    }
    .bind(url.to_owned())
    .execute()
    .await
    .map(drop)
}
