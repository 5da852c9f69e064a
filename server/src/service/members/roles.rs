//! The roles that members hold.

use crate::db::{Tx, one_of_page};
use crate::service::roles;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, RoleId, UserId};
use domain::member::{Member, MemberPatch, RoleKey, RoleRef, role_unknown};
use domain::policy::{Permissions, Role};
use domain::role::RoleView;

/// All that somebody is in an organization: a system role, and any of the organization's own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) role: Role,
    pub(crate) own: Vec<OwnRole>,
}

/// A role of the organization's own, as far as its holder is concerned.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(crate) struct OwnRole {
    pub(crate) id: RoleId,
    pub(crate) key: String,
    pub(crate) name: String,
    #[sqlx(try_from = "String")]
    pub(crate) permissions: Permissions,
}

impl Standing {
    pub(crate) fn permissions(&self) -> Permissions {
        self.own.iter().fold(self.role.permissions(), |all, role| all.or(role.permissions))
    }

    fn holds(&self, id: RoleId) -> bool {
        self.own.iter().any(|role| role.id == id)
    }

    /// The keys of the organization's own roles.
    pub(super) fn keys(&self) -> Vec<&str> {
        self.own.iter().map(|role| role.key.as_str()).collect()
    }
}

impl From<RoleView> for OwnRole {
    fn from(role: RoleView) -> Self {
        Self { id: role.id, key: role.key, name: role.name, permissions: role.permissions }
    }
}

/// What a member of this system role is altogether.
pub(crate) async fn standing(tx: &mut Tx, org: OrgId, user: UserId, role: Role) -> Result<Standing> {
    let own = tx
        .sql(
            "select r.id, r.key, r.name, r.permissions
             from member_roles h join roles r on r.id = h.role_id
             where h.organization_id = $1 and h.user_id = $2
             order by r.created_at, r.id",
        )
        .bind(org)
        .bind(user)
        .all()
        .await?;
    Ok(Standing { role, own })
}

/// The same for somebody who may be no member.
pub(crate) async fn standing_of(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Option<Standing>> {
    let sql = "select role from memberships where organization_id = $1 and user_id = $2 and status = 'active'";
    let row: Option<(Role,)> = tx.sql(sql).bind(org).bind(user).optional().await?;
    match row {
        Some((role,)) => standing(tx, org, user, role).await.map(Some),
        None => Ok(None),
    }
}

/// What a member is to be, where the patch says anything of roles.
///
/// # Errors
/// `role_unknown`, `role_conflict` for several system roles.
pub(super) async fn wanted(
    tx: &mut Tx,
    org: OrgId,
    patch: &MemberPatch,
    present: &Standing,
) -> Result<Option<Standing>> {
    if let Some(role) = &patch.role {
        return Ok(Some(Standing { role: role.find("role")?, own: present.own.clone() }));
    }
    match &patch.roles {
        Some(keys) => resolve(tx, org, keys).await.map(Some),
        None => Ok(None),
    }
}

/// One system role and any of the organization's own. Without a system role it is the one that the organization gives
/// to those of whom nothing else is said.
async fn resolve(tx: &mut Tx, org: OrgId, keys: &[RoleKey]) -> Result<Standing> {
    let (mut system, mut own) = (None, Vec::new());
    for (index, key) in keys.iter().enumerate() {
        let field = format!("roles/{index}");
        let found = roles::find(tx, org, &key.to_string()).await?.ok_or_else(|| role_unknown(&field))?;
        match found.as_system() {
            Some(role) if system.is_some_and(|other| other != role) => {
                return Err(Error::field("roles", Code::RoleConflict, "Name one system role."));
            }
            Some(role) => system = Some(role),
            None if own.iter().any(|other: &OwnRole| other.id == found.id) => {}
            None => own.push(OwnRole::from(found)),
        }
    }
    let role = match system {
        Some(role) => role,
        None => {
            let sql = "select default_role from organizations where id = $1";
            let (role,): (Role,) = tx.sql(sql).bind(org).one().await?;
            role
        }
    };
    Ok(Standing { role, own })
}

/// Gives and takes the organization's own roles, so that `after` is held.
pub(super) async fn set_own(tx: &mut Tx, org: OrgId, user: UserId, before: &Standing, after: &Standing) -> Result<()> {
    for role in before.own.iter().filter(|role| !after.holds(role.id)) {
        let sql = "delete from member_roles where organization_id = $1 and user_id = $2 and role_id = $3";
        tx.sql(sql).bind(org).bind(user).bind(role.id).execute().await?;
        roles::sql::count_holders(tx, org, role.id, -1).await?;
    }
    for role in after.own.iter().filter(|role| !before.holds(role.id)) {
        give(tx, org, user, role.id).await?;
    }
    Ok(())
}

/// Gives a member one of the organization's own roles; one who holds it already keeps it.
pub(crate) async fn give(tx: &mut Tx, org: OrgId, user: UserId, role: RoleId) -> Result<()> {
    let given = tx
        .sql(
            "insert into member_roles (organization_id, user_id, role_id) values ($1, $2, $3)
             on conflict (organization_id, user_id, role_id) do nothing",
        )
        .bind(org)
        .bind(user)
        .bind(role)
        .execute()
        .await?;
    if given == 1 { roles::sql::count_holders(tx, org, role, 1).await } else { Ok(()) }
}

/// Counts a member who goes out of all roles.
pub(super) async fn count_out(tx: &mut Tx, org: OrgId, standing: &Standing) -> Result<()> {
    for id in standing.own.iter().map(|role| role.id).chain([RoleId(standing.role.id())]) {
        roles::sql::count_holders(tx, org, id, -1).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Holding {
    user_id: UserId,
    id: i64,
    key: String,
    name: String,
}

/// Names the roles of each member of a page: the system role, then the organization's own.
pub(crate) async fn fill(tx: &mut Tx, org: OrgId, members: &mut [Member]) -> Result<()> {
    let held: Vec<Holding> = tx
        .sql(concat!(
            "select h.user_id, r.id, r.key, r.name from member_roles h join roles r on r.id = h.role_id
             where h.organization_id = $1 and h.user_id ",
            one_of_page!(),
            " order by r.created_at, r.id"
        ))
        .bind(org)
        .bind_page(members.iter().map(|member| member.user_id.0))
        .all()
        .await?;
    for member in members {
        member.roles = vec![member.role.into()];
        let own = held.iter().filter(|holding| holding.user_id == member.user_id);
        member.roles.extend(own.map(|role| RoleRef { id: role.id, key: role.key.clone(), name: role.name.clone() }));
    }
    Ok(())
}
