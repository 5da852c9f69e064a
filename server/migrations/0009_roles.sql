-- Roles that an organization makes for itself, beside the system roles, and how many hold each.

create table roles (
    -- 48 random bits, above the fixed ids of the system roles.
    id bigint primary key not null check (id between 1000 and 281474976710655),
    organization_id uuid not null references organizations (id) on delete cascade,
    key text not null,
    name text not null,
    description text,
    -- Names of permissions, separated by spaces.
    permissions text not null,
    created_at bigint not null check (created_at between 0 and 9007199254740991),
    updated_at bigint not null check (updated_at between 0 and 9007199254740991),
    version bigint not null default 1 check (version between 1 and 9007199254740991),
    unique (organization_id, id),
    unique (organization_id, key)
);

create table member_roles (
    organization_id uuid not null,
    user_id uuid not null,
    role_id bigint not null,
    primary key (organization_id, user_id, role_id),
    foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade,
    foreign key (organization_id, role_id) references roles (organization_id, id) on delete cascade
);
create index member_roles_by_role on member_roles (organization_id, role_id, user_id);

-- Who holds a role is counted as it changes: counting a role of an organization of a million would be a walk.
create table role_counts (
    organization_id uuid not null references organizations (id) on delete cascade,
    -- 1 to 5 for the system roles (owner, admin, member, billing, viewer).
    role_id bigint not null,
    member_count bigint not null check (member_count between 0 and 9007199254740991),
    primary key (organization_id, role_id)
);
insert into role_counts (organization_id, role_id, member_count)
select organization_id,
       case role when 'owner' then 1 when 'admin' then 2 when 'member' then 3 when 'billing' then 4 else 5 end,
       count(*)
from memberships
group by organization_id, role;

-- How many active members there were at the end of each day (days since 1970, UTC), written when the number changes.
create table member_days (
    organization_id uuid not null references organizations (id) on delete cascade,
    day bigint not null check (day between 0 and 100000000),
    member_count bigint not null check (member_count between 0 and 9007199254740991),
    primary key (organization_id, day)
);
