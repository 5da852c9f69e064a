//! Organizations: founding and showing them; what comes later in their life is in the files beside.

use super::audit::{self, Event, Origin, Target};
use super::{teams, workspaces};
use crate::App;
use crate::auth::{self, Caller, Principal};
use crate::config::OrgCreation;
use crate::db::Tx;
use crate::new_id;
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{MemberId, OrgId, UserId};
use domain::org::{NewOrganization, Organization, Status, View};
use domain::policy::{Permission, Permissions, Role};
use domain::stats::day_of;
use domain::time::Timestamp;

pub(crate) mod deletion;
pub(crate) mod listing;
pub(crate) mod revision;
pub(crate) mod slugs;
mod sql;

pub use deletion::{delete, purge, restore};
pub use listing::{browse, list};
pub use revision::update;
pub use slugs::check as check_slug;
pub(crate) use sql::{find, insert_membership, organization, own_roles};

/// Founds an organization; the founder becomes its owner.
///
/// # Errors
/// `insufficient_scope`, `email_not_verified`, `organization_creation_disabled`, `organization_limit_reached`, invalid
/// fields, `slug_taken` with a `suggestion`.
#[crate::operation]
pub async fn create(app: &App, principal: &Principal, new: Submitted<NewOrganization>) -> Result<Organization> {
    principal.require_scope(Permission::OrgCreate)?;
    principal.require_verified()?;
    if app.config.org_creation == OrgCreation::Platform && !principal.is_platform() {
        return Err(Code::OrganizationCreationDisabled.into());
    }
    let founding = new.open()?.parse(&app.config.slugs, app.config.org_require_country)?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    tx.lock_user(principal.user).await?;
    if sql::count_owned(&mut tx, principal.user).await? >= app.config.limits.orgs_per_user {
        return Err(Code::OrganizationLimitReached.into());
    }
    let id = OrgId(new_id());
    let slug = slugs::take_first(app, &mut tx, id, &founding).await?;
    sql::insert(&mut tx, id, slug.as_str(), &founding, principal.user, now).await?;
    insert_membership(&mut tx, id, principal.user, Role::Owner, None, now).await?;
    let event = Event::new(id, Action::OrgCreated, Target::org(id, founding.name.as_str()));
    audit::record(&mut tx, &Origin::from(principal), event, now).await?;
    let org = sql::find(&mut tx, id, Some(principal.user), now).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(dressed(app, org, Role::Owner.permissions().and(principal.scopes())))
}

/// An organization as the caller may see it: whole for members, the public view for everybody else if there is one.
///
/// # Errors
/// `organization_not_found`, [`Error::Moved`], `organization_banned`.
#[crate::operation]
pub async fn show(app: &App, principal: Option<Principal>, reference: &str) -> Result<View> {
    let stranger = match principal {
        None => None,
        Some(principal) => match auth::caller(app, principal, reference).await {
            Ok(caller) => return get(app, &caller).await.map(|org| View::Member(Box::new(org))),
            Err(error) if error.code() == Code::OrganizationNotFound && !matches!(error, Error::Moved(_)) => {
                Some(error)
            }
            Err(error) => return Err(error),
        },
    };
    let id = match auth::public_place(app, reference).await {
        Err(Error::Refused(refused)) if refused.code == Code::OrganizationNotFound => {
            return Err(stranger.unwrap_or_else(|| Code::OrganizationNotFound.into()));
        }
        found => found?,
    };
    let mut tx = app.db.read().await?;
    let org = sql::find(&mut tx, id, None, app.now()).await?.ok_or(Code::OrganizationNotFound)?;
    Ok(View::Public(Box::new(dressed(app, org, Permissions::NONE).into())))
}

/// The caller's organization.
///
/// # Errors
/// `organization_banned`, `insufficient_scope`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller) -> Result<Organization> {
    caller.require(Permission::OrgRead)?;
    let mut tx = app.db.read().await?;
    let org = sql::find(&mut tx, caller.org, Some(caller.principal.user), app.now()).await?;
    Ok(dressed(app, org.ok_or(Code::OrganizationNotFound)?, caller.effective()))
}

