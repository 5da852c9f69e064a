-- Invitations of one status by age: the list of those that are open, which is looked at most.
create index invitations_listed on invitations (organization_id, status, created_at, id);

-- When the counters were last compared with what they count; null for never.
alter table instance add column counted_at bigint;
