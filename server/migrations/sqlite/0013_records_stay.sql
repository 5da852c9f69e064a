-- The ledger is only ever added to; so is the audit log, but for events that are older than its retention.

create table audit_retention (
    id bigint primary key not null check (id = 1),
    -- Events before this moment may be removed.
    before_at bigint not null
);
insert into audit_retention (id, before_at) values (1, 0);

create trigger wallet_transactions_stay before update on wallet_transactions
begin
    select raise(abort, 'the ledger is only added to');
end;
create trigger wallet_transactions_keep before delete on wallet_transactions
begin
    select raise(abort, 'the ledger is only added to');
end;
create trigger audit_events_stay before update on audit_events
begin
    select raise(abort, 'the audit log is only added to');
end;
create trigger audit_events_keep before delete on audit_events
when old.created_at >= (select before_at from audit_retention)
begin
    select raise(abort, 'the audit log is only added to');
end;
