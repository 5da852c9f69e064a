-- Workspaces, and which members belong to them.

create table workspaces (
    id uuid primary key not null,
    organization_id uuid not null references organizations (id) on delete cascade,
    slug text not null,
    name text not null,
    name_folded text not null,
    description text,
    member_count bigint not null default 0 check (member_count between 0 and 9007199254740991),
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    unique (organization_id, id),
    unique (organization_id, slug)
);
create unique index workspaces_by_name on workspaces (organization_id, name_folded);

create table workspace_members (
    organization_id uuid not null,
    workspace_id uuid not null,
    user_id uuid not null,
    -- A copy of the membership's, so that the list needs no sort.
    name_folded text not null,
    added_at bigint not null check (added_at between 0 and 9007199254740991),
    primary key (workspace_id, user_id),
    foreign key (organization_id, workspace_id) references workspaces (organization_id, id) on delete cascade,
    foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create index workspace_members_by_name on workspace_members (workspace_id, name_folded, user_id);
create index workspace_members_of_user on workspace_members (organization_id, user_id, workspace_id);
