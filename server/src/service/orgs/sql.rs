//! The rows of organizations.

use super::{find_person, new_member_id, sort_name};
use crate::db::{Tx, one_of_page};
use crate::paging::Walk;
use crate::service::roles::sql::count_holders;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, RoleId, UserId};
use domain::org::{Founding, Organization, Revision, Status, Visibility};
use domain::page::DEEPEST;
use domain::policy::{Permissions, Role};
use domain::text::fold;
use domain::time::Timestamp;

/// `$1` is the person who looks, `$2` the present time.
macro_rules! organization {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select o.id, o.slug, o.slug as handle, o.name, o.bio, o.description, o.avatar_url, '' as icon_url,
                    o.website, o.industry, o.country_code, o.email, o.phone, o.visibility, o.kind, o.status,
                    o.status_reason, o.status_changed_at, o.verified_at is not null as verified, o.verified_at,
                    o.owner_id as owner, o.member_count, o.member_count as active_member_count,
                    (select count(*) from invitations i
                     where i.organization_id = o.id and i.status = 'pending' and i.expires_at > $2)
                        as pending_member_count,
                    o.team_count, o.workspace_count, o.member_limit, m.role as current_user_role, o.require_2fa,
                    o.default_role, o.invitation_ttl_days, o.members_can_invite, o.created_at, o.updated_at,
                    o.last_slug_updated_at, o.last_slug_updated_at as slug_change_available_at, o.deleted_at,
                    o.purge_at, o.version
             from ",
            $($rest),+
        )
    };
}

pub(crate) use organization;

pub(crate) async fn find(
    tx: &mut Tx,
    org: OrgId,
    viewer: Option<UserId>,
    now: Timestamp,
) -> Result<Option<Organization>> {
    tx.sql(organization!(
        "organizations o left join memberships m
            on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'
         where o.id = $3"
    ))
    .bind(viewer)
    .bind(now)
    .bind(org)
    .optional()
    .await
}

pub(super) struct Filters {
    pub(super) user: UserId,
    pub(super) now: Timestamp,
    pub(super) search: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) status: Option<Status>,
    pub(super) visibility: Option<Visibility>,
}

/// One person's organizations. `$3` to `$6` are the filters; `$2`, which not every statement needs, is the present time.
macro_rules! mine {
    () => {
        "memberships m join organizations o on o.id = m.organization_id
         where m.user_id = $1 and m.status = 'active' and $2 is not null
           and (o.status <> 'pending_deletion' or m.role = 'owner')
           and ($3 is null or o.name_folded like $3 escape '\\' or o.slug like $3 escape '\\')
           and ($4 is null or m.role = $4) and ($5 is null or o.status = $5)
           and ($6 is null or o.visibility = $6)"
    };
}

/// One person's organizations in one order: key, id, limit and offset follow the filters.
macro_rules! list {
    ($column:literal, $than:literal, $direction:literal) => {
        organization!(
            mine!(),
            " and (o.",
            $column,
            ", o.id) ",
            $than,
            " ($7, $8)
             order by o.",
            $column,
            " ",
            $direction,
            ", o.id ",
            $direction,
            " limit $9 offset $10"
        )
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, sort: &str, walk: &Walk) -> Result<Vec<Organization>> {
    let text = match (sort, walk.falling) {
        ("created_at", false) => list!("created_at", ">", "asc"),
        ("created_at", true) => list!("created_at", "<", "desc"),
        ("member_count", false) => list!("member_count", ">", "asc"),
        ("member_count", true) => list!("member_count", "<", "desc"),
        (_, false) => list!("name_folded", ">", "asc"),
        (_, true) => list!("name_folded", "<", "desc"),
    };
    let statement = filter(tx, text, filters);
    let statement = match sort {
        "name" => statement.bind(walk.key.text()),
        _ => statement.bind(walk.key.number()),
    };
    statement.bind(walk.id).bind(walk.limit).bind(walk.offset).all().await
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> crate::db::Statement<'t> {
    tx.sql(text)
        .bind(filters.user)
        .bind(filters.now)
        .bind(filters.search.clone())
        .bind(filters.role)
        .bind(filters.status)
        .bind(filters.visibility)
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from ", mine!(), " limit $7) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

/// What one person's roles of the organizations' own give, in each of these organizations.
pub(super) async fn own_roles(
    tx: &mut Tx,
    user: UserId,
    orgs: impl IntoIterator<Item = OrgId>,
) -> Result<Vec<(OrgId, Permissions)>> {
    let rows: Vec<(OrgId, String)> = tx
        .sql(concat!(
            "select h.organization_id, r.permissions from member_roles h join roles r on r.id = h.role_id
             where h.user_id = $1 and h.organization_id ",
            one_of_page!()
        ))
        .bind(user)
        .bind_page(orgs.into_iter().map(|id| id.0))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(org, words)| (org, words.into())).collect())
}

