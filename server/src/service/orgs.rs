//! Organizations: founding, showing, listing and changing them.

use super::audit::{self, Event, Origin, Target};
use super::{slugs, teams, workspaces};
use crate::App;
use crate::auth::{self, Caller, Principal};
use crate::config::OrgCreation;
use crate::db::Tx;
use crate::new_id;
use crate::paging::{Key, Order, Walk, pattern};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{MemberId, OrgId, UserId};
use domain::org::{
    Founding, NewOrganization, Organization, OrganizationPatch, OrganizationsQuery, Revision, SlugCheck, SlugProblem,
    SlugRules, Status, View, Visibility,
};
use domain::page::{self, Page};
use domain::policy::{Permission, Permissions, Role};
use domain::stats::day_of;
use domain::text::Slug;
use domain::time::Timestamp;

mod sql;

pub(crate) use sql::{find, insert_membership, organization};

/// Founds an organization; the founder becomes its owner.
///
/// # Errors
/// `insufficient_scope`, `email_not_verified`, `organization_creation_disabled`, `organization_limit_reached`, invalid
/// fields, `slug_taken` with a `suggestion`.
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
    let slug = take_slug(app, &mut tx, id, &founding).await?;
    sql::insert(&mut tx, id, slug.as_str(), &founding, principal.user, now).await?;
    insert_membership(&mut tx, id, principal.user, Role::Owner, None, now).await?;
    let event = Event::new(id, Action::OrgCreated, Target::org(id, founding.name.as_str()));
    audit::record(&mut tx, &Origin::from(principal), event, now).await?;
    let org = sql::find(&mut tx, id, Some(principal.user), now).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(dressed(app, org, Role::Owner.permissions()))
}

/// An organization as the caller may see it: whole for members, the public view for everybody else if there is one.
///
/// # Errors
/// `organization_not_found`, [`Error::Moved`], `organization_banned`.
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
pub async fn get(app: &App, caller: &Caller) -> Result<Organization> {
    caller.require(Permission::OrgRead)?;
    let mut tx = app.db.read().await?;
    let org = sql::find(&mut tx, caller.org, Some(caller.principal.user), app.now()).await?;
    Ok(dressed(app, org.ok_or(Code::OrganizationNotFound)?, caller.effective()))
}

/// The organizations that the caller belongs to.
///
/// # Errors
/// `insufficient_scope`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
pub async fn list(app: &App, principal: &Principal, query: &OrganizationsQuery) -> Result<Page<Organization>> {
    principal.require_scope(Permission::OrgRead)?;
    let filters = sql::Filters {
        user: principal.user,
        now: app.now(),
        search: page::search(query.search.as_deref())?.map(|text| pattern(&text)),
        role: query.role.as_deref().map(|text| page::choice("role", text, Role::find)).transpose()?,
        status: query.status.as_deref().map(|text| page::choice("status", text, Status::find)).transpose()?,
        visibility: (query.visibility.as_deref())
            .map(|text| page::choice("visibility", text, Visibility::find))
            .transpose()?,
    };
    let order = match query.sort.as_deref().unwrap_or("name") {
        "name" => Order { name: "name", descending: false, numeric: false },
        "-name" => Order { name: "name", descending: true, numeric: false },
        "created_at" => Order { name: "created_at", descending: false, numeric: true },
        "-created_at" => Order { name: "created_at", descending: true, numeric: true },
        "member_count" => Order { name: "member_count", descending: false, numeric: true },
        "-member_count" => Order { name: "member_count", descending: true, numeric: true },
        _ => return Err(Error::parameter("sort", Code::InvalidSort, "Sort by name, created_at or member_count.")),
    };
    let bound = (&filters.user, &filters.search, &filters.role, &filters.status, &filters.visibility);
    let walk = Walk::new(app, "organizations", order, &bound, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, order.name, &walk).await?;
    let mut page = walk.page(app, rows, total, |org| {
        let key = match order.name {
            "created_at" => Key::Number(org.created_at.as_millis()),
            "member_count" => Key::Number(org.member_count),
            _ => Key::Text(domain::text::fold(&org.name)),
        };
        (key, org.id.0)
    });
    // A token that is restricted to some organizations does not tell of the others.
    page.data.retain(|org| principal.reaches(org.id));
    let own = sql::own_roles(&mut tx, principal.user, page.data.iter().map(|org| org.id)).await?;
    Ok(page.map(|org| {
        let permissions = permissions_in(&org, &own);
        dressed(app, org, permissions)
    }))
}

