//! Guildhall's operations, and what they stand on.
//!
//! `service` is what the program does; `api` says it in JSON, the `app` crate in pages. Both call the same operations
//! and neither can reach the database.

pub mod api;
pub mod auth;
mod clock;
pub mod config;
mod db;
mod deliveries;
mod http;
mod idempotency;
mod keys;
mod limits;
mod mail;
mod outbox;
mod paging;
mod passwords;
mod pictures;
mod sessions;
mod submitted;
mod tokens;
mod turns;
mod visit;

pub mod service {
    //! The operations: authorize, one transaction, its audit event inside, mail through the outbox.

    pub mod acceptance;
    pub mod accounts;
    pub mod addresses;
    pub mod affiliations;
    pub mod audit;
    pub mod audit_log;
    pub mod avatars;
    pub mod demo;
    pub mod departure;
    mod exports;
    mod groups;
    pub mod invariants;
    pub mod invitations;
    pub mod members;
    pub mod orgs;
    pub mod ownership;
    pub mod passwords;
    pub mod platform;
    pub mod profile;
    pub mod roles;
    pub mod seed;
    pub mod setup;
    pub mod sign_ins;
    mod slugs;
    pub mod stats;
    pub mod team_members;
    pub mod teams;
    pub mod tokens;
    pub mod wallet;
    pub mod workspace_members;
    pub mod workspaces;
}

pub use clock::Clock;
pub use http::{Connection, page_layers, serve};
pub use mail::{Mailer, SentMail};
pub use sessions::Sessions;
pub use submitted::Submitted;
pub use visit::{Request, Visit};

/// Marks an operation. Its future is boxed: otherwise whoever awaits it in another crate would compile it once more.
use async_recursion::async_recursion as operation;

use config::{Config, DatabaseUrl};
use db::Db;
use domain::error::Result;
use domain::time::Timestamp;
use keys::Keys;
use limits::Limiter;
use passwords::Passwords;
use pictures::Pictures;
use std::ops::Deref;
use std::sync::Arc;

/// Everything an operation needs. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub mailer: Mailer,
    db: Db,
    keys: Keys,
    passwords: Passwords,
    pictures: Pictures,
    limiter: Limiter,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the database and what else the settings name. The schema is brought up to date by [`App::migrate`].
    ///
    /// # Errors
    /// When the database or the folder of uploads does not open, or the mail transport's address is wrong.
    #[operation]
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        // TLS to mail servers, to Postgres and to buckets goes through ring; who has chosen before has chosen it too.
        let _first = rustls::crypto::ring::default_provider().install_default();
        Ok(Self(Arc::new(Parts {
            db: Db::open(&config).await?,
            clock: Clock::default(),
            mailer: Mailer::new(&config)?,
            keys: Keys::derive(&config.key()?),
            passwords: Passwords::new(),
            pictures: Pictures::open(&config)?,
            limiter: Limiter::new(config.rate_limits.as_ref()),
            config,
        })))
    }

    /// Brings the schema up to date, under a lock when several start at once, and the addresses of uploaded pictures.
    ///
    /// # Errors
    /// When a migration fails or has been changed after it ran, or the database does not answer.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let _lock = match &self.config.database_url {
            DatabaseUrl::Sqlite(path) => Some(db::lock_file(path.with_extension("lock")).await?),
            // Postgres has a lock of its own, which the migrator takes.
            DatabaseUrl::Postgres(_) => None,
        };
        self.db.migrate().await?;
        Ok(service::avatars::readdress(self).await?)
    }

    pub fn sessions(&self) -> Sessions {
        Sessions { db: self.db.clone(), clock: self.clock.clone() }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `service_unavailable`, `internal_error`.
    #[operation]
    pub async fn ping(&self) -> Result<()> {
        self.db.ping().await
    }

    /// Sends everything that is due in the outbox; gives the number of mails that were tried.
    ///
    /// # Errors
    /// When the database does not answer. A mail that cannot be sent is no error here: it is tried again later.
    #[operation]
    pub async fn deliver_mail(&self) -> Result<usize> {
        let mut tried = 0;
        while self.deliver_one().await? {
            tried += 1;
        }
        Ok(tried)
    }

    /// Sends the mail that is due longest; says whether there was one.
    ///
    /// # Errors
    /// As [`App::deliver_mail`].
    #[operation]
    pub async fn deliver_one(&self) -> Result<bool> {
        deliveries::deliver_one(self).await
    }

    /// Removes what is over: sessions, old sign-ins, mail that has left, answers kept for a repeated request, old audit
    /// events, keys of the rate limiter and of wallets, slugs that were held long enough, organizations that were
    /// deleted a month ago, pictures that nobody has. Once a day it also brings counters right that say something else
    /// than there is.
    ///
    /// # Errors
    /// When the database does not answer.
    #[operation]
    pub async fn tidy(&self) -> Result<()> {
        use tower_sessions::ExpiredDeletion as _;
        self.limiter.sweep();
        self.sessions().delete_expired().await.map_err(|_| domain::error::Error::Internal)?;
        let month_ago = self.now().minus(auth::ABSOLUTE);
        let mut tx = self.db.write().await?;
        tx.sql("delete from sign_ins where created_at < $1").bind(month_ago).execute().await?;
        tx.sql("delete from outbox where state in ('sent', 'skipped') and created_at < $1")
            .bind(month_ago)
            .execute()
            .await?;
        idempotency::forget_old(&mut tx, self.now()).await?;
        service::wallet::forget_old_keys(&mut tx, self.now()).await?;
        service::orgs::slugs::forget(&mut tx, self.now()).await?;
        tx.commit().await?;
        service::orgs::deletion::purge_due(self).await?;
        service::avatars::clear(self).await?;
        service::audit_log::forget_old(self).await?;
        service::invariants::repair(self).await
    }

    /// Ends the connections to the database.
    #[operation]
    pub async fn close(&self) {
        self.db.close().await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// 128 random bits as text, for the content security policy of one page.
pub fn random_nonce() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// A fresh id of any kind: they sort by age.
fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
