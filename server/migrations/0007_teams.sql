-- Teams, and who is in them. The keys carry the organization, so that a team only ever holds members of its own.

create table teams (
    id uuid primary key not null,
    organization_id uuid not null references organizations (id) on delete cascade,
    slug text not null,
    name text not null,
    name_folded text not null,
    description text,
    -- `#RRGGBB` in capitals.
    color text,
    member_count bigint not null default 0 check (member_count between 0 and 9007199254740991),
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    unique (organization_id, id),
    unique (organization_id, slug)
);
create unique index teams_by_name on teams (organization_id, name_folded);
create index teams_by_age on teams (organization_id, created_at, id);
create index teams_by_size on teams (organization_id, member_count, id);

create table team_members (
    organization_id uuid not null,
    team_id uuid not null,
    user_id uuid not null,
    role text not null check (role in ('lead', 'member')),
    -- A copy of the membership's, so that the list needs no sort.
    name_folded text not null,
    added_at bigint not null check (added_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    primary key (team_id, user_id),
    foreign key (organization_id, team_id) references teams (organization_id, id) on delete cascade,
    foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
create index team_members_by_name on team_members (team_id, name_folded, user_id);
create index team_members_of_user on team_members (organization_id, user_id, team_id);
