//! What has to hold in the database at any time, as queries that give the rows that break it.

use crate::App;
use domain::error::Result;

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub rule: &'static str,
    pub row: String,
}

/// The rules, each with a query whose one column names the rows that break it.
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
        "member_count is the number of active members",
        "select o.slug from organizations o
         where o.member_count <>
               (select count(*) from memberships m where m.organization_id = o.id and m.status = 'active')",
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
        "who accepted an invitation is in the audit log",
        "select i.email from invitations i
         where i.status = 'accepted'
           and not exists (select 1 from audit_events a
                           where a.organization_id = i.organization_id and a.action = 'invitation.accepted'
                             and a.target_name = i.email)",
    ),
    (
        "a membership copies the address of its person",
        "select m.email from memberships m join users u on u.id = m.user_id where m.email <> u.email",
    ),
    (
        "a membership belongs to an organization",
        "select m.email from memberships m
         where not exists (select 1 from organizations o where o.id = m.organization_id)",
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
    RULES.len()
}

/// Every row that breaks a rule.
///
/// # Errors
/// When the database does not answer.
pub async fn check(app: &App) -> Result<Vec<Broken>> {
    let mut tx = app.db.read().await?;
    let mut broken = Vec::new();
    for (rule, query) in RULES {
        let rows: Vec<(String,)> = tx.sql(query).all().await?;
        broken.extend(rows.into_iter().map(|(row,)| Broken { rule, row }));
    }
    Ok(broken)
}
