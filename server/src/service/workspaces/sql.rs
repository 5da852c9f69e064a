//! The rows of workspaces.

use super::groups;
use crate::db::{Statement, Tx, one_of_page};
use crate::paging::Walk;
use domain::error::Result;
use domain::ids::{OrgId, UserId, WorkspaceId};
use domain::member::PlaceRef;
use domain::page::DEEPEST;
use domain::text::fold;
use domain::time::Timestamp;
use domain::workspace::Workspace;

macro_rules! workspace {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "select w.id, w.slug, w.name, w.description, w.member_count, w.created_at, w.updated_at, w.version
             from workspaces w ",
            $($rest),+
        )
    };
}

/// By id or slug, always within the organization.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, reference: &str) -> Result<Option<Workspace>> {
    tx.sql(workspace!("where w.organization_id = $1 and (w.id = $2 or w.slug = $3)"))
        .bind(org)
        .bind(reference.parse::<WorkspaceId>().ok())
        .bind(groups::slug(reference))
        .optional()
        .await
}

#[derive(Debug)]
pub(super) struct Filters {
    pub(super) org: OrgId,
    pub(super) search: Option<String>,
    pub(super) member: Option<UserId>,
}

/// `$1` to `$3` are the filters.
macro_rules! matching {
    () => {
        "where w.organization_id = $1 and ($2 is null or w.name_folded like $2 escape '\\')
           and ($3 is null
                or exists (select 1 from workspace_members x where x.workspace_id = w.id and x.user_id = $3))"
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<Workspace>> {
    let text = if walk.falling {
        workspace!(
            matching!(),
            " and (w.name_folded, w.id) < ($4, $5)
             order by w.name_folded desc, w.id desc limit $6 offset $7"
        )
    } else {
        workspace!(
            matching!(),
            " and (w.name_folded, w.id) > ($4, $5)
             order by w.name_folded, w.id limit $6 offset $7"
        )
    };
    let statement = filter(tx, text, filters).bind(walk.key.text()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from workspaces w ", matching!(), " limit $4) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    tx.sql(text).bind(filters.org).bind(filters.search.clone()).bind(filters.member)
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, workspace: &Workspace) -> Result<()> {
    tx.sql(
        "insert into workspaces (id, organization_id, slug, name, name_folded, description, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(workspace.id)
    .bind(org)
    .bind(workspace.slug.clone())
    .bind(workspace.name.clone())
    .bind(fold(&workspace.name))
    .bind(workspace.description.clone())
    .bind(workspace.created_at)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn update(tx: &mut Tx, org: OrgId, workspace: &Workspace, now: Timestamp) -> Result<()> {
    tx.sql(
        "update workspaces set slug = $3, name = $4, name_folded = $5, description = $6, updated_at = $7,
                version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(org)
    .bind(workspace.id)
    .bind(workspace.slug.clone())
    .bind(workspace.name.clone())
    .bind(fold(&workspace.name))
    .bind(workspace.description.clone())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Which of these, at most a page, belongs to which workspaces.
pub(super) async fn of_members(
    tx: &mut Tx,
    org: OrgId,
    members: impl Iterator<Item = UserId>,
) -> Result<Vec<(UserId, PlaceRef)>> {
    let text = concat!(
        "select m.user_id, w.id, w.slug, w.name
         from workspace_members m join workspaces w on w.id = m.workspace_id
         where m.organization_id = $1 and m.user_id ",
        one_of_page!(),
        " order by w.name_folded, w.id"
    );
    let rows: Vec<(UserId, WorkspaceId, String, String)> =
        tx.sql(text).bind(org).bind_page(members.map(|user| user.0)).all().await?;
    let place = |id: WorkspaceId, slug, name| PlaceRef { id: id.to_string(), slug, name };
    Ok(rows.into_iter().map(|(user, id, slug, name)| (user, place(id, slug, name))).collect())
}
