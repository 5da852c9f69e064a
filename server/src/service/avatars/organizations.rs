//! Pictures of organizations.

use super::{Avatar, Holder, Picture, Shown, Upload, exactly, exchange, image, keep, shelf, sql};
use crate::App;
use crate::auth::{Caller, Principal};
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::orgs;
use crate::submitted::Submitted;
use domain::audit::Action;
use domain::avatar::AvatarQuery;
use domain::code::Code;
use domain::error::Result;
use domain::org::{Status, View, Visibility};
use domain::policy::Permission;

/// The picture of an organization, or its initials, for whoever may see the organization.
///
/// # Errors
/// `organization_not_found`, [`domain::error::Error::Moved`], `organization_banned`, `insufficient_scope`,
/// `invalid_parameter`.
#[crate::operation]
pub async fn show(app: &App, principal: Option<Principal>, reference: &str, query: &AvatarQuery) -> Result<Shown> {
    let (id, name, public) = match orgs::show(app, principal, reference).await? {
        View::Member(org) => {
            let public = org.visibility == Visibility::Public && org.status == Status::Active;
            (org.id, org.name, public)
        }
        View::Public(org) => (org.id, org.name, true),
    };
    let size = query.size()?;
    let held = {
        let mut tx = app.db.read().await?;
        sql::held(&mut tx, Holder::Organization(id)).await?
    };
    Ok(Shown { version: held.version, image: image(app, held.avatar_digest, size, name).await?, public })
}

/// The picture at the address that names its content.
///
/// # Errors
/// `not_found`, `invalid_parameter`.
#[crate::operation]
pub async fn show_exactly(app: &App, reference: &str, digest: &str, query: &AvatarQuery) -> Result<Picture> {
    let id = reference.parse().map_err(|_| Code::NotFound)?;
    exactly(app, Holder::Organization(id), digest, query.size()?).await
}

/// Gives the organization a picture made of the file.
///
/// # Errors
/// Those of [`Caller::require`], of the file, `precondition_failed`; `service_unavailable` when the store does not
/// answer or many files wait.
#[crate::operation]
pub async fn upload(app: &App, caller: &Caller, file: Submitted<Upload>) -> Result<Avatar> {
    caller.require(Permission::OrgUpdate)?;
    let digest = keep(app, file.open()?).await?;
    change(app, caller, Some(&digest)).await
}

/// Takes the organization's picture away, also one that is somewhere else.
///
/// # Errors
/// Those of [`Caller::require`], `precondition_failed`.
#[crate::operation]
pub async fn remove(app: &App, caller: &Caller) -> Result<()> {
    caller.require(Permission::OrgUpdate)?;
    change(app, caller, None).await.map(drop)
}

async fn change(app: &App, caller: &Caller, digest: Option<&str>) -> Result<Avatar> {
    let (mut tx, caller) = caller.locked(app, Permission::OrgUpdate).await?;
    let (holder, now) = (Holder::Organization(caller.org), app.now());
    let (avatar, changes) = exchange(app, &mut tx, holder, digest, &caller.principal.request, now).await?;
    if !changes.is_empty() {
        let name = sql::name(&mut tx, caller.org).await?;
        let event = Event::new(caller.org, Action::OrgAvatarChanged, Target::org(caller.org, &name)).with(changes);
        audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    }
    tx.commit().await?;
    shelf::clear_now(app).await;
    Ok(avatar)
}
