//! The store behind the session cookie.
//!
//! A session carries the id of a sign-in and messages for the next page, nothing that grants anything: authority is
//! read from `sign_ins` on each request.

use crate::clock::Clock;
use crate::db::Db;
use crate::keys::digest;
use async_trait::async_trait;
use domain::time::Timestamp;
use std::fmt;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};

#[derive(Clone)]
pub struct Sessions {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let insert = "insert into sessions (digest, data, expires_at) values ($1, $2, $3)";
        self.write(insert, record).await.map(drop)
    }

    /// Changes the row only if it is still there: a slow request must not bring back a session that has been ended.
    async fn save(&self, record: &Record) -> Result<()> {
        let update = "update sessions set data = $2, expires_at = $3 where digest = $1";
        self.write(update, record).await.map(drop)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut tx = self.db.read().await.map_err(broken)?;
        let row: Option<(String, i64)> = tx
            .sql("select data, expires_at from sessions where digest = $1 and expires_at > $2")
            .bind(key(id))
            .bind(self.clock.now())
            .optional()
            .await
            .map_err(broken)?;
        let Some((data, expires_at)) = row else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(expires_at / 1000).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.db.write().await.map_err(broken)?;
        tx.sql("delete from sessions where digest = $1").bind(key(id)).execute().await.map_err(broken)?;
        tx.commit().await.map_err(broken)
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        let mut tx = self.db.write().await.map_err(broken)?;
        let sql = "delete from sessions where expires_at <= $1";
        tx.sql(sql).bind(self.clock.now()).execute().await.map_err(broken)?;
        tx.commit().await.map_err(broken)
    }
}

impl Sessions {
    async fn write(&self, sql: &'static str, record: &Record) -> Result<u64> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let expires_at = Timestamp::from_millis(record.expiry_date.unix_timestamp().saturating_mul(1000));
        let mut tx = self.db.write().await.map_err(broken)?;
        let rows = tx.sql(sql).bind(key(&record.id)).bind(data).bind(expires_at).execute().await.map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        Ok(rows)
    }
}

/// The cookie's value as it is stored.
fn key(id: &Id) -> String {
    digest(&id.0.to_le_bytes())
}

/// The cause is in the log already.
fn broken(error: domain::error::Error) -> Error {
    Error::Backend(error.to_string())
}
