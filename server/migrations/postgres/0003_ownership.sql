-- A membership belongs to an organization. The two tables point at each other, so this side comes afterwards here.
alter table memberships
    add constraint memberships_organization
    foreign key (organization_id) references organizations (id) on delete cascade;
