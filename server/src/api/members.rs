//! Members.

use super::endpoints::{Endpoints, Problem, needs, signed_in};
use super::extract::{NoQuery, Optional, Path, Query};
use super::problem::{self, ApiResult};
use crate::App;
use crate::auth::Caller;
use crate::service::members;
use crate::submitted::Submitted;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::member::{
    BulkChange, BulkReport, ExportFormat, Member, MemberPatch, MemberReplacement, MemberRow, MembersQuery,
    RemovalPreview, Suspension,
};
use domain::page::Page;
use domain::policy::Permission;
use serde::Deserialize;
use serde_json::Value;

mod export;

/// Why one cannot act on somebody.
const UNTOUCHABLE: &[Code] = &[Code::MemberNotFound, Code::OwnerProtected, Code::PermissionEscalation];

pub(super) fn endpoints() -> Endpoints {
    let changes = needs(Permission::MemberWrite, "change_member", "Change roles and workspaces of a member")
        .patches_with::<MemberPatch>()
        .answers::<Member>()
        .refuses(UNTOUCHABLE)
        .refuses(&[Code::CannotChangeOwnRole, Code::ManagedExternally, Code::RoleConflict, Code::RoleUnknown]);
    Endpoints::of("Members")
        .get(
            "/{org}/members",
            list_members,
            needs(Permission::MemberRead, "list_members", "The members of an organization")
                .lists::<MembersQuery, Member>(),
        )
        .get(
            "/{org}/members/export",
            export_members,
            needs(Permission::MemberWrite, "export_members", "All members as a file")
                .asks::<ExportFormat>("format", "CSV unless given.")
                .answers_all::<MemberRow>()
                .sends(&["text/csv"]),
        )
        .post(
            "/{org}/members/bulk",
            change_members,
            needs(Permission::MemberWrite, "change_members", "The same change for many members")
                .takes::<BulkChange>()
                .answers::<BulkReport<Problem>>()
                .refuses(&[Code::RoleUnknown, Code::RoleConflict]),
        )
        .get(
            "/{org}/members/{member}",
            get_member,
            needs(Permission::MemberRead, "get_member", "One member")
                .answers::<Member>()
                .refuses(&[Code::MemberNotFound]),
        )
        .patch("/{org}/members/{member}", change_member, changes.clone())
        .put(
            "/{org}/members/{member}",
            replace_member,
            needs(Permission::MemberWrite, "replace_member", "Set all roles and workspaces of a member")
                .takes::<MemberReplacement>()
                .answers::<Member>()
                .refuses(UNTOUCHABLE)
                .refuses(&[Code::CannotChangeOwnRole, Code::ManagedExternally, Code::RoleConflict, Code::RoleUnknown]),
        )
        .delete(
            "/{org}/members/{member}",
            remove_member,
            needs(Permission::MemberWrite, "remove_member", "Remove a member, or leave")
                .asks::<bool>("dry_run", "Only tells what would go.")
                .answers::<RemovalPreview>()
                .says_nothing()
                .refuses(UNTOUCHABLE)
                .refuses(&[Code::OwnerMustTransfer, Code::ManagedExternally]),
        )
        .patch("/{org}/members/{member}/role", change_member, changes.clone().called("change_member_role"))
        .put("/{org}/members/{member}/role", change_member, changes.called("set_member_role"))
        .post(
            "/{org}/members/{member}/suspend",
            suspend_member,
            needs(Permission::MemberWrite, "suspend_member", "Suspend a member")
                .may_take::<Suspension>()
                .answers::<Member>()
                .refuses(UNTOUCHABLE)
                .refuses(&[Code::CannotSuspendSelf, Code::ManagedExternally]),
        )
        .post(
            "/{org}/members/{member}/restore",
            restore_member,
            needs(Permission::MemberWrite, "restore_member", "Let a suspended member in again")
                .answers::<Member>()
                .refuses(UNTOUCHABLE)
                .refuses(&[Code::MemberLimitReached, Code::ManagedExternally]),
        )
        .post(
            "/{org}/leave",
            leave,
            signed_in("leave_organization", "Leave an organization").says_nothing().gives_up_place().refuses(&[
                Code::OwnerMustTransfer,
                Code::InsufficientScope,
                Code::MemberNotFound,
            ]),
        )
}

pub(super) async fn list_members(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<MembersQuery>,
) -> ApiResult<Json<Page<Member>>> {
    Ok(Json(members::list(&app, &caller, &query).await?))
}

pub(super) async fn get_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::get(&app, &caller, path.get("member")).await?))
}

pub(super) async fn change_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    patch: Submitted<MemberPatch>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::change(&app, &caller, path.get("member"), patch).await?))
}

pub(super) async fn replace_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    whole: Submitted<MemberReplacement>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::replace(&app, &caller, path.get("member"), whole).await?))
}

pub(super) async fn suspend_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
    Optional(suspension): Optional<Suspension>,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::suspend(&app, &caller, path.get("member"), suspension).await?))
}

pub(super) async fn restore_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    _: NoQuery,
) -> ApiResult<Json<Member>> {
    Ok(Json(members::restore(&app, &caller, path.get("member")).await?))
}

pub(super) async fn change_members(
    State(app): State<App>,
    caller: Caller,
    _: NoQuery,
    change: Submitted<BulkChange>,
) -> ApiResult<Json<BulkReport<Value>>> {
    let report = members::change_many(&app, &caller, change).await?;
    Ok(Json(report.map_problems(|error| problem::body(&error, &caller.principal.request.id))))
}

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default)]
    format: Option<String>,
}

/// A file for a spreadsheet, or for a program.
pub(super) async fn export_members(
    State(app): State<App>,
    caller: Caller,
    Query(file): Query<File>,
) -> ApiResult<Response> {
    let export = members::export(&app, &caller, file.format.as_deref()).await?;
    Ok(export::file(export))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DryRun {
    True,
    #[default]
    False,
}

#[derive(Deserialize)]
pub(super) struct Removal {
    #[serde(default)]
    dry_run: DryRun,
}

pub(super) async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    path: Path,
    Query(removal): Query<Removal>,
) -> ApiResult<Response> {
    Ok(match removal.dry_run {
        DryRun::True => Json(members::preview_removal(&app, &caller, path.get("member")).await?).into_response(),
        DryRun::False => {
            members::remove(&app, &caller, path.get("member")).await?;
            StatusCode::NO_CONTENT.into_response()
        }
    })
}

pub(super) async fn leave(State(app): State<App>, caller: Caller, _: NoQuery) -> ApiResult<StatusCode> {
    members::leave(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
