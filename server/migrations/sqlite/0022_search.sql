-- Searching by substring, with an FTS5 index of trigrams. Triggers keep it: what is searched follows its row.

-- Everything of one owner lies together in the index, so that a search looks at nothing else. Members are their
-- organization's; accounts and organizations are nobody's, and stand under the least and the greatest id.
create table search_scopes (
    number integer primary key not null check (number between 1 and 2147483647),
    owner uuid not null unique
);

create table search_entries (
    -- The number of the scope, and below it the number in the scope in 32 bits.
    id integer primary key not null,
    item uuid not null,
    words text not null
);
-- The id is part of every index.
create index search_entries_of_item on search_entries (item);

-- What is searched for is folded already.
create virtual table search_index using fts5 (
    words, content = 'search_entries', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
);

create trigger search_entries_insert after insert on search_entries
begin
    insert into search_index (rowid, words) values (new.id, new.words);
end;
create trigger search_entries_delete after delete on search_entries
begin
    insert into search_index (search_index, rowid, words) values ('delete', old.id, old.words);
end;
create trigger search_entries_update after update on search_entries
begin
    insert into search_index (search_index, rowid, words) values ('delete', old.id, old.words);
    insert into search_index (rowid, words) values (new.id, new.words);
end;

-- What is searched: whose it is, what it names, and the words.
create view searched as
select s.owner, e.item, e.words
from search_scopes s join search_entries e on e.id > s.number << 32 and e.id < (s.number + 1) << 32;

create trigger searched_insert instead of insert on searched
begin
    insert into search_scopes (owner)
    select new.owner where not exists (select 1 from search_scopes where owner = new.owner);
    insert into search_entries (id, item, words)
    select coalesce((select max(e.id) from search_entries e where e.id < (s.number + 1) << 32 and e.id > s.number << 32),
                    s.number << 32) + 1,
           new.item, new.words
    from search_scopes s where s.owner = new.owner;
end;
create trigger searched_update instead of update on searched
begin
    update search_entries set words = new.words
    where item = new.item
      and id > (select s.number << 32 from search_scopes s where s.owner = new.owner)
      and id < (select (s.number + 1) << 32 from search_scopes s where s.owner = new.owner);
end;
create trigger searched_delete instead of delete on searched
begin
    delete from search_entries
    where item = old.item
      and id > (select s.number << 32 from search_scopes s where s.owner = old.owner)
      and id < (select (s.number + 1) << 32 from search_scopes s where s.owner = old.owner);
end;

create trigger memberships_searched_insert after insert on memberships
begin
    insert into searched (owner, item, words)
    values (new.organization_id, new.user_id,
            new.name_folded || char(10) || new.email || char(10) || coalesce(new.username, ''));
end;
create trigger memberships_searched_update after update of name_folded, email, username on memberships
begin
    update searched set words = new.name_folded || char(10) || new.email || char(10) || coalesce(new.username, '')
    where owner = new.organization_id and item = new.user_id;
end;
create trigger memberships_searched_delete after delete on memberships
begin
    delete from searched where owner = old.organization_id and item = old.user_id;
end;

create trigger users_searched_insert after insert on users
begin
    insert into searched (owner, item, words)
    values (x'00000000000000000000000000000000', new.id,
            new.name_folded || char(10) || new.email || char(10) || coalesce(new.username, ''));
end;
create trigger users_searched_update after update of name_folded, email, username on users
begin
    update searched set words = new.name_folded || char(10) || new.email || char(10) || coalesce(new.username, '')
    where owner = x'00000000000000000000000000000000' and item = new.id;
end;
create trigger users_searched_delete after delete on users
begin
    delete from searched where owner = x'00000000000000000000000000000000' and item = old.id;
end;

create trigger organizations_searched_insert after insert on organizations
begin
    insert into searched (owner, item, words)
    values (x'ffffffffffffffffffffffffffffffff', new.id, new.name_folded || char(10) || new.slug);
end;
create trigger organizations_searched_update after update of name_folded, slug on organizations
begin
    update searched set words = new.name_folded || char(10) || new.slug
    where owner = x'ffffffffffffffffffffffffffffffff' and item = new.id;
end;

-- What goes with an organization, in an order: members are found in its scope as long as that is there.
drop trigger organizations_cascade;
create trigger organizations_cascade after delete on organizations
begin
    delete from memberships where organization_id = old.id;
    delete from searched where owner = x'ffffffffffffffffffffffffffffffff' and item = old.id;
    delete from search_scopes where owner = old.id;
end;

insert into searched (owner, item, words)
select organization_id, user_id, name_folded || char(10) || email || char(10) || coalesce(username, '')
from memberships order by organization_id, joined_at, user_id;
insert into searched (owner, item, words)
select x'00000000000000000000000000000000', id, name_folded || char(10) || email || char(10) || coalesce(username, '')
from users order by created_at, id;
insert into searched (owner, item, words)
select x'ffffffffffffffffffffffffffffffff', id, name_folded || char(10) || slug
from organizations order by created_at, id;
