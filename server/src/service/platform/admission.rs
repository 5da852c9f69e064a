//! The one way into an organization without being asked: the platform adds an account.

use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::outbox::{self, Mail};
use crate::service::audit::{self, Event, Origin};
use crate::service::members::{self, Standing, roles};
use crate::service::orgs;
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::member::{Member, RoleKey};
use domain::org::{Organization, Status};
use domain::platform::{Admission, Named};
use domain::policy::{Permission, Role};
use domain::time::Timestamp;

/// Makes the holder of an account a member; says whether they were not one before. Whoever is one already stays as they
/// are.
///
/// # Errors
/// `insufficient_scope`, invalid fields, `role_unknown`, `owner_protected`, `user_not_found`, `account_disabled`,
/// `organization_not_accepting`, `member_limit_reached`.
#[crate::operation]
pub async fn admit(app: &App, caller: &Caller, admission: Submitted<Admission>) -> Result<(Member, bool)> {
    caller.require(Permission::AdminWrite)?;
    let admission = admission.open()?;
    let (field, named) = admission.person()?;
    let (mut tx, caller) = caller.locked(app, Permission::AdminWrite).await?;
    let now = app.now();
    let org = orgs::find(&mut tx, caller.org, None, now).await?.ok_or(Code::OrganizationNotFound)?;
    let standing = wanted(&mut tx, &org, admission.role.as_ref()).await?;
    members::require_grantable(&caller, Some(standing.role), standing.permissions())?;
    let person = find(&mut tx, &named).await?;
    let person = person.ok_or_else(|| Code::UserNotFound.of(field, "There is no such person."))?;
    if let Some(member) = members::of(&mut tx, &caller, person.id).await? {
        return Ok((member, false));
    }
    if person.disabled_at.is_some() {
        return Err(Code::AccountDisabled.into());
    }
    if org.status != Status::Active {
        return Err(Code::OrganizationNotAccepting.into());
    }
    if !orgs::has_seat(&mut tx, org.id, 0).await? {
        return Err(Code::MemberLimitReached.into());
    }
    orgs::insert_membership(&mut tx, org.id, person.id, standing.role, None, now).await?;
    for role in &standing.own {
        roles::give(&mut tx, org.id, person.id, role.id).await?;
    }
    let member = members::of(&mut tx, &caller, person.id).await?.ok_or(Error::Internal)?;
    let nothing: [&str; 0] = [];
    let changes = Changes::default().of("role", None::<Role>, standing.role).of("roles", nothing, standing.keys());
    let event = Event::new(org.id, Action::MemberAdded, members::target_of(&member)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    let mail = Mail::MemberAdded { user: person.id, org: org.id };
    outbox::enqueue(&mut tx, mail, &member.email, now).await?;
    tx.commit().await?;
    Ok((member, true))
}

/// One role of either kind, as an invitation gives it; the usual one where none is named.
async fn wanted(tx: &mut Tx, org: &Organization, role: Option<&RoleKey>) -> Result<Standing> {
    let usual = Standing { role: org.settings.default_role, own: Vec::new() };
    match role {
        Some(role) => roles::instead(role, "role", &roles::all_own(tx, org.id).await?, &usual),
        None => Ok(usual),
    }
}

#[derive(sqlx::FromRow)]
struct Person {
    id: UserId,
    disabled_at: Option<Timestamp>,
}

async fn find(tx: &mut Tx, named: &Named) -> Result<Option<Person>> {
    let (id, email) = match named {
        Named::Id(id) => (Some(*id), None),
        Named::Email(email) => (None, Some(email.to_string())),
    };
    tx.sql("select id, disabled_at from users where (id = $1 or email = $2) and deleted_at is null")
        .bind(id)
        .bind(email)
        .optional()
        .await
}
