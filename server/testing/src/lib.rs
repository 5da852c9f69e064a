//! What tests over HTTP share: a world with an instance, a database and people of its own.

pub mod database;
pub mod operations;
pub mod person;
pub mod picture;
pub mod plans;
pub mod raw;
pub mod reply;
pub mod template;
pub mod world;

pub use raw::Wire;
pub use reply::Reply;
pub use world::World;

/// Makes two tests of one: `name::sqlite` and `name::postgres`. Settings that differ from the usual ones come first.
#[macro_export]
macro_rules! on_each_database {
    (async fn $name:ident($world:ident: World) $body:block) => {
        $crate::on_each_database!(with [], async fn $name($world: World) $body);
    };
    (with $settings:expr, async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            use super::*;

            fn body($world: World) -> $crate::world::Running {
                ::std::boxed::Box::pin(async move $body)
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::world::run($crate::database::Kind::Sqlite, &$settings, body).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::world::run($crate::database::Kind::Postgres, &$settings, body).await;
            }
        }
    };
}
