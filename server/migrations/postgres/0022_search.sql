-- Searching by substring, with the trigrams of pg_trgm.

do $$
begin
    create extension if not exists pg_trgm with schema public;
exception when insufficient_privilege then
    raise exception 'Guildhall searches with the extension pg_trgm, which role "%" may not create', current_user
        using hint = 'Let an administrator run "create extension pg_trgm" in this database, then start again.';
end $$;

-- Texts that are compared by their beginning are compared by their bytes, as SQLite does without being told.
alter table users alter column name_folded type text collate "C";
alter table users alter column email type text collate "C";
alter table users alter column username type text collate "C";
alter table memberships alter column username type text collate "C";
alter table organizations alter column slug type text collate "C";

-- pg_trgm sees letters and digits only, and which characters are letters depends on the database's locale. Here every
-- other character becomes one or more of them, so that any three characters have a trigram, everywhere. Texts that
-- differ may become the same, so what is found is compared again.
create function letters(words text) returns text language sql immutable strict parallel safe as $body$
    select translate(
        encode(convert_to(words, 'UTF8'), 'escape'),
        E' !"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~\n',
        'abcdefghijklmnopqrstuvwxyz01234567'
    )
$body$;

-- The organization is part of the index, as an array so that no other index is taken for it: texts that are common
-- elsewhere are not looked at. The list of what came last, which every search reads, is kept short.
do $$
declare
    home text := (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
                  where e.extname = 'pg_trgm');
begin
    execute format(
        'create index memberships_searched on memberships using gin (
             (array[organization_id]),
             (letters(name_folded || chr(10) || email || chr(10) || coalesce(username, ''''))) %I.gin_trgm_ops
         ) with (gin_pending_list_limit = 256)', home);
    execute format(
        'create index users_searched on users using gin (
             (letters(name_folded || chr(10) || email || chr(10) || coalesce(username, ''''))) %I.gin_trgm_ops
         ) with (gin_pending_list_limit = 256)', home);
    execute format(
        'create index organizations_searched on organizations using gin (
             (letters(name_folded || chr(10) || slug)) %I.gin_trgm_ops
         ) with (gin_pending_list_limit = 256)', home);
end $$;

-- What is searched: whose it is, what it names, and the words.
create view searched as
select organization_id as owner, user_id as item, name_folded || chr(10) || email || chr(10) || coalesce(username, '')
    as words
from memberships
union all
select '00000000-0000-0000-0000-000000000000', id, name_folded || chr(10) || email || chr(10) || coalesce(username, '')
from users
union all
select 'ffffffff-ffff-ffff-ffff-ffffffffffff', id, name_folded || chr(10) || slug
from organizations;
