//! A database for one test, and a way to look into it behind the server's back.

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use std::path::PathBuf;
use url::Url;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug)]
pub struct Database {
    pub kind: Kind,
    /// As the setting `database_url` has it.
    pub url: String,
    /// What belongs to this test alone.
    pub folder: PathBuf,
    name: String,
}

/// A value of a statement.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Number(i64),
    Id(Uuid),
}

/// Runs a statement on whichever database it is.
macro_rules! run {
    ($database:expr, $kind:ident $(::<$row:ty>)?, $sql:expr, $values:expr, $method:ident $(, $part:ident)?) => {
        match $database.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&$database.url).await.expect("SQLite opens");
                let mut query = sqlx::$kind::<sqlx::Sqlite $(, $row)?>(AssertSqlSafe($sql));
                for value in $values {
                    query = match value.clone() {
                        Value::Text(text) => query.bind(text),
                        Value::Number(number) => query.bind(number),
                        Value::Id(id) => query.bind(id),
                    };
                }
                let done = query.$method(&mut connection).await.expect("the statement runs on SQLite");
                connection.close().await.expect("SQLite closes");
                done$(.$part())?
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&$database.url).await.expect("Postgres answers");
                let mut query = sqlx::$kind::<sqlx::Postgres $(, $row)?>(AssertSqlSafe($sql));
                for value in $values {
                    query = match value.clone() {
                        Value::Text(text) => query.bind(text),
                        Value::Number(number) => query.bind(number),
                        Value::Id(id) => query.bind(id),
                    };
                }
                let done = query.$method(&mut connection).await.expect("the statement runs on Postgres");
                connection.close().await.expect("Postgres lets go");
                done$(.$part())?
            }
        }
    };
}

impl Database {
    /// An empty one: a file in a folder of its own, or a database of its own on the server.
    pub async fn create(kind: Kind) -> Self {
        Self::create_from(kind, "template0").await
    }

    /// Another one on the same server, with the same in it. Nobody may be connected to this one.
    pub(crate) async fn copy(&self) -> Self {
        Self::create_from(self.kind, &self.name).await
    }

    async fn create_from(kind: Kind, original: &str) -> Self {
        let name = format!("guildhall_{}", Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir(&folder).expect("the temporary folder is writable");
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.join("guildhall.db").display()),
            Kind::Postgres => {
                on_server(format!("create database {name} template {original}")).await;
                let mut url = Url::parse(&postgres()).expect("GUILDHALL_TEST_POSTGRES is an address");
                url.set_path(&name);
                url.into()
            }
        };
        Self { kind, url, folder, name }
    }

    /// The same with more settings for the connections of the server; SQLite has none.
    pub fn with(mut self, settings: &[(&str, &str)]) -> Self {
        if self.kind == Kind::Postgres {
            let mut url = Url::parse(&self.url).expect("an address");
            url.query_pairs_mut().extend_pairs(settings);
            self.url = url.into();
        }
        self
    }

    pub async fn remove(&self) {
        std::fs::remove_dir_all(&self.folder).expect("the folder is ours to remove");
        if self.kind == Kind::Postgres {
            on_server(format!("drop database {} with (force)", self.name)).await;
        }
    }

    /// Says how many rows were changed.
    pub async fn execute(&self, sql: &str, values: &[Value]) -> u64 {
        let sql = sql.to_owned();
        run!(self, query, sql, values, execute, rows_affected)
    }

    /// What the database says to a statement that it does not run.
    pub async fn refusal(&self, sql: &str) -> String {
        let sql = AssertSqlSafe(sql.to_owned());
        let refused = match self.kind {
            Kind::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("SQLite opens");
                sqlx::query(sql).execute(&mut connection).await.map(drop)
            }
            Kind::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("Postgres answers");
                sqlx::query(sql).execute(&mut connection).await.map(drop)
            }
        };
        refused.expect_err("the statement is refused").to_string()
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("select count(*) from {table}")).await
    }

    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sql.to_owned();
        let row: (i64,) = run!(self, query_as::<(i64,)>, sql, none(), fetch_one);
        row.0
    }

    /// The one text column of a query.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sql.to_owned();
        let rows: Vec<(String,)> = run!(self, query_as::<(String,)>, sql, none(), fetch_all);
        rows.into_iter().map(|(text,)| text).collect()
    }
}

fn none() -> std::slice::Iter<'static, Value> {
    [].iter()
}

/// Runs a statement outside of every test's database.
async fn on_server(sql: String) {
    let mut connection = PgConnection::connect(&postgres()).await.expect("GUILDHALL_TEST_POSTGRES answers");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("databases can be made and removed");
    connection.close().await.expect("Postgres lets go");
}

/// Without a Postgres half of the tests would prove nothing, so they fail.
fn postgres() -> String {
    std::env::var("GUILDHALL_TEST_POSTGRES")
        .expect("GUILDHALL_TEST_POSTGRES is not set: run the tests through scripts/with-postgres")
}
