//! Slugs: taking one, changing it, and keeping a former one for a while so that nobody else gets its visitors.

use crate::App;
use crate::auth::{Caller, Principal};
use crate::db::Tx;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::org::{Editor, Founding, Organization, SlugCheck, SlugProblem, SlugRules};
use domain::text::Slug;
use domain::time::Timestamp;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long after a change of slug there is no other.
const COOLDOWN: Duration = DAY.saturating_mul(30);
/// How long a slug that is given up leads to its organization and is nobody else's.
const HELD: Duration = DAY.saturating_mul(90);

/// Whether a slug could be had, and another one if not.
///
/// # Errors
/// When the database does not answer.
#[crate::operation]
pub async fn check(app: &App, _principal: &Principal, slug: &str) -> Result<SlugCheck> {
    let rules = &app.config.slugs;
    let normalized = slug.trim().to_ascii_lowercase();
    let mut tx = app.db.read().await?;
    let reason = match Slug::parse(slug, rules.max, &rules.reserved) {
        Err(refusal) if refusal.code == Code::SlugReserved => Some(SlugProblem::Reserved),
        Err(_) => Some(SlugProblem::Invalid),
        Ok(slug) if is_held(app, &mut tx, slug.as_str()).await? => Some(SlugProblem::Taken),
        Ok(_) => None,
    };
    let suggestion = if reason.is_some() { suggest(app, &mut tx, slug).await? } else { None };
    Ok(SlugCheck { slug: slug.to_owned(), normalized, available: reason.is_none(), reason, suggestion })
}

/// Takes the slug that is asked for, or the first free one made from the name. The unique key decides, not a look
/// beforehand.
pub(super) async fn take_first(app: &App, tx: &mut Tx, id: OrgId, founding: &Founding) -> Result<Slug> {
    if let Some(slug) = &founding.slug {
        if take(app, tx, slug.as_str(), id).await? {
            return Ok(slug.clone());
        }
        return Err(taken(app, tx, slug).await?);
    }
    for slug in candidates(app, founding.name.as_str()) {
        if take(app, tx, slug.as_str(), id).await? {
            return Ok(slug);
        }
    }
    Err(Error::Internal)
}

/// Gives the organization another slug; the one before is held for it. The first change is free, and the platform does
/// not wait.
///
/// # Errors
/// `slug_cooldown` with `available_at`, `slug_taken` with a `suggestion`.
pub(super) async fn change(app: &App, tx: &mut Tx, caller: &Caller, before: &Organization, slug: &Slug) -> Result<()> {
    let now = app.now();
    match change_available_at(before.last_slug_updated_at) {
        Some(available_at) if now < available_at && caller.editor() < Editor::Platform => {
            let refusal = Code::SlugCooldown.of("slug", "The slug was changed only lately.");
            return Err(refusal.and("available_at", available_at.to_string()));
        }
        _ => {}
    }
    release(tx, before.id, now).await?;
    if take_back(tx, slug.as_str(), before.id).await? || take(app, tx, slug.as_str(), before.id).await? {
        return Ok(());
    }
    Err(taken(app, tx, slug).await?)
}

/// When the slug may be changed again; `None` when it has never been.
pub(super) fn change_available_at(changed_at: Option<Timestamp>) -> Option<Timestamp> {
    changed_at.map(|changed_at| changed_at.plus(COOLDOWN))
}

async fn taken(app: &App, tx: &mut Tx, slug: &Slug) -> Result<Error> {
    let suggestion = suggest(app, tx, slug.as_str()).await?;
    let rule = suggestion.as_ref().map_or("Taken.".to_owned(), |free| format!("Taken. “{free}” is free."));
    Ok(Code::SlugTaken.of("slug", rule).and("suggestion", suggestion))
}

async fn suggest(app: &App, tx: &mut Tx, wanted: &str) -> Result<Option<String>> {
    for slug in candidates(app, wanted) {
        if !is_held(app, tx, slug.as_str()).await? {
            return Ok(Some(slug.to_string()));
        }
    }
    Ok(None)
}

fn candidates(app: &App, name: &str) -> impl Iterator<Item = Slug> {
    let rules = app.config.slugs.clone();
    let base = Slug::generate(name, rules.max).and_then(|text| allowed(&rules, &text));
    crate::service::slugs::candidates(base, "org", rules.max, move |text| allowed(&rules, text))
}

fn allowed(rules: &SlugRules, text: &str) -> Option<Slug> {
    Slug::parse(text, rules.max, &rules.reserved).ok()
}

async fn is_held(app: &App, tx: &mut Tx, slug: &str) -> Result<bool> {
    let held: Option<(String,)> = tx
        .sql("select slug from slugs where slug = $1 and (is_current or released_at is null or released_at > $2)")
        .bind(slug.to_owned())
        .bind(app.now().minus(HELD))
        .optional()
        .await?;
    Ok(held.is_some())
}

/// Says whether the slug was free.
async fn take(app: &App, tx: &mut Tx, slug: &str, org: OrgId) -> Result<bool> {
    tx.sql("delete from slugs where slug = $1 and not is_current and released_at <= $2")
        .bind(slug.to_owned())
        .bind(app.now().minus(HELD))
        .execute()
        .await?;
    let taken = tx
        .sql(
            "insert into slugs (slug, organization_id, is_current) values ($1, $2, true) on conflict (slug) do nothing",
        )
        .bind(slug.to_owned())
        .bind(org)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Says whether the slug was a former one of this organization.
async fn take_back(tx: &mut Tx, slug: &str, org: OrgId) -> Result<bool> {
    let taken = tx
        .sql("update slugs set is_current = true, released_at = null where slug = $1 and organization_id = $2")
        .bind(slug.to_owned())
        .bind(org)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Gives up the present slug. It is held from now on.
pub(super) async fn release(tx: &mut Tx, org: OrgId, now: Timestamp) -> Result<()> {
    tx.sql("update slugs set is_current = false, released_at = $2 where organization_id = $1 and is_current")
        .bind(org)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// Lets go of slugs that were held long enough.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.sql("delete from slugs where not is_current and released_at <= $1")
        .bind(now.minus(HELD))
        .execute()
        .await
        .map(drop)
}
