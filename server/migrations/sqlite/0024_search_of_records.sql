-- Searching invitations and the audit log by substring, with an FTS5 index of trigrams for each: one for all would be
-- written in leaps, since a change touches several of them. What belongs to one organization lies together, under the
-- number of its scope; what belongs to none stands under that of accounts.

-- Every field follows two line ends: with them one or two characters at its beginning have trigrams too.

create table invitation_entries (
    -- The number of the scope, and below it the number in the scope in 32 bits.
    id integer primary key not null,
    item uuid not null unique,
    words text not null
);
create virtual table invitation_index using fts5 (
    words, content = 'invitation_entries', content_rowid = 'id', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);

create table event_entries (
    -- As above.
    id integer primary key not null,
    item uuid not null unique,
    words text not null
);
create virtual table event_index using fts5 (
    words, content = 'event_entries', content_rowid = 'id', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);

-- What is searched: what kind it is, whose, what it names, and the words.
create view searched_records as
select 'invitation' as kind, s.owner, e.item, e.words
from search_scopes s join invitation_entries e on e.id > s.number << 32 and e.id < (s.number + 1) << 32
union all
select 'event', s.owner, e.item, e.words
from search_scopes s join event_entries e on e.id > s.number << 32 and e.id < (s.number + 1) << 32;

create trigger invitations_searched_insert after insert on invitations
begin
    insert into search_scopes (owner)
    select new.organization_id where not exists (select 1 from search_scopes where owner = new.organization_id);
    insert into invitation_entries (id, item, words)
    select coalesce((select max(e.id) from invitation_entries e
                     where e.id < (s.number + 1) << 32 and e.id > s.number << 32),
                    s.number << 32) + 1,
           new.id, char(10, 10) || new.email || char(10, 10) || new.name_folded
    from search_scopes s where s.owner = new.organization_id;
    insert into invitation_index (rowid, words) select id, words from invitation_entries where item = new.id;
end;
create trigger invitations_searched_update after update of email, name_folded on invitations
when new.email <> old.email or new.name_folded <> old.name_folded
begin
    insert into invitation_index (invitation_index, rowid, words)
    select 'delete', id, words from invitation_entries where item = new.id;
    update invitation_entries set words = char(10, 10) || new.email || char(10, 10) || new.name_folded
    where item = new.id;
    insert into invitation_index (rowid, words) select id, words from invitation_entries where item = new.id;
end;
create trigger invitations_searched_delete after delete on invitations
begin
    insert into invitation_index (invitation_index, rowid, words)
    select 'delete', id, words from invitation_entries where item = old.id;
    delete from invitation_entries where item = old.id;
end;

-- The log itself refuses every change of an event.
create trigger audit_events_searched_insert after insert on audit_events
begin
    insert into search_scopes (owner)
    select coalesce(new.organization_id, x'00000000000000000000000000000000')
    where not exists (select 1 from search_scopes
                      where owner = coalesce(new.organization_id, x'00000000000000000000000000000000'));
    insert into event_entries (id, item, words)
    select coalesce((select max(e.id) from event_entries e
                     where e.id < (s.number + 1) << 32 and e.id > s.number << 32),
                    s.number << 32) + 1,
           new.id,
           char(10, 10) || new.actor_folded || char(10, 10) || new.target_folded
               || char(10, 10) || coalesce(new.ip, '')
    from search_scopes s where s.owner = coalesce(new.organization_id, x'00000000000000000000000000000000');
    insert into event_index (rowid, words) select id, words from event_entries where item = new.id;
end;
create trigger audit_events_searched_delete after delete on audit_events
begin
    insert into event_index (event_index, rowid, words)
    select 'delete', id, words from event_entries where item = old.id;
    delete from event_entries where item = old.id;
end;

-- Events outlive their organization, so its scope stays: its number is not given to another.
drop trigger organizations_cascade;
create trigger organizations_cascade after delete on organizations
begin
    delete from memberships where organization_id = old.id;
    delete from searched where owner = x'ffffffffffffffffffffffffffffffff' and item = old.id;
end;

insert into search_scopes (owner)
select organization_id from invitations
union select coalesce(organization_id, x'00000000000000000000000000000000') from audit_events
except select owner from search_scopes;
insert into invitation_entries (id, item, words)
select (s.number << 32) + row_number() over (partition by s.number order by i.created_at, i.id),
       i.id, char(10, 10) || i.email || char(10, 10) || i.name_folded
from invitations i join search_scopes s on s.owner = i.organization_id
order by 1;
insert into invitation_index (invitation_index) values ('rebuild');
insert into event_entries (id, item, words)
select (s.number << 32) + row_number() over (partition by s.number order by a.created_at, a.id),
       a.id,
       char(10, 10) || a.actor_folded || char(10, 10) || a.target_folded || char(10, 10) || coalesce(a.ip, '')
from audit_events a
join search_scopes s on s.owner = coalesce(a.organization_id, x'00000000000000000000000000000000')
order by 1;
insert into event_index (event_index) values ('rebuild');
