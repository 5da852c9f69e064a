//! What has to hold in the database at any time, as queries that give the rows that break it.

use crate::App;
use domain::error::Result;

mod counters;

use counters::COUNTERS;
pub(crate) use counters::repair;

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub rule: &'static str,
    pub row: String,
}

/// The rules beside those of [`counters`], each with a query whose one column names the rows that break it.
const RULES: &[(&str, &str)] = &[
    (
        "an organization has exactly one owner, who is an active member",
        "select o.slug from organizations o
         where (select count(*) from memberships m
                where m.organization_id = o.id and m.role = 'owner' and m.status = 'active'
                  and m.user_id = o.owner_id) <> 1
            or (select count(*) from memberships m where m.organization_id = o.id and m.role = 'owner') <> 1",
    ),
    (
        "a role gives nothing that is the owner's or the platform's alone",
        "select key from roles
         where ' ' || permissions || ' ' like '% org:delete %' or ' ' || permissions || ' ' like '% org:transfer %'
            or permissions like '%admin:%'",
    ),
    (
        "an organization has its slug",
        "select o.slug from organizations o
         where not exists (select 1 from slugs s
                           where s.slug = o.slug and s.organization_id = o.id and s.is_current)",
    ),
    (
        "only a deleted organization is to be removed",
        "select o.slug from organizations o
         where o.status <> 'pending_deletion'
           and (o.deleted_at is not null or o.purge_at is not null or o.status_before_deletion is not null)",
    ),
    (
        "an address has at most one open invitation to an organization",
        "select email from invitations where status = 'pending' group by organization_id, email having count(*) > 1",
    ),
    (
        "an invitation offers what its organization has",
        "select i.email from invitations i
         where exists (select 1 from invitation_roles g join roles r on r.id = g.role_id
                       where g.invitation_id = i.id and r.organization_id <> i.organization_id)
            or exists (select 1 from invitation_teams g join teams t on t.id = g.team_id
                       where g.invitation_id = i.id and t.organization_id <> i.organization_id)
            or exists (select 1 from invitation_workspaces g join workspaces w on w.id = g.workspace_id
                       where g.invitation_id = i.id and w.organization_id <> i.organization_id)",
    ),
    (
        "who accepted an invitation is in the audit log",
        "select i.email from invitations i
         where i.status = 'accepted'
           and i.accepted_at >= (select before_at from audit_retention)
           and not exists (select 1 from audit_events a
                           where a.organization_id = i.organization_id and a.action = 'invitation.accepted'
                             and a.target_name = i.email)",
    ),
    (
        "a membership copies the address of its person",
        "select m.email from memberships m join users u on u.id = m.user_id where m.email <> u.email",
    ),
    (
        "a membership copies the username of its person",
        "select m.email from memberships m join users u on u.id = m.user_id
         where coalesce(m.username, '') <> coalesce(u.username, '')",
    ),
    (
        "what is searched is what people and organizations are called",
        "select s.words from searched s
         where not exists (select 1 from memberships m
                           where m.organization_id = s.owner and m.user_id = s.item
                             and s.words = m.name_folded || '\n' || m.email || '\n' || coalesce(m.username, ''))
           and not exists (select 1 from users u
                           where u.id = s.item
                             and s.words = u.name_folded || '\n' || u.email || '\n' || coalesce(u.username, ''))
           and not exists (select 1 from organizations o
                           where o.id = s.item and s.words = o.name_folded || '\n' || o.slug)",
    ),
    (
        "people and organizations are searched, each of them once",
        "select 'searched' where (select count(*) from searched)
             <> (select count(*) from memberships) + (select count(*) from users)
                + (select count(*) from organizations)",
    ),
    (
        "what is searched of invitations and events is what they say",
        "select s.words from searched_records s
         where not exists (select 1 from invitations i
                           where s.kind = 'invitation' and i.id = s.item and i.organization_id = s.owner
                             and s.words = '\n\n' || i.email || '\n\n' || i.name_folded)
           and not exists (select 1 from audit_events a
                           where s.kind = 'event' and a.id = s.item
                             and (a.organization_id = s.owner or a.organization_id is null)
                             and s.words = '\n\n' || a.actor_folded || '\n\n' || a.target_folded
                                           || '\n\n' || coalesce(a.ip, ''))",
    ),
    (
        "invitations and events are searched, each of them once",
        "select 'searched' where (select count(*) from searched_records)
             <> (select count(*) from invitations) + (select count(*) from audit_events)",
    ),
    (
        "a deleted account belongs to no organization",
        "select m.email from memberships m join users u on u.id = m.user_id where u.deleted_at is not null",
    ),
    (
        "a deleted account has no token that lives",
        "select t.prefix from tokens t join users u on u.id = t.user_id
         where u.deleted_at is not null and t.revoked_at is null",
    ),
    (
        "a membership belongs to an organization",
        "select m.email from memberships m
         where not exists (select 1 from organizations o where o.id = m.organization_id)",
    ),
    (
        "a picture is counted once for each that has it",
        "select p.digest from pictures p
         where p.uses <> (select count(*) from organizations o where o.avatar_digest = p.digest)
                         + (select count(*) from users u where u.avatar_digest = p.digest)",
    ),
    (
        "a picture that somebody has is in the store to stay",
        "select held.digest
         from (select avatar_digest as digest from organizations where avatar_digest is not null
               union select avatar_digest from users where avatar_digest is not null) held
         where not exists (select 1 from pictures p where p.digest = held.digest and p.removed_since is null)",
    ),
    (
        "an uploaded picture has its address",
        "select avatar_digest from organizations where avatar_digest is not null and avatar_url is null
         union select avatar_digest from users where avatar_digest is not null and avatar_url is null",
    ),
    (
        "a wallet holds what its transactions have moved",
        "select o.slug from wallets w join organizations o on o.id = w.organization_id
         where w.balance <> (select coalesce(sum(t.signed_amount), 0) from wallet_transactions t
                             where t.organization_id = w.organization_id)
            or w.sms_points <> (select coalesce(sum(case t.kind when 'reversal' then -t.sms_point
                                                                else t.sms_point end), 0)
                                from wallet_transactions t where t.organization_id = w.organization_id)",
    ),
    (
        "a wallet is not further below zero than it may be",
        "select o.slug from wallets w join organizations o on o.id = w.organization_id
         where w.balance < -w.overdraft_limit",
    ),
    (
        "transactions are numbered without a gap",
        "select o.slug from wallets w join organizations o on o.id = w.organization_id
         where w.last_number <> (select count(*) from wallet_transactions t
                                 where t.organization_id = w.organization_id)
            or w.last_number <> (select coalesce(max(t.number), 0) from wallet_transactions t
                                 where t.organization_id = w.organization_id)",
    ),
    (
        "each transaction goes on from the balance before it",
        "select 'transaction ' || cast(l.number as text) from (
             select t.number, t.balance_after,
                    lag(t.balance_after, 1, cast(0 as bigint)) over (partition by t.organization_id order by t.number)
                        + t.signed_amount as expected
             from wallet_transactions t) l
         where l.balance_after <> l.expected",
    ),
    (
        "a reversal moves what it reverses the other way",
        "select 'transaction ' || cast(r.number as text)
         from wallet_transactions r join wallet_transactions t on t.id = r.reverses
         where r.signed_amount <> -t.signed_amount or r.organization_id <> t.organization_id or t.kind = 'reversal'",
    ),
    (
        "teams and workspaces copy the names of their members",
        "select m.email from memberships m
         where exists (select 1 from team_members t
                       where t.organization_id = m.organization_id and t.user_id = m.user_id
                         and t.name_folded <> m.name_folded)
            or exists (select 1 from workspace_members w
                       where w.organization_id = m.organization_id and w.user_id = m.user_id
                         and w.name_folded <> m.name_folded)",
    ),
    (
        "a set-up instance has an enabled platform administrator",
        "select 'instance' from instance i
         where i.set_up_at is not null
           and not exists (select 1 from users u where u.platform_admin and u.disabled_at is null)",
    ),
];

/// How many rules there are.
pub fn count() -> usize {
    RULES.len() + COUNTERS.len()
}

/// Every row that breaks a rule.
///
/// # Errors
/// When the database does not answer.
#[crate::operation]
pub async fn check(app: &App) -> Result<Vec<Broken>> {
    let mut tx = app.db.read().await?;
    tx.take_time().await?;
    let mut broken = Vec::new();
    let counters = COUNTERS.iter().map(|counter| (counter.rule, counter.broken));
    for (rule, query) in RULES.iter().copied().chain(counters) {
        let rows: Vec<(String,)> = tx.sql(query).all().await?;
        broken.extend(rows.into_iter().map(|(row,)| Broken { rule, row }));
    }
    Ok(broken)
}
