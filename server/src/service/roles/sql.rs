//! The rows of roles, and the counts of who holds them.

use super::key_taken;
use crate::db::Tx;
use crate::paging::Walk;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, RoleId, UserId};
use domain::page::DEEPEST;
use domain::policy::{Permissions, Role};
use domain::role::{RoleDraft, RoleView};
use domain::time::Timestamp;

/// Which roles are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Both,
    System,
    Own,
}

impl Kind {
    fn system(self) -> bool {
        self != Self::Own
    }

    fn own(self) -> bool {
        self != Self::System
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    pub(super) role: RoleView,
    /// Where it stands in the list.
    pub(super) place: i64,
}

/// The roles of organization `$1`: its own where `$2`, the system's where `$3`. Of the latter only the id is read; they
/// come first.
macro_rules! role {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select r.id, r.key, r.name, r.description, r.permissions, r.created_at, r.updated_at, r.version, r.place,
                    coalesce(c.member_count, 0) as member_count
             from (select id, key, name, description, permissions, created_at, updated_at, version,
                          created_at as place
                   from roles where organization_id = $1 and $2
                   union all
                   select s.id, '' as key, '' as name, null as description, '' as permissions, o.created_at,
                          o.created_at as updated_at, 1 as version, s.id as place
                   from organizations o
                   cross join (select 1 as id union all select 2 union all select 3 union all select 4
                               union all select 5) s
                   where o.id = $1 and $3) r
             left join role_counts c on c.organization_id = $1 and c.role_id = r.id ",
            $($rest),+
        )
    };
}

pub(super) async fn list(tx: &mut Tx, org: OrgId, kind: Kind, walk: &Walk) -> Result<Vec<Row>> {
    let text = if walk.falling {
        role!("where (r.place, r.id) < ($4, $5) order by r.place desc, r.id desc limit $6 offset $7")
    } else {
        role!("where (r.place, r.id) > ($4, $5) order by r.place, r.id limit $6 offset $7")
    };
    tx.sql(text)
        .bind(org)
        .bind(kind.own())
        .bind(kind.system())
        .bind(walk.key.number())
        .bind(i64::try_from(walk.id.as_u128()).unwrap_or(i64::MAX))
        .bind(walk.limit)
        .bind(walk.offset)
        .all()
        .await
}

/// The system's roles and the oldest of the organization's own, as many as a page has at most.
pub(super) async fn first(tx: &mut Tx, org: OrgId) -> Result<Vec<RoleView>> {
    let text = role!("order by r.place, r.id limit 100");
    tx.sql(text).bind(org).bind(true).bind(true).all().await
}

pub(super) async fn count(tx: &mut Tx, org: OrgId, kind: Kind) -> Result<i64> {
    let (own,): (i64,) = tx
        .sql("select count(*) from (select 1 from roles where organization_id = $1 limit $2) counted")
        .bind(org)
        .bind(if kind.own() { i64::from(DEEPEST) + 1 } else { 0 })
        .one()
        .await?;
    let system = if kind.system() { Role::ALL.len() } else { 0 };
    Ok(own + i64::try_from(system).unwrap_or_default())
}

/// Of a system role only the id and the count come from here.
pub(super) async fn find(tx: &mut Tx, org: OrgId, id: RoleId) -> Result<Option<RoleView>> {
    tx.sql(role!("where r.id = $4")).bind(org).bind(true).bind(true).bind(id).optional().await
}

