//! The whole server over HTTP: each test has an instance, a database and people of its own, once on SQLite and once on
//! Postgres. Run it through `scripts/with-postgres`.

#[macro_use]
extern crate testing;

use testing as support;

mod acceptance_checks {
    //! The checks of the contract, in its words and by its numbers.

    mod answers;
    mod authority;
    pub(crate) mod clients;
    mod invitations;
    mod lists;
    mod slugs;
    mod standing;
    mod wallet;
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
    pub(crate) mod conditional;
    mod cross_origin;
    mod framing;
    mod hosts;
    mod idempotency;
    mod openapi;
    mod pages;
    mod preferences;
    pub(crate) mod problems;
    mod quotas;
}

mod older_clients {
    //! One test for each row of api.md 4.7: the call as that description has it.

    mod camel_case;
    mod client;
    mod orgs;
    mod slug_and_cursor;
    mod unversioned;
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
    pub(crate) mod crowd;
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
    pub(crate) mod books;
    mod listing;
    mod moving;
    mod terms;
}

mod records {
    mod audit;
    mod audit_log;
    mod counters;
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
