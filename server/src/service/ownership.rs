//! Handing an organization over to another member.

use super::audit::{self, Event, Origin, Target};
use super::members::roles::{Standing, all_own, default_role, instead, set_own, standing};
use super::members::{self, sql as rows, take_out};
use super::{invitations, orgs};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::outbox::{self, Mail};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::member::{Member, MemberStatus, RoleKey, Transfer, Transferred};
use domain::org::{Editor, Status};
use domain::policy::{Permission, Role};
use domain::time::Timestamp;

/// Makes another active member the owner. The former owner becomes an admin, or what is asked, or leaves.
///
/// # Errors
/// `permission_denied`, `reauthentication_required`, `not_a_member`, `member_suspended`, `already_owner`,
/// `role_unknown`, `permission_escalation`, `organization_suspended`, `organization_banned`.
#[crate::operation]
pub async fn transfer(app: &App, caller: &Caller, transfer: Submitted<Transfer>) -> Result<Transferred> {
    require_transferable(caller)?;
    caller.principal.require_fresh(app.now())?;
    let transfer = transfer.open()?;
    let successor = transfer.successor()?;
    let (mut tx, caller) = caller.relocked(app).await?;
    let now = app.now();
    require_transferable(&caller)?;
    let me = caller.principal.user;
    let former_role = transfer.previous_owner_role.as_ref();
    let succession = Succession { heir: &successor, field: "new_owner_uid", former_role };
    let (former, target) = succeed(&mut tx, &caller, succession, now).await?;
    if transfer.then_leave {
        take_out(app, &mut tx, &caller, &former, Action::MemberLeft).await?;
    }
    let organization = orgs::find(&mut tx, caller.org, Some(me), now).await?.ok_or(Error::Internal)?;
    let organization = orgs::dressed_for(app, &mut tx, me, organization).await?;
    let new_owner = members::of(&mut tx, &caller, target.user_id).await?.ok_or(Error::Internal)?;
    let previous_owner = members::of(&mut tx, &caller, former.user_id).await?;
    tx.commit().await?;
    Ok(Transferred { organization, previous_owner, new_owner })
}

/// Who follows the present owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Succession<'a> {
    /// The path form of the member who becomes the owner.
    pub(crate) heir: &'a str,
    /// The field that names the heir.
    pub(crate) field: &'a str,
    /// What the former owner becomes; an admin unless given.
    pub(crate) former_role: Option<&'a RoleKey>,
}

/// Makes the heir the owner, within a change that is under way; gives the former owner with the new role, and the heir
/// as before.
///
/// # Errors
/// `not_a_member`, `member_suspended`, `already_owner`, `role_unknown`, `permission_escalation`.
pub(crate) async fn succeed(
    tx: &mut Tx,
    caller: &Caller,
    succession: Succession<'_>,
    now: Timestamp,
) -> Result<(Member, Member)> {
    let me = caller.principal.user;
    let target = rows::find(tx, caller.org, succession.heir, me).await?;
    let target = target.ok_or_else(|| not_a_member(succession.field))?;
    require_successor(&target)?;
    let org = orgs::find(tx, caller.org, Some(me), now).await?.ok_or(Error::Internal)?;
    let former = rows::find(tx, caller.org, &org.owner.to_string(), me).await?.ok_or(Error::Internal)?;
    let held = standing(tx, caller.org, former.user_id, Role::Owner).await?;
    let left = left_to(tx, caller, succession.former_role, &held).await?;
    hand_over(tx, caller.org, &former, left.role, &target, now).await?;
    set_own(tx, caller.org, former.user_id, &held, &left).await?;
    invitations::revoke_beyond(tx, caller, former.user_id, left.permissions(), now).await?;
    let changes = Changes::default().of("owner", former.user_id, target.user_id);
    let event = Event::new(caller.org, Action::OwnershipTransferred, Target::org(caller.org, &org.name));
    audit::record(tx, &Origin::from(caller), event.with(changes), now).await?;
    for member in [&former, &target] {
        let mail = Mail::OwnershipTransferred { user: member.user_id, org: caller.org };
        outbox::enqueue(tx, mail, &member.email, now).await?;
    }
    Ok((Member { role: left.role, ..former }, target))
}

/// Also an inactive organization can be handed over: that is how it comes back into use. The platform hands over any
/// that is not about to be deleted.
///
/// # Errors
/// `organization_…` by status, `insufficient_scope`, `permission_denied`.
pub(crate) fn require_transferable(caller: &Caller) -> Result<()> {
    match (caller.org_status, caller.editor()) {
        (Status::PendingDeletion, _) => caller.org_status.writable(),
        (Status::Active | Status::Inactive, _) | (_, Editor::Platform) => caller.require_power(Permission::OrgTransfer),
        (status, _) => status.writable(),
    }
}

fn require_successor(target: &Member) -> Result<()> {
    match (target.role, target.status) {
        (Role::Owner, _) => Err(Code::AlreadyOwner.into()),
        (_, MemberStatus::Suspended) => Err(Code::MemberSuspended.into()),
        _ => Ok(()),
    }
}

/// What is left to the former owner: a system role beside the roles that were held, or one of the organization's own
/// beside the usual system role. An admin unless something else is said.
async fn left_to(tx: &mut Tx, caller: &Caller, wanted: Option<&RoleKey>, held: &Standing) -> Result<Standing> {
    let field = "previous_owner_role";
    let admin = Standing { role: Role::Admin, own: held.own.clone() };
    let Some(wanted) = wanted else { return Ok(admin) };
    match Role::find(&wanted.to_string()) {
        Some(Role::Owner) => Err(Error::field(field, Code::RoleUnknown, "There is one owner.")),
        Some(role) => Ok(Standing { role, ..admin }),
        None => {
            let usual = Standing { role: default_role(tx, caller.org).await?, own: Vec::new() };
            let left = instead(wanted, field, &all_own(tx, caller.org).await?, &usual)?;
            caller.authority().may_grant(left.permissions())?;
            Ok(left)
        }
    }
}

fn not_a_member(field: &str) -> Error {
    Error::field(field, Code::NotAMember, "This person is not a member.")
}

/// In this order: the schema takes no second owner, and checks at commit that there is one.
async fn hand_over(
    tx: &mut Tx,
    org: OrgId,
    former: &Member,
    former_role: Role,
    successor: &Member,
    now: Timestamp,
) -> Result<()> {
    rows::set_role(tx, org, former.user_id, Role::Owner, former_role).await?;
    rows::set_role(tx, org, successor.user_id, successor.role, Role::Owner).await?;
    rows::touch(tx, org, former.user_id, now).await?;
    rows::touch(tx, org, successor.user_id, now).await?;
    tx.sql("update organizations set owner_id = $2, updated_at = $3, version = version + 1 where id = $1")
        .bind(org)
        .bind(successor.user_id)
        .bind(now)
        .execute()
        .await
        .map(drop)
}
