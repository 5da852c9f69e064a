//! Who may do what: every route of the API and every server function, tried by every kind of caller. What is expected
//! follows from what each of them needs; `api.txt`, `server_functions.txt` and `statuses.txt` show it, so that a change
//! of policy is a difference that one can read. `UPDATE=1 cargo test -p app` writes them anew.

mod caller;
mod known;
mod need;
mod routes;
mod scene;
mod server_functions;
mod standing;
mod table;
mod trial;

use axum::Router;
use testing::database::Kind;
use testing::world::{Settings, run_serving};

const SETTINGS: Settings<'_> = &[("sign_up", "open"), ("limits", "orgs_per_user=1000")];

/// The two ways into the operations.
fn answers(app: server::App) -> Router {
    server::api::router(app.clone()).merge(app::actions::router(app))
}

#[test]
fn the_tables_are_the_committed_ones() {
    table::compare("api.txt", &table::of_routes());
    table::compare("server_functions.txt", &table::of_server_functions());
    table::compare("statuses.txt", &table::of_statuses());
}

#[test]
fn no_route_is_missing() {
    let listed: Vec<_> = routes::all().iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
    known::require_same(known::routes(), listed);
    let listed: Vec<_> = server_functions::all().iter().map(|function| function.name.to_owned()).collect();
    known::require_same(known::server_functions(), listed);
}

mod every_route_keeps_to_the_table {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        run_serving(answers, Kind::Sqlite, SETTINGS, |world| Box::pin(trial::of_routes(world))).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        run_serving(answers, Kind::Postgres, SETTINGS, |world| Box::pin(trial::of_routes(world))).await;
    }
}

mod every_server_function_keeps_to_the_table {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        run_serving(answers, Kind::Sqlite, SETTINGS, |world| Box::pin(trial::of_server_functions(world))).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        run_serving(answers, Kind::Postgres, SETTINGS, |world| Box::pin(trial::of_server_functions(world))).await;
    }
}

mod every_status_keeps_to_the_table {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        run_serving(answers, Kind::Sqlite, SETTINGS, |world| Box::pin(trial::of_statuses(world))).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        run_serving(answers, Kind::Postgres, SETTINGS, |world| Box::pin(trial::of_statuses(world))).await;
    }
}
