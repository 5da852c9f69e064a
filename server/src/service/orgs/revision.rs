//! Changing an organization: its profile and settings, its slug, its status, whether it is verified, and its owner.

use super::{dressed, dressed_for, find, slugs, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::outbox::{self, Mail};
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::avatars::{self, Holder};
use crate::service::ownership::{self, Succession};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::org::{Editor, Organization, OrganizationPatch, Revision, Settings, Status};
use domain::policy::Permission;
use domain::time::Timestamp;

/// What goes with a change beside its fields.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// Whether the owner is told when somebody else changes the status.
    pub(crate) notify: bool,
    /// What the audit log adds to a verification.
    pub(crate) note: Option<String>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { notify: true, note: None }
    }
}

/// Changes an organization. One field that the caller may not change refuses all of them.
///
/// # Errors
/// `permission_denied`, `organization_…` by status, `field_not_permitted`, invalid fields, `precondition_failed`,
/// `own_two_factor_missing`, `invalid_status_transition`, `slug_cooldown`, `slug_taken`, those of
/// [`ownership::transfer`].
#[crate::operation]
pub async fn update(app: &App, caller: &Caller, patch: Submitted<OrganizationPatch>) -> Result<Organization> {
    require_editable(caller)?;
    revise(app, caller, patch.open()?, Manner::default()).await
}

/// The same for what has been read already.
pub(crate) async fn revise(
    app: &App,
    caller: &Caller,
    patch: OrganizationPatch,
    manner: Manner,
) -> Result<Organization> {
    require_permitted(caller, &patch)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    require_permitted(&caller, &patch)?;
    let now = app.now();
    let user = Some(caller.principal.user);
    let before = find(&mut tx, caller.org, user, now).await?.ok_or(Code::OrganizationNotFound)?;
    let revision = patch.over(&before, &app.config.slugs)?;
    caller.principal.request.require_version(before.version)?;
    require_own_two_factor(&before.settings, &revision.settings)?;
    before.status.require_change(revision.status, caller.editor())?;
    let news = news(&before, &revision, manner.note.as_deref());
    if !news.is_empty() {
        if let Some(slug) = &revision.slug {
            slugs::change(app, &mut tx, &caller, &before, slug).await?;
        }
        if revision.profile.avatar_url != before.avatar_url {
            avatars::let_go(&mut tx, Holder::Organization(before.id), now).await?;
        }
        sql::update(&mut tx, &before, &revision, now).await?;
        for (action, changes) in &news {
            let event = Event::new(caller.org, *action, Target::org(caller.org, &before.name)).with(changes.clone());
            audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
        }
        if manner.notify && revision.status != before.status {
            tell_owner(&mut tx, &caller, &before, now).await?;
        }
    }
    if let Some(owner) = revision.owner {
        caller.principal.require_fresh(now)?;
        ownership::require_transferable(&caller)?;
        let heir = owner.to_string();
        let succession = Succession { heir: &heir, field: "owner", former_role: None };
        ownership::succeed(&mut tx, &caller, succession, now).await?;
    }
    let after = find(&mut tx, caller.org, user, now).await?.ok_or(Error::Internal)?;
    // A transfer takes from the former owner what the caller was judged by.
    let after = match revision.owner {
        Some(_) => dressed_for(app, &mut tx, caller.principal.user, after).await?,
        None => dressed(app, after, caller.effective()),
    };
    tx.commit().await?;
    Ok(after)
}

/// Whether the caller may change anything here at all: the owner of an inactive organization brings it back, and the
/// platform changes one in any state.
fn require_editable(caller: &Caller) -> Result<()> {
    match (caller.editor(), caller.org_status) {
        (Editor::Platform, _) | (Editor::Owner, Status::Inactive) => caller.require_power(Permission::OrgUpdate),
        _ => caller.require(Permission::OrgUpdate),
    }
}

fn require_permitted(caller: &Caller, patch: &OrganizationPatch) -> Result<()> {
    require_editable(caller)?;
    patch.require_editor(caller.editor())?;
    if caller.org_status == Status::Inactive && caller.editor() == Editor::Owner && !patch.only_revives() {
        return caller.org_status.writable();
    }
    Ok(())
}

/// Nobody asks of others what they have not done themselves, and nobody has a second factor yet.
fn require_own_two_factor(before: &Settings, after: &Settings) -> Result<()> {
    if after.require_2fa && !before.require_2fa {
        let rule = "Turn on two-factor sign-in for yourself first.";
        return Err(Code::OwnTwoFactorMissing.of("settings/require_2fa", rule));
    }
    Ok(())
}

/// The events that a change is told in.
fn news(before: &Organization, after: &Revision, note: Option<&str>) -> Vec<(Action, Changes)> {
    let ordinary = ordinary(before, after);
    let only_settings = ordinary.list().iter().all(|change| change.field.starts_with("settings"));
    let updated = if only_settings { Action::OrgSettingsChanged } else { Action::OrgUpdated };
    let slug = after.slug.as_ref().map_or(before.slug.as_str(), |slug| slug.as_str());
    let status = Changes::default().of("status", before.status, after.status);
    let status = status.of("status_reason", &before.status_reason, &after.status_reason);
    let mut verified = Changes::default().of("verified", before.verified, after.verified);
    if !verified.is_empty() {
        verified.note("note", None::<&str>, note);
    }
    let news = [
        (updated, ordinary),
        (Action::OrgSlugChanged, Changes::default().of("slug", &before.slug, slug)),
        (Action::OrgStatusChanged, status),
        (Action::OrgVerifiedChanged, verified),
    ];
    news.into_iter().filter(|(_, changes)| !changes.is_empty()).collect()
}

fn ordinary(before: &Organization, after: &Revision) -> Changes {
    let (old, new) = (&before.settings, &after.settings);
    let mut changes = Changes::default();
    if let Some(name) = &after.name {
        changes.note("name", &before.name, name.as_str());
    }
    let profile = &after.profile;
    changes.note("bio", &before.bio, &profile.bio);
    changes.note("description", &before.description, &profile.description);
    changes.note("avatar_url", &before.avatar_url, &profile.avatar_url);
    changes.note("website", &before.website, &profile.website);
    changes.note("industry", &before.industry, &profile.industry);
    changes.note("country_code", &before.country_code, &profile.country_code);
    changes.note("email", &before.email, &profile.email);
    changes.note("phone", &before.phone, &profile.phone);
    changes.note("visibility", before.visibility, after.visibility);
    changes.note("settings.default_role", old.default_role, new.default_role);
    changes.note("settings.invitation_ttl_days", old.invitation_ttl_days, new.invitation_ttl_days);
    changes.note("settings.members_can_invite", old.members_can_invite, new.members_can_invite);
    changes.note("type", before.kind, after.kind);
    changes.note("managed_by", &before.managed_by, &after.managed_by);
    changes.note("member_limit", before.member_limit, after.member_limit);
    changes
}

/// By mail, unless the change was the owner's own.
async fn tell_owner(tx: &mut Tx, caller: &Caller, org: &Organization, now: Timestamp) -> Result<()> {
    if caller.principal.user == org.owner {
        return Ok(());
    }
    let owner = super::find_person(tx, org.owner).await?.ok_or(Error::Internal)?;
    let mail = Mail::OrganizationStatus { user: org.owner, org: org.id };
    outbox::enqueue(tx, mail, &owner.email, now).await
}