/// An organization as one of its members sees it after an operation.
pub(crate) async fn dressed_for(app: &App, tx: &mut Tx, member: UserId, org: Organization) -> Result<Organization> {
    let own = own_roles(tx, member, [org.id]).await?;
    Ok(dressed_with(app, org, &own))
}

/// The same for one of a list, whose own roles are read together.
pub(crate) fn dressed_with(app: &App, org: Organization, own: &[(OrgId, Permissions)]) -> Organization {
    let permissions = permissions_in(&org, own);
    match org.status {
        Status::Banned => dressed(app, org.closed(), Permissions::NONE),
        _ => dressed(app, org, permissions),
    }
}

/// What a member's roles give together; nothing for one who is none.
fn permissions_in(org: &Organization, own: &[(OrgId, Permissions)]) -> Permissions {
    let Some(role) = org.current_user_role else { return Permissions::NONE };
    own.iter().filter(|(id, _)| *id == org.id).fold(role.permissions(), |all, (_, more)| all.or(*more))
}

/// What depends on the caller and the configuration rather than on the row.
pub(crate) fn dressed(app: &App, mut org: Organization, permissions: Permissions) -> Organization {
    org.icon_url = match &org.avatar_url {
        Some(url) => url.clone(),
        None => app.config.link(&format!("/api/v1/organizations/{}/avatar", org.id)),
    };
    org.slug_change_available_at = slugs::change_available_at(org.last_slug_updated_at);
    org.current_user_permissions = permissions;
    org
}

/// A membership id: 48 random bits, never zero.
pub(crate) fn new_member_id() -> MemberId {
    MemberId(rand::random_range(1..=(1_i64 << 48) - 1))
}

/// The name under which a person is sorted and searched: the full name, or the address without one.
pub(crate) fn sort_name(full_name: Option<&str>, email: &str) -> String {
    domain::text::fold(full_name.unwrap_or(email))
}

/// The seats that are left to give, or nothing when there is no limit.
pub(crate) async fn has_seat(tx: &mut Tx, org: OrgId, besides: i64) -> Result<bool> {
    let (limit, members): (Option<i64>, i64) =
        tx.sql("select member_limit, member_count from organizations where id = $1").bind(org).one().await?;
    Ok(limit.is_none_or(|limit| members + besides < limit))
}

/// Counts an active member more or less, and keeps how many there were at the end of the day.
pub(crate) async fn count_member(tx: &mut Tx, org: OrgId, by: i64, now: Timestamp) -> Result<()> {
    tx.sql("update organizations set member_count = member_count + $2, updated_at = $3 where id = $1")
        .bind(org)
        .bind(by)
        .bind(now)
        .execute()
        .await?;
    tx.sql(
        "insert into member_days (organization_id, day, member_count)
         select id, $2, member_count from organizations where id = $1
         on conflict (organization_id, day) do update set member_count = excluded.member_count",
    )
    .bind(org)
    .bind(day_of(now))
    .execute()
    .await
    .map(drop)
}

/// Brings the folded name and the copies in memberships, teams and workspaces up to date after a person has got another
/// name or address.
pub(crate) async fn rename_member(tx: &mut Tx, user: UserId) -> Result<()> {
    let person = find_person(tx, user).await?.ok_or(Code::UserNotFound)?;
    let name_folded = sort_name(person.full_name.as_deref(), &person.email);
    teams::rename_member(tx, user, &name_folded).await?;
    workspaces::rename_member(tx, user, &name_folded).await?;
    tx.sql("update users set name_folded = $2 where id = $1").bind(user).bind(name_folded.clone()).execute().await?;
    tx.sql("update memberships set name_folded = $2, username = $3, email = $4 where user_id = $1")
        .bind(user)
        .bind(name_folded)
        .bind(person.username)
        .bind(person.email)
        .execute()
        .await
        .map(drop)
}

/// The part of [`UserId`]'s account that a membership copies.
#[derive(sqlx::FromRow)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) username: Option<String>,
    pub(crate) full_name: Option<String>,
}

pub(crate) async fn find_person(tx: &mut Tx, user: UserId) -> Result<Option<Person>> {
    let sql = "select email, username, full_name from users where id = $1 and deleted_at is null";
    tx.sql(sql).bind(user).optional().await
}
