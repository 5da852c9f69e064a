-- What happened, and what has to be sent. Both are written in the transaction of the change they belong to.

create table audit_events (
    id uuid primary key not null,
    -- Null for what concerns an account alone. No foreign key: the record outlives what it tells of.
    organization_id uuid,
    action text not null,
    actor_kind text not null check (actor_kind in ('user', 'token', 'platform_admin', 'system')),
    actor_id uuid,
    actor_name text not null,
    token_id uuid,
    target_kind text not null,
    target_id text not null,
    target_name text not null,
    -- JSON: [{"field", "from", "to"}]
    changes text not null,
    ip text,
    user_agent text,
    request_id text,
    created_at bigint not null check (created_at between 0 and 9007199254740991)
);
create index audit_events_by_age on audit_events (organization_id, created_at, id);

-- Mail to be sent. No body and no token is kept: the worker renders both at the moment of sending.
create table outbox (
    id uuid primary key not null,
    kind text not null,
    recipient text not null,
    -- The row that the mail is about.
    subject_id uuid not null,
    -- JSON: what else the text needs and is no secret.
    details text not null,
    state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'skipped')),
    attempts bigint not null default 0 check (attempts between 0 and 1000),
    next_attempt_at bigint not null,
    -- While a worker holds it, nobody else sends it.
    claimed_until bigint not null default 0,
    last_error text,
    created_at bigint not null,
    sent_at bigint
);
create index outbox_due on outbox (state, next_attempt_at);
create index outbox_subject on outbox (subject_id, state);
