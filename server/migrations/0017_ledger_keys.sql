-- Which request with an Idempotency-Key made which transaction, written with it: a request that comes again after its
-- answer was lost finds what it has done.
create table wallet_keys (
    -- Whose key it is, as in idempotency_keys.
    principal text not null,
    organization_id uuid not null,
    -- What is asked of the wallet; a reversal names what it reverses.
    request text not null,
    key text not null,
    body_digest text not null,
    transaction_id uuid not null references wallet_transactions (id),
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    primary key (principal, organization_id, request, key)
);
create index wallet_keys_by_age on wallet_keys (created_at);

-- Names as they are searched for. Events from before can be found in every other way.
alter table audit_events add column actor_folded text not null default '';
alter table audit_events add column target_folded text not null default '';
