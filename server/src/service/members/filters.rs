//! What a list of members is narrowed to.

use super::listing::Filters;
use crate::auth::Caller;
use crate::db::Tx;
use crate::db::search::Search;
use crate::service::{roles, teams, workspaces};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::member::{MemberStatus, MembersQuery};
use domain::page;
use domain::policy::Permission;
use domain::team::NO_TEAM;

/// # Errors
/// `invalid_parameter`; `permission_denied` for `has_2fa`, which only those see who manage members.
pub(super) async fn read(tx: &mut Tx, caller: &Caller, query: &MembersQuery) -> Result<Filters> {
    let mut filters = Filters {
        search: page::search(query.search.as_deref())?.map(|text| Search::of(&text)),
        status: query.status.as_deref().map(|text| page::choice("status", text, MemberStatus::find)).transpose()?,
        has_2fa: query.has_2fa.as_deref().map(|text| page::flag("has_2fa", text)).transpose()?,
        ..Filters::of(caller.org)
    };
    if let Some(from) = query.joined_from.as_deref() {
        filters.joined_from = page::time("joined_from", from)?;
    }
    if let Some(to) = query.joined_to.as_deref() {
        filters.joined_to = page::time("joined_to", to)?;
    }
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
        Some(reference) => {
            let team = teams::find(tx, caller.org, reference, None).await?;
            filters.team = Some(team.ok_or_else(|| unknown("team"))?.id);
        }
        None => {}
    }
    if let Some(reference) = query.workspace.as_deref() {
        let workspace = workspaces::find(tx, caller.org, reference).await?;
        filters.workspace = Some(workspace.ok_or_else(|| unknown("workspace"))?.id);
    }
    Ok(filters)
}

fn unknown(parameter: &str) -> Error {
    Error::parameter(parameter, Code::InvalidParameter, "This is not one of the choices.")
}
