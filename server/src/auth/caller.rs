//! A caller in one organization: what they may do there.

use super::principal::{Principal, SEEN_EVERY, noted};
use super::sql::{PlaceRow, find_place, saw_member};
use crate::App;
use crate::db::Tx;
use domain::audit::{Actor, ActorKind};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::member::MemberStatus;
use domain::org::{Editor, Status, Visibility};
use domain::policy::{Authority, Permission, Permissions, Role};

/// A person in an organization: what they may do there, read for this request.
#[derive(Debug, Clone)]
pub struct Caller {
    pub principal: Principal,
    pub org: OrgId,
    pub slug: String,
    pub org_status: Status,
    pub status_reason: Option<String>,
    /// Absent for platform administrators who are no members, and for an organization's token.
    pub role: Option<Role>,
    /// What all roles give, the organization's own among them; a token's scopes narrow it further.
    pub permissions: Permissions,
    /// Whether a platform administrator acts here as such, by a platform endpoint.
    pub as_platform: bool,
}

impl Caller {
    /// Whether this may be done: judged by the organization's status, then the token's scopes, then the role.
    ///
    /// # Errors
    /// `organization_banned`, `…_suspended`, `…_inactive`, `insufficient_scope`, `permission_denied`.
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        self.require_status(permission)?;
        self.require_power(permission)
    }

    /// The same for what may still be done when the organization is not active.
    pub(crate) fn require_power(&self, permission: Permission) -> Result<()> {
        self.principal.require_scope(self.scope_for(permission))?;
        if self.permissions.has(permission) { Ok(()) } else { Err(Code::PermissionDenied.into()) }
    }

    /// At platform endpoints the two scopes of the platform stand for all others.
    fn scope_for(&self, permission: Permission) -> Permission {
        match (self.as_platform, permission.reads()) {
            (false, _) => permission,
            (true, true) => Permission::AdminRead,
            (true, false) => Permission::AdminWrite,
        }
    }

    /// Whether members may look at the organization at all.
    pub(crate) fn require_readable(&self) -> Result<()> {
        self.require_status(Permission::OrgRead)
    }

    /// Whether members may change anything in it.
    pub(crate) fn require_writable(&self) -> Result<()> {
        self.require_status(Permission::OrgUpdate)
    }

    fn require_status(&self, permission: Permission) -> Result<()> {
        match self.org_status {
            _ if self.as_platform => Ok(()),
            Status::Banned if !self.principal.is_platform() => {
                Err(Code::OrganizationBanned.with("status_reason", self.status_reason.clone()))
            }
            status if !permission.reads() => status.writable(),
            _ => Ok(()),
        }
    }

    /// Opens a transaction in which nobody else changes this organization, and judges the caller again inside: what was
    /// true when the request began may have changed meanwhile.
    ///
    /// # Errors
    /// `organization_not_found` for one who is no longer a member, and those of [`Caller::require`].
    pub(crate) async fn locked(&self, app: &App, permission: Permission) -> Result<(Tx, Self)> {
        let (tx, caller) = self.relocked(app).await?;
        caller.require(permission)?;
        Ok((tx, caller))
    }

    /// The same without a judgement: the operation makes its own.
    pub(crate) async fn relocked(&self, app: &App) -> Result<(Tx, Self)> {
        let mut tx = app.db.write().await?;
        tx.lock_org(self.org).await?;
        let place = find_place(&mut tx, &self.org.to_string(), Some(self.principal.user)).await?;
        let place = place.ok_or(Code::OrganizationNotFound)?;
        let principal = self.principal.clone();
        let caller = if self.as_platform { placed_as_platform(principal, place) } else { placed(principal, place) };
        Ok((tx, caller?))
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.require(permission).is_ok()
    }

    /// What counts when somebody acts on other people: role and scopes together.
    pub(crate) fn authority(&self) -> Authority {
        Authority { own: self.effective(), platform: self.principal.is_platform() }
    }

    pub(crate) fn effective(&self) -> Permissions {
        self.permissions.and(self.principal.scopes())
    }

    /// As whom the caller changes the organization itself.
    pub(crate) fn editor(&self) -> Editor {
        match self.role {
            _ if self.as_platform || self.principal.is_platform() => Editor::Platform,
            Some(Role::Owner) => Editor::Owner,
            _ => Editor::Admin,
        }
    }

    pub(crate) fn is_owner(&self) -> bool {
        self.role == Some(Role::Owner)
    }

    pub(crate) fn actor(&self) -> Actor {
        let platform = self.as_platform || (self.role.is_none() && self.principal.platform_admin);
        let actor = self.principal.actor();
        if platform { Actor { kind: ActorKind::PlatformAdmin, ..actor } } else { actor }
    }
}

