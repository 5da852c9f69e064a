//! Workspaces: making, showing, listing and changing them.

use super::audit::{self, Event, Origin, Target};
use super::groups::{self, WORKSPACES};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::new_id;
use crate::paging::{Key, Walk, pattern};
use crate::submitted::Submitted;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, UserId, WorkspaceId};
use domain::member::Member;
use domain::page::{self, Page};
use domain::policy::Permission;
use domain::text::fold;
use domain::time::Timestamp;
use domain::workspace::{NewWorkspace, Workspace, WorkspacePatch, WorkspacesQuery};

mod sql;

pub(crate) use sql::find;

/// The workspaces of the caller's organization.
///
/// # Errors
/// `permission_denied`, the refusals of paging, `invalid_parameter`, `invalid_sort`.
#[crate::operation]
pub async fn list(app: &App, caller: &Caller, query: &WorkspacesQuery) -> Result<Page<Workspace>> {
    caller.require(Permission::WorkspaceRead)?;
    let filters = sql::Filters {
        org: caller.org,
        search: page::search(query.search.as_deref())?.map(|text| pattern(&text)),
        member: groups::of_person(query.member.as_deref(), caller.principal.user)?,
    };
    let order = groups::by_name(query.sort.as_deref())?;
    let walk = Walk::new(app, "workspaces", order, &filters, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, &filters).await? } else { 0 };
    let rows = sql::list(&mut tx, &filters, &walk).await?;
    Ok(walk.page(app, rows, total, |workspace| (Key::Text(fold(&workspace.name)), workspace.id.0)))
}

/// Makes a workspace.
///
/// # Errors
/// `permission_denied`, invalid fields, `workspace_limit_reached`, `workspace_name_taken`, `workspace_slug_taken`.
#[crate::operation]
pub async fn create(app: &App, caller: &Caller, new: Submitted<NewWorkspace>) -> Result<Workspace> {
    caller.require(Permission::WorkspaceWrite)?;
    let naming = new.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::WorkspaceWrite).await?;
    let now = app.now();
    WORKSPACES.require_room(&mut tx, caller.org, app.config.limits.workspaces).await?;
    let id = WorkspaceId(new_id());
    let slug = WORKSPACES.choose_slug(&mut tx, caller.org, id.0, &naming).await?;
    let workspace = Workspace {
        id,
        slug: slug.into(),
        name: naming.name.into(),
        description: naming.description,
        member_count: 0,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    sql::insert(&mut tx, caller.org, &workspace).await?;
    WORKSPACES.count(&mut tx, caller.org, 1, now).await?;
    let event = Event::new(caller.org, Action::WorkspaceCreated, Target::workspace(id, &workspace.name));
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await?;
    Ok(workspace)
}

/// One workspace.
///
/// # Errors
/// `permission_denied`, `workspace_not_found`.
#[crate::operation]
pub async fn get(app: &App, caller: &Caller, reference: &str) -> Result<Workspace> {
    caller.require(Permission::WorkspaceRead)?;
    let mut tx = app.db.read().await?;
    find_in(&mut tx, caller.org, reference).await
}

/// Changes a workspace.
///
/// # Errors
/// `permission_denied`, invalid fields, `workspace_not_found`, `precondition_failed`, `workspace_name_taken`,
/// `workspace_slug_taken`.
#[crate::operation]
pub async fn update(
    app: &App,
    caller: &Caller,
    reference: &str,
    patch: Submitted<WorkspacePatch>,
) -> Result<Workspace> {
    caller.require(Permission::WorkspaceWrite)?;
    let revision = patch.open()?.parse()?;
    let (mut tx, caller) = caller.locked(app, Permission::WorkspaceWrite).await?;
    let now = app.now();
    let before = find_in(&mut tx, caller.org, reference).await?;
    caller.principal.request.require_version(before.version)?;
    let after = revision.over(&before);
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    WORKSPACES.require_free(&mut tx, caller.org, after.id.0, &after.name, &after.slug).await?;
    sql::update(&mut tx, caller.org, &after, now).await?;
    let target = Target::workspace(before.id, &before.name);
    let event = Event::new(caller.org, Action::WorkspaceUpdated, target).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await?;
    Ok(Workspace { updated_at: now, version: before.version + 1, ..after })
}

fn changes(before: &Workspace, after: &Workspace) -> Changes {
    Changes::default().of("name", &before.name, &after.name).of("slug", &before.slug, &after.slug).of(
        "description",
        &before.description,
        &after.description,
    )
}

/// Deletes a workspace. Its members stay members of the organization.
///
/// # Errors
/// `permission_denied`, `workspace_not_found`, `precondition_failed`.
#[crate::operation]
pub async fn delete(app: &App, caller: &Caller, reference: &str) -> Result<()> {
    caller.require(Permission::WorkspaceWrite)?;
    let (mut tx, caller) = caller.locked(app, Permission::WorkspaceWrite).await?;
    let now = app.now();
    let workspace = find_in(&mut tx, caller.org, reference).await?;
    caller.principal.request.require_version(workspace.version)?;
    WORKSPACES.delete(&mut tx, caller.org, workspace.id.0, now).await?;
    let target = Target::workspace(workspace.id, &workspace.name);
    let event = Event::new(caller.org, Action::WorkspaceDeleted, target);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await
}

pub(super) async fn find_in(tx: &mut Tx, org: OrgId, reference: &str) -> Result<Workspace> {
    find(tx, org, reference).await?.ok_or_else(|| Code::WorkspaceNotFound.into())
}

/// Fills in which workspaces each of a page's members belongs to.
pub(super) async fn fill_in(tx: &mut Tx, org: OrgId, members: &mut [Member]) -> Result<()> {
    for (user, workspace) in sql::of_members(tx, org, members.iter().map(|member| member.user_id)).await? {
        if let Some(member) = members.iter_mut().find(|member| member.user_id == user) {
            member.workspaces.push(workspace);
        }
    }
    Ok(())
}

/// Lowers the counters of the workspaces of somebody whose membership is about to go.
pub(super) async fn forget_member(tx: &mut Tx, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
    WORKSPACES.forget_member(tx, org, user, now).await
}

/// Brings the copies of a person's name up to date.
pub(super) async fn rename_member(tx: &mut Tx, user: UserId, name_folded: &str) -> Result<()> {
    WORKSPACES.rename_member(tx, user, name_folded).await
}
