-- Organizations and their members. That each has exactly one owner, and an active one, is kept by the schema itself:
-- the organization points at its owner's membership with role and status in the key, checked at commit.

create table memberships (
    organization_id uuid not null,
    user_id uuid not null references users (id),
    -- 48 random bits, so that it tells nothing.
    member_id bigint not null unique check (member_id between 1 and 281474976710655),
    role text not null check (role in ('owner', 'admin', 'billing', 'member', 'viewer')),
    status text not null default 'active' check (status in ('active', 'suspended')),
    suspended_reason text,
    -- Copies of what the person is called, folded, so that lists sort and search without a join.
    name_folded text not null,
    email text not null,
    username text,
    last_active_at bigint,
    joined_at bigint not null check (joined_at between 0 and 9007199254740991),
    invited_by uuid,
    updated_at bigint not null,
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    primary key (organization_id, user_id),
    unique (organization_id, user_id, role, status)
);
create unique index memberships_one_owner on memberships (organization_id) where role = 'owner';
create index memberships_by_name on memberships (organization_id, name_folded, user_id);
create index memberships_by_email on memberships (organization_id, email, user_id);
create index memberships_by_joining on memberships (organization_id, joined_at, user_id);
create index memberships_of_user on memberships (user_id, organization_id);

create table organizations (
    id uuid primary key not null,
    slug text not null,
    name text not null,
    name_folded text not null,
    bio text,
    description text,
    avatar_url text,
    website text,
    industry text,
    country_code text,
    email text,
    phone text,
    visibility text not null check (visibility in ('public', 'private')),
    kind text not null default 'standard' check (kind in ('standard', 'personal', 'internal')),
    status text not null default 'active'
        check (status in ('active', 'inactive', 'suspended', 'banned', 'pending_deletion')),
    status_reason text,
    status_changed_at bigint,
    verified_at bigint,
    owner_id uuid not null,
    owner_role text not null default 'owner' check (owner_role = 'owner'),
    owner_status text not null default 'active' check (owner_status = 'active'),
    member_count bigint not null default 0 check (member_count between 0 and 9007199254740991),
    team_count bigint not null default 0 check (team_count between 0 and 9007199254740991),
    workspace_count bigint not null default 0 check (workspace_count between 0 and 9007199254740991),
    member_limit bigint check (member_limit between 1 and 9007199254740991),
    require_2fa boolean not null default false,
    default_role text not null default 'member' check (default_role in ('admin', 'billing', 'member', 'viewer')),
    invitation_ttl_days bigint not null default 7 check (invitation_ttl_days between 1 and 30),
    members_can_invite boolean not null default false,
    last_slug_updated_at bigint,
    deleted_at bigint,
    purge_at bigint,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    foreign key (id, owner_id, owner_role, owner_status)
        references memberships (organization_id, user_id, role, status) deferrable initially deferred
);
create index organizations_of_owner on organizations (owner_id);

-- Every slug in force or held back after a change: unique over both.
create table slugs (
    slug text primary key not null,
    -- Deferred, because the slug is taken before its organization is made.
    organization_id uuid not null references organizations (id) on delete cascade deferrable initially deferred,
    is_current boolean not null,
    released_at bigint
);
create unique index slugs_one_current on slugs (organization_id) where is_current;