/// Changes the ordinary fields of an organization.
///
/// # Errors
/// `permission_denied`, `organization_…` by status, invalid fields, `precondition_failed`.
pub async fn update(app: &App, caller: &Caller, patch: Submitted<OrganizationPatch>) -> Result<Organization> {
    caller.require(Permission::OrgUpdate)?;
    let patch = patch.open()?;
    let (mut tx, caller) = caller.locked(app, Permission::OrgUpdate).await?;
    let now = app.now();
    let user = Some(caller.principal.user);
    let before = sql::find(&mut tx, caller.org, user, now).await?.ok_or(Code::OrganizationNotFound)?;
    let revision = patch.over(&before)?;
    caller.principal.request.require_version(before.version)?;
    let changes = changes(&before, &revision);
    if changes.is_empty() {
        return Ok(dressed(app, before, caller.effective()));
    }
    sql::update(&mut tx, &before, &revision, now).await?;
    let only_settings = changes.list().iter().all(|change| change.field.starts_with("settings"));
    let action = if only_settings { Action::OrgSettingsChanged } else { Action::OrgUpdated };
    let event = Event::new(caller.org, action, Target::org(caller.org, &before.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    let after = sql::find(&mut tx, caller.org, user, now).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(dressed(app, after, caller.effective()))
}

/// Whether a slug could be had, and another one if not.
///
/// # Errors
/// When the database does not answer.
pub async fn check_slug(app: &App, _principal: &Principal, slug: &str) -> Result<SlugCheck> {
    let rules = &app.config.slugs;
    let normalized = slug.trim().to_ascii_lowercase();
    let mut tx = app.db.read().await?;
    let reason = match Slug::parse(slug, rules.max, &rules.reserved) {
        Err(refusal) if refusal.code == Code::SlugReserved => Some(SlugProblem::Reserved),
        Err(_) => Some(SlugProblem::Invalid),
        Ok(slug) if sql::slug_is_held(&mut tx, slug.as_str()).await? => Some(SlugProblem::Taken),
        Ok(_) => None,
    };
    let suggestion = if reason.is_some() { suggest(app, &mut tx, slug).await? } else { None };
    Ok(SlugCheck { slug: slug.to_owned(), normalized, available: reason.is_none(), reason, suggestion })
}

/// An organization as one of its members sees it after an operation.
pub(crate) async fn dressed_for(app: &App, tx: &mut Tx, member: UserId, org: Organization) -> Result<Organization> {
    let own = sql::own_roles(tx, member, [org.id]).await?;
    let permissions = permissions_in(&org, &own);
    Ok(dressed(app, org, permissions))
}

/// What a member's roles give together; nothing for one who is none.
fn permissions_in(org: &Organization, own: &[(OrgId, Permissions)]) -> Permissions {
    let Some(role) = org.current_user_role else { return Permissions::NONE };
    own.iter().filter(|(id, _)| *id == org.id).fold(role.permissions(), |all, (_, more)| all.or(*more))
}

/// What depends on the caller and the configuration rather than on the row.
fn dressed(app: &App, mut org: Organization, permissions: Permissions) -> Organization {
    org.icon_url = match &org.avatar_url {
        Some(url) => url.clone(),
        None => app.config.link(&format!("/api/v1/organizations/{}/avatar", org.id)),
    };
    org.current_user_permissions = permissions;
    org
}

/// Takes the slug that is asked for, or the first free one made from the name. The unique key decides, not a look
/// beforehand.
async fn take_slug(app: &App, tx: &mut Tx, id: OrgId, founding: &Founding) -> Result<Slug> {
    if let Some(slug) = &founding.slug {
        if sql::hold_slug(tx, slug.as_str(), id).await? {
            return Ok(slug.clone());
        }
        let suggestion = suggest(app, tx, slug.as_str()).await?;
        let rule = suggestion.as_ref().map_or("Taken.".to_owned(), |free| format!("Taken. “{free}” is free."));
        return Err(Code::SlugTaken.of("slug", rule).and("suggestion", suggestion));
    }
    for slug in candidates(app, founding.name.as_str()) {
        if sql::hold_slug(tx, slug.as_str(), id).await? {
            return Ok(slug);
        }
    }
    Err(Error::Internal)
}

fn candidates(app: &App, name: &str) -> impl Iterator<Item = Slug> {
    let rules = app.config.slugs.clone();
    let base = Slug::generate(name, rules.max).and_then(|text| allowed(&rules, &text));
    slugs::candidates(base, "org", rules.max, move |text| allowed(&rules, text))
}

fn allowed(rules: &SlugRules, text: &str) -> Option<Slug> {
    Slug::parse(text, rules.max, &rules.reserved).ok()
}

async fn suggest(app: &App, tx: &mut Tx, wanted: &str) -> Result<Option<String>> {
    for slug in candidates(app, wanted) {
        if !sql::slug_is_held(tx, slug.as_str()).await? {
            return Ok(Some(slug.to_string()));
        }
    }
    Ok(None)
}

fn changes(before: &Organization, after: &Revision) -> Changes {
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
    changes
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

/// Brings the copies in memberships, teams and workspaces up to date after a person has got another name or address.
pub(crate) async fn rename_member(tx: &mut Tx, user: UserId) -> Result<()> {
    let person = find_person(tx, user).await?.ok_or(Code::UserNotFound)?;
    let name_folded = sort_name(person.full_name.as_deref(), &person.email);
    teams::rename_member(tx, user, &name_folded).await?;
    workspaces::rename_member(tx, user, &name_folded).await?;
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
