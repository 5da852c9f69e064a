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
    pub(crate) mod plans;
    pub(crate) mod raw;
    pub(crate) mod reply;
    pub(crate) mod template;
    pub(crate) mod world;

    pub(crate) use raw::Wire;
    pub(crate) use reply::Reply;
    pub(crate) use world::World;
}

mod accounts {
    mod addresses;
    mod affiliations;
    mod departure;
    mod passwords;
    mod profile;
    mod sessions;
    mod sign_ins;
    mod sign_up;
    mod tokens;
}

mod avatars {
    mod files;
    mod keeping;
    mod people;
    mod refusing;
    mod uploading;
}

mod tokens {
    mod organization;
    mod personal;
    mod rotation;
}

mod http {
    mod aliases;
    mod conditional;
    mod cross_origin;
    mod framing;
    mod hosts;
    mod idempotency;
    mod older_clients;
    mod openapi;
    mod pages;
    mod preferences;
    mod problems;
    mod quotas;
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
    mod stats;
}

mod platform {
    mod admission;
    mod organizations;
    mod outbox;
    mod people;
}

mod members {
    mod bulk;
    mod exporting;
    mod filtering;
    mod leaving;
    mod listing;
    mod ownership;
    mod roles;
    mod suspending;
    mod workspaces;
}

mod lists {
    mod plans;
    mod searching;
    mod seeding;
}

mod roles {
    mod changing;
    mod deleting;
    mod holding;
    mod making;
}

mod teams {
    mod at_once;
    mod changing;
    mod leads;
    mod listing;
    mod making;
    mod members;
    mod moving;
}

mod workspaces {
    mod making;
    mod members;
}

mod invitations {
    mod accepting;
    mod at_once;
    mod bulk;
    mod changing;
    mod limits;
    mod listing;
    mod offering;
    mod receiving;
    mod resending;
    mod sending;
}

mod wallet {
    mod at_once;
    mod books;
    mod listing;
    mod moving;
    mod terms;
}

mod records {
    mod audit;
    mod audit_log;
    mod hang_up;
    mod migrations;
    mod outbox;
}

mod bad_inputs {
    //! What the endpoints refuse, field by field: exact code, exact place, nothing written, nothing broken.

    mod amounts;
    mod bodies;
    mod emails;
    mod field;
    mod groups;
    mod names;
    mod passwords;
    mod profiles;
    mod queries;
    mod slugs;
    mod urls;
}
