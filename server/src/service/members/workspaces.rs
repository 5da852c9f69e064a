//! The workspaces that a member belongs to.

use crate::db::{Tx, one_of_page};
use domain::code::Code;
use domain::error::{Error, Result, Violation};
use domain::ids::{OrgId, UserId, WorkspaceId};
use domain::time::Timestamp;

/// As many ids as one statement takes.
const AT_ONCE: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Place {
    id: WorkspaceId,
    slug: String,
}

/// Before and after, as slugs.
pub(crate) struct Moved {
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
}

/// The workspaces with these ids or slugs.
///
/// # Errors
/// `workspace_unknown` for each that the organization has not.
pub(crate) async fn resolve(tx: &mut Tx, org: OrgId, references: &[String]) -> Result<Vec<Place>> {
    let known = named(tx, org, references).await?;
    let mut places: Vec<Place> = Vec::new();
    let mut unknown = Vec::new();
    for (index, reference) in references.iter().enumerate() {
        let slug = reference.to_ascii_lowercase();
        let id = reference.parse::<WorkspaceId>().ok();
        match known.iter().find(|place| id.map_or(place.slug == slug, |id| place.id == id)) {
            Some(place) if places.contains(place) => {}
            Some(place) => places.push(place.clone()),
            None => {
                let field = format!("workspaces/{index}");
                unknown.push(Violation::field(&field, Code::WorkspaceUnknown, "There is no such workspace."));
            }
        }
    }
    if unknown.is_empty() { Ok(places) } else { Err(Error::Invalid(unknown)) }
}

async fn named(tx: &mut Tx, org: OrgId, references: &[String]) -> Result<Vec<Place>> {
    let ids: Vec<WorkspaceId> = references.iter().filter_map(|reference| reference.parse().ok()).collect();
    let slugs: String = references
        .iter()
        .filter(|reference| !reference.contains('\0'))
        .map(|reference| format!(",{}", reference.to_ascii_lowercase()))
        .collect();
    let mut places: Vec<Place> = tx
        .sql("select id, slug from workspaces where organization_id = $1 and $2 like '%,' || slug || ',%'")
        .bind(org)
        .bind(format!("{slugs},"))
        .all()
        .await?;
    for some in ids.chunks(AT_ONCE) {
        let text = concat!("select id, slug from workspaces where organization_id = $1 and id ", one_of_page!());
        let found: Vec<Place> = tx.sql(text).bind(org).bind_page(some.iter().map(|id| id.0)).all().await?;
        places.extend(found);
    }
    Ok(places)
}

/// Puts a member into exactly these workspaces; `None` when it was so already.
pub(crate) async fn set(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    wanted: &[Place],
    now: Timestamp,
) -> Result<Option<Moved>> {
    let present: Vec<Place> = tx
        .sql(
            "select w.id, w.slug from workspace_members m join workspaces w on w.id = m.workspace_id
             where m.organization_id = $1 and m.user_id = $2 order by w.slug",
        )
        .bind(org)
        .bind(user)
        .all()
        .await?;
    let left = ids(present.iter().filter(|place| !wanted.contains(place)));
    let entered = ids(wanted.iter().filter(|place| !present.contains(place)));
    if left.is_empty() && entered.is_empty() {
        return Ok(None);
    }
    for some in left.chunks(AT_ONCE) {
        leave(tx, org, user, some).await?;
    }
    for some in entered.chunks(AT_ONCE) {
        enter(tx, org, user, some, now).await?;
    }
    let mut to: Vec<String> = wanted.iter().map(|place| place.slug.clone()).collect();
    to.sort_unstable();
    Ok(Some(Moved { from: present.into_iter().map(|place| place.slug).collect(), to }))
}

fn ids<'a>(places: impl Iterator<Item = &'a Place>) -> Vec<WorkspaceId> {
    places.map(|place| place.id).collect()
}

async fn enter(tx: &mut Tx, org: OrgId, user: UserId, into: &[WorkspaceId], now: Timestamp) -> Result<()> {
    tx.sql(concat!(
        "insert into workspace_members (organization_id, workspace_id, user_id, name_folded, added_at)
         select w.organization_id, w.id, m.user_id, m.name_folded, $103
         from workspaces w join memberships m on m.organization_id = w.organization_id and m.user_id = $102
         where w.organization_id = $1 and w.id ",
        one_of_page!()
    ))
    .bind(org)
    .bind_page(into.iter().map(|id| id.0))
    .bind(user)
    .bind(now)
    .execute()
    .await?;
    count(tx, org, into, 1).await
}

async fn leave(tx: &mut Tx, org: OrgId, user: UserId, out_of: &[WorkspaceId]) -> Result<()> {
    tx.sql(concat!(
        "delete from workspace_members where organization_id = $1 and user_id = $102 and workspace_id ",
        one_of_page!()
    ))
    .bind(org)
    .bind_page(out_of.iter().map(|id| id.0))
    .bind(user)
    .execute()
    .await?;
    count(tx, org, out_of, -1).await
}

async fn count(tx: &mut Tx, org: OrgId, places: &[WorkspaceId], by: i64) -> Result<()> {
    tx.sql(concat!(
        "update workspaces set member_count = member_count + $102 where organization_id = $1 and id ",
        one_of_page!()
    ))
    .bind(org)
    .bind_page(places.iter().map(|id| id.0))
    .bind(by)
    .execute()
    .await
    .map(drop)
}
