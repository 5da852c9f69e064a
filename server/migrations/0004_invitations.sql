-- Invitations. The token that goes out is derived from id and version with a key outside the database.

create table invitations (
    id uuid primary key not null,
    organization_id uuid not null references organizations (id) on delete cascade,
    email text not null,
    name text,
    name_folded text not null,
    role text not null check (role in ('admin', 'billing', 'member', 'viewer')),
    message text,
    redirect_to text,
    status text not null default 'pending'
        check (status in ('pending', 'accepted', 'declined', 'revoked', 'expired')),
    -- Raised when the links sent before have to die.
    token_version bigint not null default 1 check (token_version between 1 and 65535),
    expires_at bigint not null check (expires_at between 0 and 9007199254740991),
    invited_by uuid references users (id) on delete set null,
    resend_count bigint not null default 0 check (resend_count between 0 and 1000000),
    last_sent_at bigint,
    delivery_state text not null check (delivery_state in ('queued', 'sent', 'failed', 'skipped')),
    delivery_failed_at bigint,
    delivery_reason text,
    accepted_at bigint,
    accepted_by uuid,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    check ((status = 'accepted') = (accepted_at is not null and accepted_by is not null))
);
create unique index invitations_one_open on invitations (organization_id, email) where status = 'pending';
create index invitations_by_age on invitations (organization_id, created_at, id);
create index invitations_by_expiry on invitations (organization_id, expires_at, id);
create index invitations_by_email on invitations (organization_id, email, id);
create index invitations_open on invitations (organization_id, status, expires_at);
create index invitations_of_address on invitations (email, created_at, id);
create index invitations_of_inviter on invitations (organization_id, invited_by, status);
