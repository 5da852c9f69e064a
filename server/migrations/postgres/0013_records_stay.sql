-- The ledger is only ever added to; so is the audit log, but for events that are older than its retention.

create table audit_retention (
    id bigint primary key not null check (id = 1),
    -- Events before this moment may be removed.
    before_at bigint not null
);
insert into audit_retention (id, before_at) values (1, 0);

create function only_added_to() returns trigger language plpgsql as $$
begin
    raise exception '% is only added to', tg_table_name;
end $$;

create function kept_for_a_while() returns trigger language plpgsql as $$
begin
    if old.created_at >= (select before_at from audit_retention) then
        raise exception '% is only added to', tg_table_name;
    end if;
    return old;
end $$;

create trigger wallet_transactions_stay before update or delete on wallet_transactions
    for each row execute function only_added_to();
create trigger audit_events_stay before update on audit_events
    for each row execute function only_added_to();
create trigger audit_events_keep before delete on audit_events
    for each row execute function kept_for_a_while();
