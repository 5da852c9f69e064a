//! Coming in by an invitation, and being given what it offers.

use super::require_open;
use crate::App;
use crate::db::Tx;
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::invitations::{Offer, Row, require_standing_offer, sql as rows};
use crate::service::members::{self, roles, workspaces};
use crate::service::{orgs, team_members, teams};
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::UserId;
use domain::member::Member;
use domain::org::Status;
use domain::policy::Role;
use domain::team::TeamRole;
use domain::time::Timestamp;

/// Closes the invitation and brings the person in, all or nothing. Says whether the person was not in before.
pub(super) async fn join(app: &App, tx: &mut Tx, row: &Row, user: UserId, origin: &Origin) -> Result<bool> {
    tx.lock_org(row.organization_id).await?;
    let now = app.now();
    let fresh = reread(tx, row, now).await?;
    if fresh.org_status != Status::Active {
        return Err(Code::OrganizationNotAccepting.into());
    }
    let offer = Offer::of(tx, &fresh).await?;
    require_standing_offer(tx, &fresh, &offer.standing).await?;
    if !rows::accept(tx, row.id, row.token_version, user, now).await? {
        return Err(Code::InvitationAccepted.into());
    }
    let had_seat = orgs::has_seat(tx, row.organization_id, 0).await?;
    let joined = orgs::insert_membership(tx, row.organization_id, user, fresh.role, fresh.inviter_id, now).await?;
    if joined && !had_seat {
        return Err(Code::MemberLimitReached.into());
    }
    let accepted = Event::new(row.organization_id, Action::InvitationAccepted, Target::invitation(row.id, &row.email));
    audit::record(tx, origin, accepted, now).await?;
    if joined {
        give(tx, &fresh, &offer, user, origin, now).await?;
    }
    Ok(joined)
}

/// The invitation as it is now that nobody else can change it; it has to be open still.
pub(super) async fn reread(tx: &mut Tx, row: &Row, now: Timestamp) -> Result<Row> {
    let fresh = rows::find(tx, row.id).await?.filter(|fresh| fresh.token_version == row.token_version);
    let fresh = fresh.ok_or(Code::InvitationNotFound)?;
    require_open(&fresh, now)?;
    Ok(fresh)
}

/// What was offered, as far as it is still there. Who was a member already keeps what they have.
async fn give(tx: &mut Tx, row: &Row, offer: &Offer, user: UserId, origin: &Origin, now: Timestamp) -> Result<()> {
    let org = row.organization_id;
    for role in &offer.standing.own {
        roles::give(tx, org, user, role.id).await?;
    }
    let nothing: [&str; 0] = [];
    let changes =
        Changes::default().of("role", None::<Role>, offer.standing.role).of("roles", nothing, offer.standing.keys());
    let joined = Event::new(org, Action::MemberJoined, Target::user(user, &origin.actor.name)).with(changes);
    audit::record(tx, origin, joined, now).await?;
    let member = members::sql::find(tx, org, "@me", user).await?.ok_or(Error::Internal)?;
    enter_teams(tx, row, offer, &member, origin, now).await?;
    enter_workspaces(tx, row, offer, &member, origin, now).await
}

async fn enter_teams(
    tx: &mut Tx,
    row: &Row,
    offer: &Offer,
    member: &Member,
    origin: &Origin,
    now: Timestamp,
) -> Result<()> {
    let org = row.organization_id;
    for place in &offer.teams {
        let team = teams::find(tx, org, &place.id.to_string(), None).await?.ok_or(Error::Internal)?;
        team_members::admit(tx, origin, org, &team, member, TeamRole::Member, now).await?;
    }
    Ok(())
}

async fn enter_workspaces(
    tx: &mut Tx,
    row: &Row,
    offer: &Offer,
    member: &Member,
    origin: &Origin,
    now: Timestamp,
) -> Result<()> {
    let org = row.organization_id;
    let named: Vec<String> = offer.workspaces.iter().map(|place| place.id.to_string()).collect();
    let places = workspaces::resolve(tx, org, &named).await?;
    let Some(moved) = workspaces::set(tx, org, member.user_id, &places, now).await? else { return Ok(()) };
    let changes = Changes::default().of("workspaces", moved.from, moved.to);
    let event = Event::new(org, Action::MemberWorkspacesChanged, members::target_of(member)).with(changes);
    audit::record(tx, origin, event, now).await
}
