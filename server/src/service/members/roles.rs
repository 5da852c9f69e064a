//! The roles that members hold.

use crate::db::{Tx, one_of_page};
use crate::service::roles;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, RoleId, UserId};
use domain::member::{Member, MemberPatch, RoleKey, RoleRef, role_unknown};
use domain::policy::{Permissions, Role};

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
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.own.iter().map(|role| role.key.as_str()).collect()
    }
}

impl From<&OwnRole> for RoleRef {
    fn from(role: &OwnRole) -> Self {
        Self { id: role.id.0, key: role.key.clone(), name: role.name.clone() }
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
    let Some(keys) = &patch.roles else { return Ok(None) };
    let own = all_own(tx, org).await?;
    let usual = default_role(tx, org).await?;
    resolve(keys, &own, usual).map(Some)
}

/// The organization's own roles: it has few enough to read them at once.
pub(crate) async fn all_own(tx: &mut Tx, org: OrgId) -> Result<Vec<OwnRole>> {
    let sql = "select id, key, name, permissions from roles where organization_id = $1 order by created_at, id";
    tx.sql(sql).bind(org).all().await
}

/// What those are of whom nothing else is said.
pub(crate) async fn default_role(tx: &mut Tx, org: OrgId) -> Result<Role> {
    let (role,): (Role,) = tx.sql("select default_role from organizations where id = $1").bind(org).one().await?;
    Ok(role)
}

/// One system role and any of the organization's `own`. Without a system role it is the `usual` one.
///
/// # Errors
/// `role_unknown`, `role_conflict` for several system roles.
pub(crate) fn resolve(keys: &[RoleKey], own: &[OwnRole], usual: Role) -> Result<Standing> {
    let (mut system, mut held): (Option<Role>, Vec<OwnRole>) = (None, Vec::new());
    for (index, key) in keys.iter().enumerate() {
        match Role::find(&key.to_string()) {
            Some(role) if system.is_some_and(|other| other != role) => {
                return Err(Error::field("roles", Code::RoleConflict, "Name one system role."));
            }
            Some(role) => system = Some(role),
            None => {
                let role = find_own(key, own).ok_or_else(|| role_unknown(&format!("roles/{index}")))?;
                if held.iter().all(|other| other.id != role.id) {
                    held.push(role.clone());
                }
            }
        }
    }
    Ok(Standing { role: system.unwrap_or(usual), own: held })
}

/// What one role, named by itself at `field`, makes of this standing: a system role takes the place of the one before,
/// one of the organization's `own` that of all its own.
///
/// # Errors
/// `role_unknown`.
pub(crate) fn instead(key: &RoleKey, field: &str, own: &[OwnRole], present: &Standing) -> Result<Standing> {
    match Role::find(&key.to_string()) {
        Some(role) => Ok(Standing { role, own: present.own.clone() }),
        None => {
            let role = find_own(key, own).ok_or_else(|| role_unknown(field))?;
            Ok(Standing { role: present.role, own: vec![role.clone()] })
        }
    }
}

/// No key looks like an id.
fn find_own<'r>(key: &RoleKey, own: &'r [OwnRole]) -> Option<&'r OwnRole> {
    let text = key.to_string();
    own.iter().find(|role| role.key == text || role.id.to_string() == text)
}

/// Gives and takes the organization's own roles, so that `after` is held.
pub(crate) async fn set_own(tx: &mut Tx, org: OrgId, user: UserId, before: &Standing, after: &Standing) -> Result<()> {
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