pub(super) async fn find_by_key(tx: &mut Tx, org: OrgId, key: &str) -> Result<Option<RoleView>> {
    tx.sql(role!("where r.key = $4")).bind(org).bind(true).bind(false).bind(key.to_owned()).optional().await
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, id: RoleId, new: &RoleDraft, now: Timestamp) -> Result<()> {
    tx.sql(
        "insert into roles (id, organization_id, key, name, description, permissions, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(id)
    .bind(org)
    .bind(new.key.clone())
    .bind(new.name.to_string())
    .bind(new.description.clone())
    .bind(new.permissions.to_string())
    .bind(now)
    .execute_or(key_taken)
    .await
    .map(drop)
}

pub(super) async fn update(tx: &mut Tx, after: &RoleView, now: Timestamp) -> Result<()> {
    tx.sql(
        "update roles set name = $2, description = $3, permissions = $4, updated_at = $5, version = version + 1
         where id = $1",
    )
    .bind(after.id)
    .bind(after.name.clone())
    .bind(after.description.clone())
    .bind(after.permissions.to_string())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// With it go the rows of those who hold it or are invited to it.
pub(super) async fn delete(tx: &mut Tx, org: OrgId, id: RoleId) -> Result<()> {
    tx.sql("delete from role_counts where organization_id = $1 and role_id = $2").bind(org).bind(id).execute().await?;
    let deleted = tx.sql("delete from roles where id = $1").bind(id).execute().await?;
    if deleted == 1 { Ok(()) } else { Err(Code::RoleNotFound.into()) }
}

pub(super) async fn holds(tx: &mut Tx, org: OrgId, user: UserId, role: RoleId) -> Result<bool> {
    let held: Option<(RoleId,)> = tx
        .sql("select role_id from member_roles where organization_id = $1 and user_id = $2 and role_id = $3")
        .bind(org)
        .bind(user)
        .bind(role)
        .optional()
        .await?;
    Ok(held.is_some())
}

/// The sets that somebody has who holds this role: of their system roles but the owner's, and of the other roles they
/// hold.
pub(super) async fn held_beside(tx: &mut Tx, org: OrgId, role: RoleId) -> Result<Vec<Permissions>> {
    let system: Vec<(Role,)> = tx
        .sql(
            "select distinct m.role from member_roles h
             join memberships m on m.organization_id = h.organization_id and m.user_id = h.user_id
             where h.organization_id = $1 and h.role_id = $2 and m.role <> 'owner'",
        )
        .bind(org)
        .bind(role)
        .all()
        .await?;
    let own: Vec<(String,)> = tx
        .sql(
            "select distinct r.permissions from member_roles h
             join memberships m on m.organization_id = h.organization_id and m.user_id = h.user_id
             join member_roles b on b.organization_id = h.organization_id and b.user_id = h.user_id
             join roles r on r.id = b.role_id
             where h.organization_id = $1 and h.role_id = $2 and m.role <> 'owner'",
        )
        .bind(org)
        .bind(role)
        .all()
        .await?;
    let system = system.into_iter().map(|(role,)| role.permissions());
    Ok(system.chain(own.into_iter().map(|(words,)| words.into())).collect())
}

pub(super) async fn count_open_invitations(tx: &mut Tx, role: RoleId) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql(
            "select count(*) from invitation_roles g join invitations i on i.id = g.invitation_id
             where g.role_id = $1 and i.status = 'pending'",
        )
        .bind(role)
        .one()
        .await?;
    Ok(count)
}

/// Who has sent invitations that are open and holds this role, or offers it in one of them.
pub(super) async fn inviters_with(tx: &mut Tx, org: OrgId, role: RoleId) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = tx
        .sql(
            "select h.user_id from member_roles h
             join invitations i on i.organization_id = h.organization_id and i.invited_by = h.user_id
             where h.organization_id = $1 and h.role_id = $2 and i.status = 'pending'
             union
             select i.invited_by from invitation_roles g join invitations i on i.id = g.invitation_id
             where i.organization_id = $1 and g.role_id = $2 and i.status = 'pending' and i.invited_by is not null",
        )
        .bind(org)
        .bind(role)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Counts so many holders of a role more, or fewer.
pub(crate) async fn count_holders(tx: &mut Tx, org: OrgId, role: RoleId, by: i64) -> Result<()> {
    tx.sql(
        "insert into role_counts (organization_id, role_id, member_count)
         values ($1, $2, case when $3 > 0 then $3 else 0 end)
         on conflict (organization_id, role_id) do update set member_count = role_counts.member_count + $3",
    )
    .bind(org)
    .bind(role)
    .bind(by)
    .execute()
    .await
    .map(drop)
}
