-- Tokens belong to a person or to an organization. A rotated token's former secret may live on for a while.

create table tokens_of_both_kinds (
    id uuid primary key not null,
    kind text not null check (kind in ('personal', 'organization')),
    user_id uuid references users (id) on delete cascade,
    organization_id uuid references organizations (id) on delete cascade,
    -- Names of a personal token's only organizations, as ids separated by spaces; null for no restriction.
    organizations text,
    created_by uuid references users (id) on delete set null,
    name text not null,
    -- The first characters, by which a person recognizes it.
    prefix text not null,
    digest text not null unique,
    former_digest text unique,
    former_expires_at bigint,
    -- Names of permissions, separated by spaces.
    scopes text not null,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    last_used_at bigint,
    last_used_ip text,
    expires_at bigint,
    revoked_at bigint,
    check ((kind = 'personal') = (user_id is not null)),
    check ((kind = 'organization') = (organization_id is not null)),
    check ((former_digest is null) = (former_expires_at is null))
);
insert into tokens_of_both_kinds (id, kind, user_id, created_by, name, prefix, digest, scopes, created_at, last_used_at,
       last_used_ip, expires_at, revoked_at)
select id, 'personal', user_id, user_id, name, prefix, digest, scopes, created_at, last_used_at, last_used_ip, expires_at,
       revoked_at
from tokens;
drop table tokens;
alter table tokens_of_both_kinds rename to tokens;
create index tokens_of_user on tokens (user_id, created_at, id);
create index tokens_of_organization on tokens (organization_id, created_at, id);
