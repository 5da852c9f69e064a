-- What was answered to a request that may come again (Idempotency-Key). Kept for a day.

create table idempotency_keys (
    -- Whose key it is: the person's or the organization token's id.
    principal text not null,
    -- Method and path.
    route text not null,
    key text not null,
    body_digest text not null,
    -- Null while the first request is still at it.
    status bigint check (status between 200 and 499),
    -- JSON: the headers worth keeping, and the body without secrets.
    answer text,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    primary key (principal, route, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
