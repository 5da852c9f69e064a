//! The whole server over HTTP: each test has an instance, a database and people of its own, once on SQLite and once on
//! Postgres. Run it through `scripts/with-postgres`.

/// Makes two tests of one: `name::sqlite` and `name::postgres`. Settings that differ from the usual ones come first.
macro_rules! on_each_database {
    (async fn $name:ident($world:ident: World) $body:block) => {
        on_each_database!(with [], async fn $name($world: World) $body);
    };
    (with $settings:expr, async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            use super::*;

            async fn body($world: World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::support::world::run($crate::support::database::Kind::Sqlite, &$settings, body).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::support::world::run($crate::support::database::Kind::Postgres, &$settings, body).await;
            }
        }
    };
}

mod support {
    pub(crate) mod database;
    pub(crate) mod person;
    pub(crate) mod raw;
    pub(crate) mod reply;
    pub(crate) mod template;
    pub(crate) mod world;

    pub(crate) use raw::Wire;
    pub(crate) use reply::Reply;
    pub(crate) use world::World;
}

mod accounts {
    mod passwords;
    mod sessions;
    mod sign_up;
    mod tokens;
}

mod http {
    mod cross_origin;
    mod framing;
    mod hosts;
    mod problems;
}

mod orgs {
    mod changing;
    mod deleting;
    mod founding;
    mod listing;
    mod renaming;
    mod showing;
    mod slugs;
    mod standing;
}

mod platform {
    mod admission;
    mod organizations;
    mod outbox;
    mod people;
}

mod members {
    mod leaving;
    mod listing;
    mod ownership;
    mod roles;
}

mod invitations {
    mod accepting;
    mod at_once;
    mod limits;
    mod listing;
    mod receiving;
    mod resending;
    mod sending;
}

mod records {
    mod audit;
    mod hang_up;
    mod migrations;
    mod outbox;
}

mod bad_inputs {
    //! What the endpoints refuse, field by field: exact code, exact place, nothing written, nothing broken.

    mod bodies;
    mod emails;
    mod field;
    mod names;
    mod passwords;
    mod profiles;
    mod queries;
    mod slugs;
    mod urls;
}
