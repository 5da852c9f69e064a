-- What lists need to be read in every order and with every filter without sorting and without walking past everybody
-- else, and names of accounts as they are searched for.

create index memberships_of_role_by_name on memberships (organization_id, role, name_folded, user_id);
create index memberships_of_role_by_email on memberships (organization_id, role, email, user_id);
create index memberships_of_role_by_joining on memberships (organization_id, role, joined_at, user_id);
-- Few are suspended; who is active is met on any walk.
create index memberships_suspended_by_name on memberships (organization_id, name_folded, user_id)
    where status = 'suspended';
create index memberships_suspended_by_email on memberships (organization_id, email, user_id)
    where status = 'suspended';
create index memberships_suspended_by_joining on memberships (organization_id, joined_at, user_id)
    where status = 'suspended';
-- The beginning of a username finds a member.
create index memberships_by_username on memberships (organization_id, username, user_id) where username is not null;

-- That names are unique ends no order for Postgres.
create index teams_listed on teams (organization_id, name_folded, id);
create index workspaces_listed on workspaces (organization_id, name_folded, id);

create index organizations_by_slug on organizations (slug);
create index organizations_of_status_by_age on organizations (status, created_at, id);
create index organizations_of_status_by_size on organizations (status, member_count, id);
create index organizations_published_by_name on organizations (visibility, status, name_folded, id);
create index organizations_published_by_age on organizations (visibility, status, created_at, id);
create index organizations_published_by_size on organizations (visibility, status, member_count, id);

alter table users add column name_folded text not null default '';
update users
set name_folded = coalesce((select m.name_folded from memberships m where m.user_id = users.id limit 1), '');
create index users_by_name on users (name_folded);
create index users_who_administer on users (created_at, id) where platform_admin;
create index users_disabled on users (created_at, id)
    where disabled_at is not null and deleted_at is null;

drop index sign_ins_user;
create index sign_ins_of_user on sign_ins (user_id, created_at, id);
create index outbox_of_state on outbox (state, created_at, id);
