//! Pictures of people.

use super::{Avatar, Holder, Picture, Shown, Upload, exactly, exchange, image, keep, shelf, sql};
use crate::App;
use crate::auth::Principal;
use crate::db::Tx;
use crate::service::affiliations;
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::orgs::find_person;
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::avatar::AvatarQuery;
use domain::code::Code;
use domain::error::Result;
use domain::ids::UserId;
use domain::policy::{Permission, Role};
use domain::user::display_name;

/// The picture of the person that `reference` names by id, username or `@me`, or their initials: for themselves, for
/// those who see them among the members of an organization, and for the platform.
///
/// # Errors
/// `user_not_found`, `insufficient_scope`, `session_required` for `@me` of an organization's token,
/// `invalid_parameter`.
#[crate::operation]
pub async fn show_person(app: &App, principal: &Principal, reference: &str, query: &AvatarQuery) -> Result<Shown> {
    require_sighted(principal, reference)?;
    let subject = affiliations::find_subject(app, Some(principal), reference).await?;
    let (person, held) = {
        let mut tx = app.db.read().await?;
        require_sight(&mut tx, principal, subject).await?;
        let person = find_person(&mut tx, subject).await?.ok_or(Code::UserNotFound)?;
        (person, sql::held(&mut tx, Holder::Person(subject)).await?)
    };
    let name = display_name(person.full_name.as_deref(), &person.email);
    let image = image(app, held.avatar_digest, query.size()?, name).await?;
    Ok(Shown { image, public: false, version: held.version })
}

/// The picture at the address that names its content.
///
/// # Errors
/// `not_found`, `invalid_parameter`.
#[crate::operation]
pub async fn show_person_exactly(app: &App, reference: &str, digest: &str, query: &AvatarQuery) -> Result<Picture> {
    let id = reference.parse().map_err(|_| Code::NotFound)?;
    exactly(app, Holder::Person(id), digest, query.size()?).await
}

/// Gives oneself a picture made of the file.
///
/// # Errors
/// `session_required`, `unauthenticated`, those of the file, `precondition_failed`; `service_unavailable` when the
/// store does not answer or many files wait.
#[crate::operation]
pub async fn upload_own(app: &App, principal: &Principal, file: Submitted<Upload>) -> Result<Avatar> {
    principal.require_session()?;
    let digest = keep(app, file.open()?).await?;
    change(app, principal, Some(&digest)).await
}

/// Takes one's own picture away.
///
/// # Errors
/// `session_required`, `unauthenticated`, `precondition_failed`.
#[crate::operation]
pub async fn remove_own(app: &App, principal: &Principal) -> Result<()> {
    principal.require_session()?;
    change(app, principal, None).await.map(drop)
}

async fn change(app: &App, principal: &Principal, digest: Option<&str>) -> Result<Avatar> {
    let mut tx = principal.locked(app).await?;
    let (holder, now) = (Holder::Person(principal.user), app.now());
    let (avatar, changes) = exchange(app, &mut tx, holder, digest, &principal.request, now).await?;
    if !changes.is_empty() {
        let target = Target::user(principal.user, &principal.name());
        let event = Event::new(None, Action::UserUpdated, target).with(changes);
        audit::record(&mut tx, &Origin::from(principal), event, now).await?;
    }
    tx.commit().await?;
    shelf::clear_now(app).await;
    Ok(avatar)
}

/// What the credential lacks is told before anybody is looked for.
fn require_sighted(principal: &Principal, reference: &str) -> Result<()> {
    let own = reference == "@me" || principal.person().is_some_and(|person| person.to_string() == reference);
    if own || principal.is_platform() { Ok(()) } else { principal.require_scope(Permission::MemberRead) }
}

/// Who sees nobody's members does not see that the person exists.
async fn require_sight(tx: &mut Tx, principal: &Principal, subject: UserId) -> Result<()> {
    if principal.person() == Some(subject) {
        return principal.require_scope(Permission::UserRead);
    }
    if principal.is_platform() {
        return Ok(());
    }
    principal.require_scope(Permission::MemberRead)?;
    let places = sql::places(tx, subject, principal.user).await?;
    let seen = places.into_iter().any(|(org, role, own_roles)| {
        let from_roles =
            role.is_some_and(|role: Role| role.permissions().or(own_roles.into()).has(Permission::MemberRead));
        principal.reaches(org) && (from_roles || principal.person().is_none())
    });
    if seen { Ok(()) } else { Err(Code::UserNotFound.into()) }
}
