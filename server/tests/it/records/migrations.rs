//! Making the schema.

use crate::support::database::{Database, Kind};
use crate::support::world::config;
use server::App;

/// Five instances start at once on an empty database.
async fn five_start(kind: Kind) {
    let database = Database::create(kind).await;
    let start = async || {
        let app = App::open(config(&database, "127.0.0.1:3000", &[])).await?;
        app.migrate().await?;
        anyhow::Ok(app)
    };

    let apps: [_; 5] = tokio::join!(start(), start(), start(), start(), start()).into();

    for app in &apps {
        let app = app.as_ref().expect("every one of them starts");
        app.ping().await.expect("the database answers");
        app.migrate().await.expect("there is nothing left to do");
        assert_eq!(server::service::invariants::check(app).await, Ok(Vec::new()));
    }
    assert_eq!(database.count("instance").await, 1);
    for app in apps.into_iter().flatten() {
        app.close().await;
    }
    database.remove().await;
}

mod several_instances_start_at_once_on_an_empty_database {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        five_start(Kind::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        five_start(Kind::Postgres).await;
    }
}