/// A person in the organization that `reference` names by id or slug. Strangers are told that there is none.
///
/// # Errors
/// `organization_not_found`; [`Error::Moved`] for a former slug, when the person may know the present one.
pub async fn caller(app: &App, principal: Principal, reference: &str) -> Result<Caller> {
    let mut tx = app.db.read().await?;
    let place = find_place(&mut tx, reference, Some(principal.user)).await?.ok_or(Code::OrganizationNotFound)?;
    drop(tx);
    let (now, last_active_at) = (app.now(), place.last_active_at);
    let caller = placed(principal, place)?;
    if caller.role.is_some() && last_active_at.is_none_or(|active| now.since(active) >= SEEN_EVERY) {
        noted(saw_member(app, caller.org, caller.principal.user, now).await);
    }
    Ok(caller)
}

/// What the person may do in this place; for a stranger there is no such place.
fn placed(principal: Principal, place: PlaceRow) -> Result<Caller> {
    let member = place.role.filter(|_| place.membership == Some(MemberStatus::Active));
    let platform = principal.is_platform();
    let stranger = member.is_none() && !principal.is_organization();
    let gone = place.status == Status::PendingDeletion && member != Some(Role::Owner);
    if !principal.reaches(place.id) || ((stranger || gone) && !platform) {
        return Err(Code::OrganizationNotFound.into());
    }
    if !place.is_current {
        return Err(Error::Moved(place.slug));
    }
    let from_roles = member.map_or(Permissions::NONE, |role| role.permissions().or(place.own_roles));
    let from_platform = if platform { Role::Owner.permissions() } else { Permissions::NONE };
    let from_token = if principal.is_organization() { principal.scopes() } else { Permissions::NONE };
    Ok(Caller {
        principal,
        org: place.id,
        slug: place.slug,
        org_status: place.status,
        status_reason: place.status_reason,
        role: member,
        permissions: from_roles.or(from_platform).or(from_token),
        as_platform: false,
    })
}

/// A platform administrator in the organization that `reference` names, whatever its status.
///
/// # Errors
/// `not_found` for everybody else, `organization_not_found`; [`Error::Moved`] for a former slug.
pub async fn platform_caller(app: &App, principal: Principal, reference: &str) -> Result<Caller> {
    principal.require_administrator()?;
    let mut tx = app.db.read().await?;
    let place = find_place(&mut tx, reference, Some(principal.user)).await?.ok_or(Code::OrganizationNotFound)?;
    drop(tx);
    placed_as_platform(principal, place)
}

/// All that an owner may, and what only the platform may.
fn placed_as_platform(principal: Principal, place: PlaceRow) -> Result<Caller> {
    if !place.is_current {
        return Err(Error::Moved(place.slug));
    }
    let platform = [Permission::AdminWrite].into_iter().collect();
    Ok(Caller {
        principal,
        org: place.id,
        slug: place.slug,
        org_status: place.status,
        status_reason: place.status_reason,
        role: place.role.filter(|_| place.membership == Some(MemberStatus::Active)),
        permissions: Role::Owner.permissions().or(platform),
        as_platform: true,
    })
}

/// An organization by id or slug, whoever asks: for what is shown to the public.
pub(crate) async fn public_place(app: &App, reference: &str) -> Result<OrgId> {
    let mut tx = app.db.read().await?;
    let place = find_place(&mut tx, reference, None).await?.ok_or(Code::OrganizationNotFound)?;
    if place.visibility != Visibility::Public || place.status != Status::Active {
        return Err(Code::OrganizationNotFound.into());
    }
    if place.is_current { Ok(place.id) } else { Err(Error::Moved(place.slug)) }
}
