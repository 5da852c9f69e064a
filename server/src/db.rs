//! The only file that knows that there are two databases, with what is below it.
//!
//! One SQL text serves both: placeholders are `$1`, types are `text`, `bigint`, `boolean` and `uuid`, and everything
//! that the databases do differently (case folding, clocks, sequences) is done in Rust. Only searching by substring has
//! a text for each: [`search`].

use crate::config::{Config, DatabaseUrl};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use sqlx::migrate::Migrator;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    Arguments as _, Connection as _, Encode, Executor, FromRow, PgPool, Postgres, Sqlite, SqlitePool, Transaction, Type,
};
use std::borrow::Cow;
use std::fs::File;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

pub(crate) mod search;

static SHARED: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// Most rows of one page of a list.
const PAGE: usize = 100;

/// `in ($2, … $101)`: the ids, or other keys, of the rows of one page, after one other value. Neither array nor JSON functions are the
/// same in both databases; places that are not needed are null and match nothing.
macro_rules! one_of_page {
    () => {
        "in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45,
             $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65, $66,
             $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, $81, $82, $83, $84, $85, $86, $87,
             $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100, $101)"
    };
}
pub(crate) use one_of_page;

/// Ids as one text, in which `like '%' || hex(id) || '%'` finds each of them, on either database.
pub(crate) fn hex(ids: &[OrgId]) -> String {
    ids.iter().map(|id| format!("{:X},", id.0.simple())).collect()
}

const ACQUIRE: Duration = Duration::from_secs(5);

/// A database with its pools. Cloning shares them.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// SQLite takes one writer at a time: a pool of one queues them, readers go beside it.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Tx::commit`], nothing has happened.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Any value that both databases can store.
pub(crate) trait Bind:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}
impl<T> Bind for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}

