-- What a person chooses for themselves, pictures, and what administration needs to know of an organization.

alter table users add column time_zone text;
alter table users add column locale text;
alter table users add column theme text not null default 'system' check (theme in ('system', 'light', 'dark'));
-- An address that is to replace the present one once it is confirmed.
alter table users add column next_email text;
-- SHA-256 of an uploaded picture, which is its name in the store.
alter table users add column avatar_digest text;
alter table users add column deleted_at bigint;

alter table organizations add column avatar_digest text;
-- JSON: [{"type", "id"}]
alter table organizations add column managed_by text not null default '[]';
-- The status to go back to when a deleted organization is restored.
alter table organizations add column status_before_deletion text
    check (status_before_deletion in ('active', 'inactive', 'suspended', 'banned'));
create index organizations_by_name on organizations (name_folded, id);
create index organizations_by_age on organizations (created_at, id);
create index organizations_by_size on organizations (member_count, id);
create index organizations_by_status on organizations (status, name_folded, id);
create index organizations_to_purge on organizations (purge_at) where purge_at is not null;

create index users_by_age on users (created_at, id);
create index outbox_by_age on outbox (created_at, id);
create index audit_events_of_all on audit_events (created_at, id);
create index audit_events_by_action on audit_events (organization_id, action, created_at, id);
create index audit_events_by_actor on audit_events (organization_id, actor_id, created_at, id);
create index audit_events_by_target on audit_events (organization_id, target_kind, target_id, created_at, id);
