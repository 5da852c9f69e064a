-- What an invitation gives beside its system role. What is deleted meanwhile is dropped here as well.

create table invitation_roles (
    invitation_id uuid not null references invitations (id) on delete cascade,
    role_id bigint not null references roles (id) on delete cascade,
    primary key (invitation_id, role_id)
);
create index invitation_roles_by_role on invitation_roles (role_id);

create table invitation_teams (
    invitation_id uuid not null references invitations (id) on delete cascade,
    team_id uuid not null references teams (id) on delete cascade,
    primary key (invitation_id, team_id)
);
create index invitation_teams_by_team on invitation_teams (team_id);

create table invitation_workspaces (
    invitation_id uuid not null references invitations (id) on delete cascade,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    primary key (invitation_id, workspace_id)
);
create index invitation_workspaces_by_workspace on invitation_workspaces (workspace_id);
