-- A membership belongs to an organization. The two tables point at each other and SQLite adds no constraint
-- afterwards, so triggers keep this side.
create trigger memberships_organization before insert on memberships
when not exists (select 1 from organizations where id = new.organization_id)
begin
    select raise(abort, 'a membership needs its organization');
end;

create trigger memberships_move before update of organization_id on memberships
begin
    select raise(abort, 'a membership stays in its organization');
end;

create trigger organizations_cascade after delete on organizations
begin
    delete from memberships where organization_id = old.id;
end;
