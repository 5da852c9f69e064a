-- Searching invitations and the audit log by substring, as 0022 does for people.

-- Every field follows two line ends: with them one or two characters at its beginning have trigrams too.
do $$
declare
    home text := (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
                  where e.extname = 'pg_trgm');
    -- An array, so that no other index is taken for this one.
    whose text := '(array[organization_id])';
    gap text := 'chr(10) || chr(10)';
begin
    execute format(
        'create index invitations_searched on invitations using gin (
             %s, (letters(%s || email || %s || name_folded)) %I.gin_trgm_ops
         ) with (gin_pending_list_limit = 256)', whose, gap, gap, home);
    execute format(
        'create index audit_events_searched on audit_events using gin (
             %s, (letters(%s || actor_folded || %s || target_folded || %s || coalesce(ip, ''''))) %I.gin_trgm_ops
         ) with (gin_pending_list_limit = 256)', whose, gap, gap, gap, home);
end $$;

-- What is searched: what kind it is, whose, what it names, and the words.
create view searched_records as
select 'invitation' as kind, organization_id as owner, id as item,
       chr(10) || chr(10) || email || chr(10) || chr(10) || name_folded as words
from invitations
union all
select 'event', coalesce(organization_id, '00000000-0000-0000-0000-000000000000'), id,
       chr(10) || chr(10) || actor_folded || chr(10) || chr(10) || target_folded || chr(10) || chr(10)
           || coalesce(ip, '')
from audit_events;

-- Ids are compared with a list of them in a text as SQLite writes them in one.
create function hex(id uuid) returns text language sql immutable strict parallel safe as $body$
    select upper(encode(uuid_send(id), 'hex'))
$body$;
