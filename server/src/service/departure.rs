//! Deleting one's account. Its row stays, emptied, so that what it did still has somebody to point at; its address is
//! free for a new account.

use super::accounts::find_user;
use super::audit::{self, Event, Origin, Target};
use super::avatars::{self, Holder};
use super::members::{self, take_out};
use super::tokens;
use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::Tx;
use crate::visit::Visit;
use domain::account::{OwnedOrganization, owns_organizations};
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, UserId};
use domain::org::Status;
use domain::policy::Permissions;
use domain::time::Timestamp;

/// How often it is tried again when one joins another organization at the same moment.
const TRIES: u32 = 3;

/// Deletes one's account: memberships, tokens and sign-ins end with it.
///
/// # Errors
/// `session_required`, `reauthentication_required`, `owns_organizations` with the list, `last_platform_admin`,
/// `precondition_failed`.
#[crate::operation]
pub async fn delete_account(app: &App, principal: &Principal, visit: &Visit) -> Result<()> {
    principal.require_session()?;
    principal.require_fresh(app.now())?;
    let (mut tx, places) = locked(app, principal).await?;
    let now = app.now();
    let user = find_user(&mut tx, principal.user).await?.ok_or(Error::Internal)?;
    principal.request.require_version(user.version)?;
    let owned = owned_by(&mut tx, user.id).await?;
    if !owned.is_empty() {
        return Err(owns_organizations(&owned));
    }
    if user.platform_admin {
        require_another_administrator(&mut tx, user.id).await?;
    }
    for place in places {
        leave(app, &mut tx, principal, place).await?;
    }
    let origin = Origin::from(principal);
    tokens::personal::revoke_all(&mut tx, &origin, user.id, now).await?;
    avatars::let_go(&mut tx, Holder::Person(user.id), now).await?;
    empty(&mut tx, user.id, now).await?;
    let changes = Changes::default().of("deleted", false, true);
    let event = Event::new(None, Action::UserDisabled, Target::user(user.id, &principal.name())).with(changes);
    audit::record(&mut tx, &origin, event, now).await?;
    tx.commit().await?;
    visit.close().await
}

/// An organization that one belongs to.
#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Place {
    id: OrgId,
    slug: String,
    status: Status,
}

/// Locks the person's organizations and then the account, the order in which everybody does. Nobody joins an
/// organization while the account is locked, but until then somebody may have.
async fn locked(app: &App, principal: &Principal) -> Result<(Tx, Vec<Place>)> {
    for _ in 0..TRIES {
        let mut tx = app.db.write().await?;
        let places = places_of(&mut tx, principal.user).await?;
        for place in &places {
            tx.lock_org(place.id).await?;
        }
        principal.lock_in(&mut tx).await?;
        let present = places_of(&mut tx, principal.user).await?;
        if present.iter().map(|place| place.id).eq(places.iter().map(|place| place.id)) {
            return Ok((tx, present));
        }
    }
    Err(Code::ServiceUnavailable.into())
}

/// Always in the order of their ids: whoever locks several at once takes them in the same order.
async fn places_of(tx: &mut Tx, user: UserId) -> Result<Vec<Place>> {
    tx.sql(
        "select o.id, o.slug, o.status from memberships m join organizations o on o.id = m.organization_id
         where m.user_id = $1 order by o.id",
    )
    .bind(user)
    .all()
    .await
}

async fn owned_by(tx: &mut Tx, user: UserId) -> Result<Vec<OwnedOrganization>> {
    tx.sql("select id, slug, name from organizations where owner_id = $1 order by name_folded, id limit 100")
        .bind(user)
        .all()
        .await
}

/// The instance's one row is locked first: two last administrators do not both go.
async fn require_another_administrator(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.sql("update instance set set_up_at = set_up_at where id = 1").execute().await?;
    let another: Option<(UserId,)> = tx
        .sql("select id from users where platform_admin and disabled_at is null and id <> $1 limit 1")
        .bind(user)
        .optional()
        .await?;
    another.map(drop).ok_or_else(|| Code::LastPlatformAdmin.into())
}

/// Whatever the state of the organization or the membership: going is always possible.
async fn leave(app: &App, tx: &mut Tx, principal: &Principal, place: Place) -> Result<()> {
    let member = members::sql::find(tx, place.id, "@me", principal.user).await?.ok_or(Error::Internal)?;
    let caller = Caller {
        principal: principal.clone(),
        org: place.id,
        slug: place.slug,
        org_status: place.status,
        status_reason: None,
        role: Some(member.role),
        permissions: Permissions::NONE,
        as_platform: false,
    };
    take_out(app, tx, &caller, &member, Action::MemberLeft).await
}

/// Takes everything out of the account that is about the person, and closes it.
async fn empty(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<()> {
    tx.sql("delete from sign_ins where user_id = $1").bind(user).execute().await?;
    tx.sql(
        "update users set email = $2, email_verified_at = null, next_email = null, username = null, full_name = null,
                name_folded = '', avatar_url = null, avatar_digest = null, password_hash = null, time_zone = null,
                locale = null, theme = 'system', platform_admin = false, auth_epoch = auth_epoch + 1, disabled_at = $3,
                deleted_at = $3, updated_at = $3, version = version + 1
         where id = $1",
    )
    .bind(user)
    // A name that no mail ever reaches (RFC 6761).
    .bind(format!("{user}@deleted.invalid"))
    .bind(now)
    .execute()
    .await
    .map(drop)
}
