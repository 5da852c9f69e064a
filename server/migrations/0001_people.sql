-- Accounts, and how they are signed in. Times are unix milliseconds; texts that are compared are stored folded.

-- One row: what is known about the instance as a whole.
create table instance (
    id bigint primary key not null check (id = 1),
    set_up_at bigint
);
insert into instance (id) values (1);

create table users (
    id uuid primary key not null,
    -- Lower-case ASCII: the only form in which addresses are kept and compared.
    email text not null unique,
    email_verified_at bigint,
    username text unique,
    full_name text,
    avatar_url text,
    -- Argon2id in PHC form; null until the person chose a password.
    password_hash text,
    platform_admin boolean not null default false,
    -- Raised when all sign-ins and mailed tokens of the account have to end.
    auth_epoch bigint not null default 0 check (auth_epoch between 0 and 9007199254740991),
    disabled_at bigint,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991)
);

-- What the session layer keeps for a cookie: the sign-in's id and messages for the next page. The cookie's value is
-- kept as a digest, so that a copy of the database signs nobody in.
create table sessions (
    digest text primary key not null,
    data text not null,
    expires_at bigint not null
);
create index sessions_expiry on sessions (expires_at);

-- Authority lives here, not in the session's data: a row that is revoked or of an old epoch signs nobody in.
create table sign_ins (
    id uuid primary key not null,
    user_id uuid not null references users (id) on delete cascade,
    auth_epoch bigint not null,
    created_at bigint not null,
    -- When the password was last given.
    fresh_at bigint not null,
    last_seen_at bigint not null,
    revoked_at bigint,
    ip text,
    user_agent text
);
create index sign_ins_user on sign_ins (user_id, created_at);

create table tokens (
    id uuid primary key not null,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    -- The first characters, by which a person recognizes it.
    prefix text not null,
    digest text not null unique,
    -- Names of permissions, separated by spaces.
    scopes text not null,
    created_at bigint not null,
    last_used_at bigint,
    last_used_ip text,
    expires_at bigint,
    revoked_at bigint
);
create index tokens_user on tokens (user_id, created_at);
