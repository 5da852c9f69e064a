-- A slug is held for a while also after its organization is gone for good, so that nobody takes over its visitors.

create table slugs_of_all (
    slug text primary key not null,
    -- Deferred, because the slug is taken before its organization is made. Null once the organization is purged.
    organization_id uuid references organizations (id) on delete set null deferrable initially deferred,
    is_current boolean not null,
    released_at bigint,
    check (not is_current or organization_id is not null)
);
insert into slugs_of_all (slug, organization_id, is_current, released_at)
select slug, organization_id, is_current, released_at from slugs;
drop table slugs;
alter table slugs_of_all rename to slugs;
create unique index slugs_one_current on slugs (organization_id) where is_current;
create index slugs_released on slugs (released_at) where released_at is not null;
