//! The rows of tokens. The digest of a secret is written and compared, never read.

use super::Owner;
use crate::db::Tx;
use crate::keys::digest;
use crate::paging::Walk;
use crate::tokens::visible_prefix;
use domain::error::Result;
use domain::ids::{TokenId, UserId};
use domain::page::DEEPEST;
use domain::policy::Permission;
use domain::time::Timestamp;
use domain::token::{Token, TokenIssue, TokenKind};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: TokenId,
    kind: TokenKind,
    name: String,
    prefix: String,
    scopes: String,
    organizations: Option<String>,
    created_by: Option<UserId>,
    pub(super) created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    last_used_ip: Option<String>,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Row {
    pub(super) fn shown(self) -> Token {
        let only = |ids: String| ids.split(' ').filter_map(|id| id.parse().ok()).collect();
        Token {
            id: self.id,
            name: self.name,
            kind: self.kind,
            prefix: self.prefix,
            scopes: self.scopes.split(' ').filter_map(Permission::named).collect(),
            organizations: self.organizations.map(only),
            created_by: self.created_by,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            last_used_ip: self.last_used_ip,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        }
    }
}

impl Owner {
    fn id(self) -> Uuid {
        match self {
            Self::Person(user) => user.0,
            Self::Organization(org) => org.0,
        }
    }
}

macro_rules! token {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select id, kind, name, prefix, scopes, organizations, created_by, created_at, last_used_at, last_used_ip,
                    expires_at, revoked_at
             from tokens ",
            $($rest),+
        )
    };
}

macro_rules! list {
    ($owner:literal, $than:literal, $direction:literal) => {
        token!(
            "where ",
            $owner,
            " = $1 and (created_at, id) ",
            $than,
            " ($2, $3) order by created_at ",
            $direction,
            ", id ",
            $direction,
            " limit $4 offset $5"
        )
    };
}

pub(super) async fn list(tx: &mut Tx, owner: Owner, walk: &Walk) -> Result<Vec<Row>> {
    let text = match (owner, walk.falling) {
        (Owner::Person(_), true) => list!("user_id", "<", "desc"),
        (Owner::Person(_), false) => list!("user_id", ">", "asc"),
        (Owner::Organization(_), true) => list!("organization_id", "<", "desc"),
        (Owner::Organization(_), false) => list!("organization_id", ">", "asc"),
    };
    let statement = tx.sql(text).bind(owner.id()).bind(walk.key.number()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, owner: Owner) -> Result<i64> {
    let text = match owner {
        Owner::Person(_) => "select count(*) from (select 1 from tokens where user_id = $1 limit $2) counted",
        Owner::Organization(_) => {
            "select count(*) from (select 1 from tokens where organization_id = $1 limit $2) counted"
        }
    };
    let (count,): (i64,) = tx.sql(text).bind(owner.id()).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

pub(super) async fn count_live(tx: &mut Tx, owner: Owner, now: Timestamp) -> Result<i64> {
    let text = match owner {
        Owner::Person(_) => {
            "select count(*) from tokens
             where user_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)"
        }
        Owner::Organization(_) => {
            "select count(*) from tokens
             where organization_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)"
        }
    };
    let (count,): (i64,) = tx.sql(text).bind(owner.id()).bind(now).one().await?;
    Ok(count)
}

pub(super) async fn find(tx: &mut Tx, owner: Owner, id: TokenId) -> Result<Option<Row>> {
    let text = match owner {
        Owner::Person(_) => token!("where id = $1 and user_id = $2"),
        Owner::Organization(_) => token!("where id = $1 and organization_id = $2"),
    };
    tx.sql(text).bind(id).bind(owner.id()).optional().await
}

pub(super) async fn unrevoked(tx: &mut Tx, owner: Owner) -> Result<Vec<Row>> {
    let text = match owner {
        Owner::Person(_) => token!("where user_id = $1 and revoked_at is null"),
        Owner::Organization(_) => token!("where organization_id = $1 and revoked_at is null"),
    };
    tx.sql(text).bind(owner.id()).all().await
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: TokenId,
    owner: Owner,
    issue: &TokenIssue,
    secret: &str,
    created_by: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    let kind = if owner.person().is_some() { TokenKind::Personal } else { TokenKind::Organization };
    let scopes: Vec<_> = issue.scopes.iter().map(Permission::name).collect();
    let only = issue.organizations.as_ref();
    let only = only.map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    tx.sql(
        "insert into tokens (id, kind, user_id, organization_id, organizations, created_by, name, prefix, digest,
                scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(kind)
    .bind(owner.person())
    .bind(owner.organization())
    .bind(only)
    .bind(created_by)
    .bind(issue.name.to_string())
    .bind(visible_prefix(secret).to_owned())
    .bind(digest(secret.as_bytes()))
    .bind(scopes.join(" "))
    .bind(now)
    .bind(issue.expires_at)
    .execute()
    .await
    .map(drop)
}

/// The secret before the former one dies in any case.
pub(super) async fn renew(tx: &mut Tx, id: TokenId, secret: &str, former_until: Option<Timestamp>) -> Result<()> {
    tx.sql(
        "update tokens set former_digest = case when $4 then digest end, former_expires_at = $5, prefix = $2, digest = $3
         where id = $1",
    )
    .bind(id)
    .bind(visible_prefix(secret).to_owned())
    .bind(digest(secret.as_bytes()))
    .bind(former_until.is_some())
    .bind(former_until)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn revoke(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<()> {
    tx.sql("update tokens set revoked_at = $2 where id = $1").bind(id).bind(now).execute().await.map(drop)
}