pub(super) async fn count_owned(tx: &mut Tx, user: UserId) -> Result<i64> {
    let (count,): (i64,) = tx.sql("select count(*) from organizations where owner_id = $1").bind(user).one().await?;
    Ok(count)
}

pub(super) async fn slug_is_held(tx: &mut Tx, slug: &str) -> Result<bool> {
    let held: Option<(OrgId,)> =
        tx.sql("select organization_id from slugs where slug = $1").bind(slug.to_owned()).optional().await?;
    Ok(held.is_some())
}

/// Says whether the slug was free.
pub(super) async fn hold_slug(tx: &mut Tx, slug: &str, org: OrgId) -> Result<bool> {
    let held = tx
        .sql(
            "insert into slugs (slug, organization_id, is_current) values ($1, $2, true) on conflict (slug) do nothing",
        )
        .bind(slug.to_owned())
        .bind(org)
        .execute()
        .await?;
    Ok(held == 1)
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: OrgId,
    slug: &str,
    new: &Founding,
    owner: UserId,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "insert into organizations (id, slug, name, name_folded, bio, description, avatar_url, website, industry,
                country_code, email, phone, visibility, owner_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
    )
    .bind(id)
    .bind(slug.to_owned())
    .bind(new.name.to_string())
    .bind(new.name.folded())
    .bind(new.profile.bio.clone())
    .bind(new.profile.description.clone())
    .bind(new.profile.avatar_url.clone())
    .bind(new.profile.website.clone())
    .bind(new.profile.industry.clone())
    .bind(new.profile.country_code.clone())
    .bind(new.profile.email.clone())
    .bind(new.profile.phone.clone())
    .bind(new.visibility)
    .bind(owner)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn update(tx: &mut Tx, before: &Organization, after: &Revision, now: Timestamp) -> Result<()> {
    let name = after.name.as_ref().map_or_else(|| before.name.clone(), ToString::to_string);
    tx.sql(
        "update organizations set name = $2, name_folded = $3, bio = $4, description = $5, avatar_url = $6,
                website = $7, industry = $8, country_code = $9, email = $10, phone = $11, visibility = $12,
                default_role = $13, invitation_ttl_days = $14, members_can_invite = $15, updated_at = $16,
                version = version + 1
         where id = $1",
    )
    .bind(before.id)
    .bind(name.clone())
    .bind(fold(&name))
    .bind(after.profile.bio.clone())
    .bind(after.profile.description.clone())
    .bind(after.profile.avatar_url.clone())
    .bind(after.profile.website.clone())
    .bind(after.profile.industry.clone())
    .bind(after.profile.country_code.clone())
    .bind(after.profile.email.clone())
    .bind(after.profile.phone.clone())
    .bind(after.visibility)
    .bind(after.settings.default_role)
    .bind(after.settings.invitation_ttl_days)
    .bind(after.settings.members_can_invite)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Brings a person in and counts the member; says whether the person was not in before.
pub(crate) async fn insert_membership(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    role: Role,
    invited_by: Option<UserId>,
    now: Timestamp,
) -> Result<bool> {
    // Nobody changes the name, or deletes the account, between reading it here and copying it.
    tx.lock_user(user).await?;
    let person = find_person(tx, user).await?.ok_or(Code::UserNotFound)?;
    let inserted = tx
        .sql(
            "insert into memberships (organization_id, user_id, member_id, role, name_folded, email, username,
                    joined_at, invited_by, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)
             on conflict (organization_id, user_id) do nothing",
        )
        .bind(org)
        .bind(user)
        .bind(new_member_id())
        .bind(role)
        .bind(sort_name(person.full_name.as_deref(), &person.email))
        .bind(person.email)
        .bind(person.username)
        .bind(now)
        .bind(invited_by)
        .execute()
        .await?;
    if inserted == 1 {
        count_holders(tx, org, RoleId(role.id()), 1).await?;
        super::count_member(tx, org, 1, now).await?;
    }
    Ok(inserted == 1)
}
