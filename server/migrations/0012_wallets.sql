-- The wallet of an organization and its ledger. Amounts are minor units of the currency. The ledger has no foreign key:
-- it outlives the organization it tells of.

create table wallets (
    organization_id uuid primary key not null references organizations (id) on delete cascade,
    balance bigint not null default 0 check (balance between -1000000000000000 and 1000000000000000),
    -- ISO 4217
    currency text not null default 'USD',
    sms_points bigint not null default 0 check (sms_points between 0 and 1000000000000000),
    overdraft_limit bigint not null default 0 check (overdraft_limit between 0 and 1000000000000000),
    -- The number of the latest transaction.
    last_number bigint not null default 0 check (last_number between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991)
);

create table wallet_transactions (
    id uuid primary key not null,
    organization_id uuid not null,
    number bigint not null check (number between 1 and 9007199254740991),
    kind text not null check (kind in ('charge', 'credit', 'reversal')),
    amount bigint not null check (amount > 0),
    signed_amount bigint not null check (signed_amount in (amount, -amount)),
    balance_after bigint not null,
    service text check (service in ('sms', 'email', 'storage', 'seats', 'subscription', 'other')),
    sms_point bigint,
    sms_points_after bigint not null,
    reason text,
    reference text,
    -- The actor as the audit log writes it, by value.
    actor_kind text not null check (actor_kind in ('user', 'token', 'platform_admin', 'system')),
    actor_id uuid,
    actor_name text not null,
    token_id uuid,
    -- A transaction is reversed at most once.
    reverses uuid unique references wallet_transactions (id),
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    unique (organization_id, number),
    check ((kind = 'reversal') = (reverses is not null))
);
create index wallet_transactions_by_age on wallet_transactions (organization_id, created_at, id);
create index wallet_transactions_by_kind on wallet_transactions (organization_id, kind, created_at, id);
create index wallet_transactions_by_service on wallet_transactions (organization_id, service, created_at, id);
