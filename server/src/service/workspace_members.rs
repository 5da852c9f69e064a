//! Who belongs to a workspace.

use super::audit::{self, Event, Origin};
use super::groups::{self, WORKSPACES};
use super::{members, workspaces};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::paging::{Key, Walk};
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, UserId, WorkspaceId};
use domain::member::Member;
use domain::page::{DEEPEST, Page};
use domain::policy::Permission;
use domain::time::Timestamp;
use domain::workspace::{Workspace, WorkspaceMembersQuery};

/// The members of a workspace.
///
/// # Errors
/// `permission_denied`, `workspace_not_found`, the refusals of paging, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, workspace: &str, query: &WorkspaceMembersQuery) -> Result<Page<Member>> {
    caller.require(Permission::WorkspaceRead)?;
    let mut tx = app.db.read().await?;
    let workspace = workspaces::find_in(&mut tx, caller.org, workspace).await?.id;
    let order = groups::by_name(query.sort.as_deref())?;
    let walk = Walk::new(app, "workspace members", order, &workspace, query.window()?)?;
    let total = if walk.counts() { count(&mut tx, workspace).await? } else { 0 };
    let rows = page_of(&mut tx, workspace, &walk).await?;
    let page = walk.page(app, rows, total, |(user, name_folded)| (Key::Text(name_folded.clone()), user.0));
    let people: Vec<UserId> = page.data.iter().map(|(user, _)| *user).collect();
    let members = members::of_page(&mut tx, caller, &people).await?;
    Ok(page.with(members))
}

/// Lets a member of the organization into a workspace; who is in it already stays so.
///
/// # Errors
/// `permission_denied`, `workspace_not_found`, `member_not_found`.
#[crate::operation]
pub async fn put(app: &App, caller: &Caller, workspace: &str, member: &str) -> Result<()> {
    caller.require(Permission::WorkspaceWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::WorkspaceWrite).await?;
    let now = app.now();
    let workspace = workspaces::find_in(&mut tx, caller.org, workspace).await?;
    let member = members::find_in(&mut tx, &caller, member).await?;
    admit(&mut tx, &Origin::from(&caller), caller.org, &workspace, &member, now).await?;
    tx.commit().await
}

/// Takes a member out of a workspace.
///
/// # Errors
/// `permission_denied`, `workspace_not_found`, `member_not_found`.
#[crate::operation]
pub async fn remove(app: &App, caller: &Caller, workspace: &str, member: &str) -> Result<()> {
    caller.require(Permission::WorkspaceWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::WorkspaceWrite).await?;
    let now = app.now();
    let workspace = workspaces::find_in(&mut tx, caller.org, workspace).await?;
    let member = members::find_in(&mut tx, &caller, member).await?;
    let is_out = withdraw(&mut tx, &Origin::from(&caller), caller.org, &workspace, &member, now).await?;
    if is_out { tx.commit().await } else { Err(Code::MemberNotFound.into()) }
}

/// Lets a member into a workspace; says whether they were not in it before. The organization is locked.
pub(crate) async fn admit(
    tx: &mut Tx,
    origin: &Origin,
    org: OrgId,
    workspace: &Workspace,
    member: &Member,
    now: Timestamp,
) -> Result<bool> {
    let before = slugs_of(tx, org, member.user_id).await?;
    if !insert(tx, org, workspace.id, member.user_id, now).await? {
        return Ok(false);
    }
    WORKSPACES.count_member(tx, org, workspace.id.0, 1, now).await?;
    members::sql::touch(tx, org, member.user_id, now).await?;
    record(tx, origin, org, member, before, now).await.map(|()| true)
}

/// Takes a member out of a workspace; says whether they were in it.
async fn withdraw(
    tx: &mut Tx,
    origin: &Origin,
    org: OrgId,
    workspace: &Workspace,
    member: &Member,
    now: Timestamp,
) -> Result<bool> {
    let before = slugs_of(tx, org, member.user_id).await?;
    if !delete(tx, workspace.id, member.user_id).await? {
        return Ok(false);
    }
    WORKSPACES.count_member(tx, org, workspace.id.0, -1, now).await?;
    members::sql::touch(tx, org, member.user_id, now).await?;
    record(tx, origin, org, member, before, now).await.map(|()| true)
}

async fn record(
    tx: &mut Tx,
    origin: &Origin,
    org: OrgId,
    member: &Member,
    before: Vec<String>,
    now: Timestamp,
) -> Result<()> {
    let changes = Changes::default().of("workspaces", before, slugs_of(tx, org, member.user_id).await?);
    let event = Event::new(org, Action::MemberWorkspacesChanged, members::target_of(member)).with(changes);
    audit::record(tx, origin, event, now).await
}

async fn slugs_of(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Vec<String>> {
    let text = "select w.slug from workspace_members m join workspaces w on w.id = m.workspace_id
                where m.organization_id = $1 and m.user_id = $2 order by w.slug";
    let slugs: Vec<(String,)> = tx.sql(text).bind(org).bind(user).all().await?;
    Ok(slugs.into_iter().map(|(slug,)| slug).collect())
}

/// A page of people in the order of their names.
async fn page_of(tx: &mut Tx, workspace: WorkspaceId, walk: &Walk) -> Result<Vec<(UserId, String)>> {
    let text = if walk.falling {
        "select user_id, name_folded from workspace_members
         where workspace_id = $1 and (name_folded, user_id) < ($2, $3)
         order by name_folded desc, user_id desc limit $4 offset $5"
    } else {
        "select user_id, name_folded from workspace_members
         where workspace_id = $1 and (name_folded, user_id) > ($2, $3)
         order by name_folded, user_id limit $4 offset $5"
    };
    let statement = tx.sql(text).bind(workspace).bind(walk.key.text()).bind(walk.id);
    statement.bind(walk.limit).bind(walk.offset).all().await
}

async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64> {
    let text = "select count(*) from (select 1 from workspace_members where workspace_id = $1 limit $2) counted";
    let (count,): (i64,) = tx.sql(text).bind(workspace).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

async fn insert(tx: &mut Tx, org: OrgId, workspace: WorkspaceId, user: UserId, now: Timestamp) -> Result<bool> {
    let inserted = tx
        .sql(
            "insert into workspace_members (organization_id, workspace_id, user_id, name_folded, added_at)
             select m.organization_id, $2, m.user_id, m.name_folded, $4
             from memberships m where m.organization_id = $1 and m.user_id = $3
             on conflict (workspace_id, user_id) do nothing",
        )
        .bind(org)
        .bind(workspace)
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

async fn delete(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<bool> {
    let sql = "delete from workspace_members where workspace_id = $1 and user_id = $2";
    let deleted = tx.sql(sql).bind(workspace).bind(user).execute().await?;
    Ok(deleted == 1)
}
