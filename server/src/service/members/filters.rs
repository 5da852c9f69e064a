//! What a list of members is narrowed to.

use super::sql::Filters;
use crate::auth::Caller;
use crate::db::Tx;
use crate::paging::pattern;
use crate::service::roles;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, TeamId, WorkspaceId};
use domain::member::{MemberStatus, MembersQuery};
use domain::page;
use domain::policy::Permission;

/// The word for those who are in no team.
const NO_TEAM: &str = "none";

/// # Errors
/// `invalid_parameter`; `permission_denied` for `has_2fa`, which only those see who manage members.
pub(super) async fn read(tx: &mut Tx, caller: &Caller, query: &MembersQuery) -> Result<Filters> {
    let mut filters = Filters {
        search: page::search(query.search.as_deref())?.map(|text| pattern(&text)),
        status: query.status.as_deref().map(|text| page::choice("status", text, MemberStatus::find)).transpose()?,
        joined_from: query.joined_from.as_deref().map(|text| page::time("joined_from", text)).transpose()?,
        joined_to: query.joined_to.as_deref().map(|text| page::time("joined_to", text)).transpose()?,
        has_2fa: query.has_2fa.as_deref().map(|text| page::flag("has_2fa", text)).transpose()?,
        ..Filters::of(caller.org)
    };
    if filters.has_2fa.is_some() {
        caller.require_power(Permission::MemberWrite)?;
    }
    for reference in query.role.iter().flat_map(|many| &many.0) {
        let role = roles::find(tx, caller.org, reference).await?.ok_or_else(|| unknown("role"))?;
        match role.as_system() {
            Some(role) => filters.roles.push(role),
            None => filters.own_roles.push(role.id),
        }
    }
    match query.team.as_deref() {
        Some(NO_TEAM) => filters.in_no_team = true,
        Some(reference) => filters.team = Some(find_team(tx, caller.org, reference).await?),
        None => {}
    }
    if let Some(reference) = query.workspace.as_deref() {
        filters.workspace = Some(find_workspace(tx, caller.org, reference).await?);
    }
    Ok(filters)
}

fn unknown(parameter: &str) -> Error {
    Error::parameter(parameter, Code::InvalidParameter, "This is not one of the choices.")
}

async fn find_team(tx: &mut Tx, org: OrgId, reference: &str) -> Result<TeamId> {
    let found: Option<(TeamId,)> = match reference.parse::<TeamId>() {
        Ok(id) => {
            let sql = "select id from teams where organization_id = $1 and id = $2";
            tx.sql(sql).bind(org).bind(id).optional().await?
        }
        Err(_) => {
            let sql = "select id from teams where organization_id = $1 and slug = $2";
            tx.sql(sql).bind(org).bind(slug("team", reference)?).optional().await?
        }
    };
    found.map(|(id,)| id).ok_or_else(|| unknown("team"))
}

async fn find_workspace(tx: &mut Tx, org: OrgId, reference: &str) -> Result<WorkspaceId> {
    let found: Option<(WorkspaceId,)> = match reference.parse::<WorkspaceId>() {
        Ok(id) => {
            let sql = "select id from workspaces where organization_id = $1 and id = $2";
            tx.sql(sql).bind(org).bind(id).optional().await?
        }
        Err(_) => {
            let sql = "select id from workspaces where organization_id = $1 and slug = $2";
            tx.sql(sql).bind(org).bind(slug("workspace", reference)?).optional().await?
        }
    };
    found.map(|(id,)| id).ok_or_else(|| unknown("workspace"))
}

/// A NUL would break Postgres.
fn slug(parameter: &str, text: &str) -> Result<String> {
    if text.contains('\0') { Err(unknown(parameter)) } else { Ok(text.to_ascii_lowercase()) }
}