/// Any row that both databases can give.
pub(crate) trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl Db {
    /// Opens the database; makes the file of an embedded one.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path, config.sqlite_synchronous_full).await,
            DatabaseUrl::Postgres(url) => Self::open_postgres(url, config).await,
        }
    }

    async fn open_sqlite(path: &Path, synchronous_full: bool) -> anyhow::Result<Self> {
        let synchronous = if synchronous_full { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
        if let Some(folder) = path.parent() {
            make_private_folder(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE)
            .pragma("cache_size", "-16000");
        let writer =
            PoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE).connect_with(options.clone()).await?;
        let readers = PoolOptions::new()
            .max_connections(4)
            .acquire_timeout(ACQUIRE)
            .connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Self::Sqlite { writer, readers })
    }

    async fn open_postgres(url: &str, config: &Config) -> anyhow::Result<Self> {
        let mut options = PgConnectOptions::from_str(url)?.options([
            ("lock_timeout", "2s"),
            ("statement_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ]);
        if let Some(file) = &config.ca_file {
            options = options.ssl_root_cert(file);
        }
        let pool = PoolOptions::new()
            .max_connections(config.postgres_connections)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Brings the schema up to date. Of several instances that start at once, one does it and the others wait.
    pub(crate) async fn migrate(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { writer, .. } => joined(&SQLITE).run(writer).await?,
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                // One waits for the other, and some steps take long: the limits of requests are not for this.
                connection.execute("set lock_timeout = 0").await?;
                connection.execute("set statement_timeout = 0").await?;
                let migrated = joined(&POSTGRES).run(&mut *connection).await;
                // This connection is not given back with its limits off.
                connection.detach().close().await?;
                migrated?;
            }
        }
        Ok(())
    }

    /// A transaction that only reads.
    pub(crate) async fn read(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(broken)
    }

    /// A transaction that writes. On SQLite it takes the write lock at once: upgrading a reader would fail without
    /// waiting whenever somebody else has written meanwhile.
    pub(crate) async fn write(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { writer, .. } => writer.begin_with("begin immediate").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(broken)
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        match self {
            Self::Sqlite { readers, .. } => readers.execute("select 1").await.map(drop),
            Self::Postgres(pool) => pool.execute("select 1").await.map(drop),
        }
        .map_err(broken)
    }

    /// Ends all connections, after what they are doing.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Waits until this program alone holds the lock; dropping the file lets go.
pub(crate) async fn lock_file(path: PathBuf) -> anyhow::Result<File> {
    tokio::task::spawn_blocking(move || {
        let file = File::create(path)?;
        file.lock()?;
        Ok(file)
    })
    .await?
}

/// Makes a folder that only its owner may look into.
pub(crate) fn make_private_folder(path: &Path) -> std::io::Result<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The shared migrations and those of one database, in the order of their numbers.
fn joined(own: &Migrator) -> Migrator {
    let mut migrations = [SHARED.migrations.as_ref(), own.migrations.as_ref()].concat();
    migrations.sort_by_key(|migration| migration.version);
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

impl Tx {
    pub(crate) fn sql(&mut self, text: &'static str) -> Statement<'_> {
        let on = match self {
            Self::Sqlite(tx) => On::Sqlite(&mut *tx, SqliteArguments::default()),
            Self::Postgres(tx) => On::Postgres(&mut *tx, PgArguments::default()),
        };
        Statement { text, on, refused: None }
    }

    /// Lifts the limit of time that requests have, for what goes through everything.
    pub(crate) async fn take_time(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(tx) => tx.execute("set local statement_timeout = 0").await.map(drop).map_err(broken),
        }
    }

    /// Makes everybody else who changes this organization wait. SQLite has one writer anyhow.
    ///
    /// # Errors
    /// `organization_not_found` when it is gone.
    pub(crate) async fn lock_org(&mut self, org: OrgId) -> Result<()> {
        let text = match self {
            Self::Sqlite(_) => "select id from organizations where id = $1",
            Self::Postgres(_) => "select id from organizations where id = $1 for update",
        };
        let found: Option<(OrgId,)> = self.sql(text).bind(org).optional().await?;
        found.map(drop).ok_or_else(|| Code::OrganizationNotFound.into())
    }

    /// Makes everybody else who counts something of this person wait.
    ///
    /// # Errors
    /// `user_not_found` when the account is gone.
    pub(crate) async fn lock_user(&mut self, user: UserId) -> Result<()> {
        let text = match self {
            Self::Sqlite(_) => "select id from users where id = $1",
            Self::Postgres(_) => "select id from users where id = $1 for update",
        };
        let found: Option<(UserId,)> = self.sql(text).bind(user).optional().await?;
        found.map(drop).ok_or_else(|| Code::UserNotFound.into())
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(broken)
    }
}

/// One SQL text with its values.
pub(crate) struct Statement<'t> {
    text: &'static str,
    on: On<'t>,
    refused: Option<sqlx::error::BoxDynError>,
}

enum On<'t> {
    Sqlite(&'t mut SqliteConnection, SqliteArguments),
    Postgres(&'t mut PgConnection, PgArguments),
}

/// Calls a method of sqlx's query on whichever connection the statement holds, and names what comes of it.
macro_rules! run {
    ($statement:ident, $method:ident, $sqlite:expr, $postgres:expr) => {{
        if let Some(refused) = $statement.refused {
            return Err(sqlx::Error::Encode(refused));
        }
        match $statement.on {
            On::Sqlite(connection, values) => {
                sqlx::query_with($statement.text, values).$method(connection).await.map($sqlite)
            }
            On::Postgres(connection, values) => {
                sqlx::query_with($statement.text, values).$method(connection).await.map($postgres)
            }
        }
    }};
}

/// What a database has answered.
enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Rows {
    fn read<T: Record>(&self) -> Result<Vec<T>> {
        let records: Result<_, sqlx::Error> = match self {
            Self::Sqlite(rows) => rows.iter().map(T::from_row).collect(),
            Self::Postgres(rows) => rows.iter().map(T::from_row).collect(),
        };
        records.map_err(broken)
    }
}

impl Statement<'_> {
    pub(crate) fn bind<T: Bind>(mut self, value: T) -> Self {
        let added = match &mut self.on {
            On::Sqlite(_, values) => values.add(value),
            On::Postgres(_, values) => values.add(value),
        };
        self.refused = self.refused.or(added.err());
        self
    }

    /// Fills the places of [`one_of_page!`]; what is bound after them begins at `$102`.
    pub(crate) fn bind_page<T>(mut self, values: impl IntoIterator<Item = T>) -> Self
    where
        Option<T>: Bind,
    {
        let mut values = values.into_iter();
        for _ in 0..PAGE {
            self = self.bind(values.next());
        }
        self
    }

    pub(crate) async fn all<T: Record>(self) -> Result<Vec<T>> {
        self.fetch_all().await.map_err(broken)?.read()
    }

    pub(crate) async fn optional<T: Record>(self) -> Result<Option<T>> {
        Ok(self.fetch_optional().await.map_err(broken)?.read()?.pop())
    }

    pub(crate) async fn one<T: Record>(self) -> Result<T> {
        self.optional().await?.ok_or_else(|| broken(sqlx::Error::RowNotFound))
    }

    /// Says how many rows were changed.
    pub(crate) async fn execute(self) -> Result<u64> {
        self.run().await.map_err(broken)
    }

    /// The same, where the one unique rule that a user can hit is told as `taken`.
    pub(crate) async fn execute_or(self, taken: impl FnOnce() -> Error) -> Result<u64> {
        self.run().await.map_err(|error| match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => taken(),
            _ => broken(error),
        })
    }

    // Rows become records outside of these, which are compiled once, and not for each kind of record.

    async fn fetch_all(self) -> Result<Rows, sqlx::Error> {
        run!(self, fetch_all, Rows::Sqlite, Rows::Postgres)
    }

    async fn fetch_optional(self) -> Result<Rows, sqlx::Error> {
        run!(self, fetch_optional, |row| Rows::Sqlite(Vec::from_iter(row)), |row| Rows::Postgres(Vec::from_iter(row)))
    }

    async fn run(self) -> Result<u64, sqlx::Error> {
        run!(self, execute, |done| done.rows_affected(), |done| done.rows_affected())
    }
}

/// Logs the cause, which no caller may see, and tells whether it is worth trying again.
fn broken(error: sqlx::Error) -> Error {
    tracing::error!(%error, "the database refused");
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Code::ServiceUnavailable.into(),
        // SQLite: busy (5) and its extended forms. Postgres: lock not available, cancelled, shutting down, serialization.
        sqlx::Error::Database(cause)
            if cause.code().is_some_and(|code| {
                matches!(code.as_ref(), "5" | "261" | "517" | "55P03" | "57014" | "57P01" | "57P03" | "40001" | "40P01")
            }) =>
        {
            Code::ServiceUnavailable.into()
        }
        _ => Error::Internal,
    }
}
