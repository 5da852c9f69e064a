//! The rows of affiliations: memberships and open invitations of one person, in one list.

use crate::db::{Statement, Tx, hex};
use crate::paging::Walk;
use crate::service::orgs::organization;
use domain::affiliation::AffiliationStatus;
use domain::error::Result;
use domain::ids::{InvitationId, OrgId, UserId};
use domain::org::Organization;
use domain::page::DEEPEST;
use domain::policy::Role;
use domain::text::Username;
use domain::time::Timestamp;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
pub(super) struct Place {
    pub(super) id: OrgId,
    pub(super) name_folded: String,
    pub(super) status: AffiliationStatus,
    pub(super) role: Option<Role>,
    pub(super) joined_at: Option<Timestamp>,
    pub(super) invitation_id: Option<InvitationId>,
}

pub(super) struct Filters {
    /// Who looks, as far as that gives any insight.
    pub(super) viewer: Option<UserId>,
    /// Whose organizations.
    pub(super) subject: UserId,
    /// The address whose open invitations are among them.
    pub(super) invited: Option<String>,
    pub(super) statuses: Vec<AffiliationStatus>,
    /// The only organizations that the credential tells of.
    pub(super) only: Option<Vec<OrgId>>,
    /// Whether all are shown, not only those that are public or shared.
    pub(super) whole: bool,
    pub(super) now: Timestamp,
}

/// `$1` who looks, `$2` the present time, `$3` whose organizations, `$4` the invited address, `$5` the statuses as
/// `,active,pending,`, `$6` whether all are shown, `$7` the only organizations that are told of.
macro_rules! places {
    () => {
        "(select organization_id, status, role, joined_at, null as invitation_id
          from memberships where user_id = $3
          union all
          select i.organization_id, 'pending', i.role, null, i.id
          from invitations i
          where i.email = $4 and i.status = 'pending' and i.expires_at > $2
            and not exists (select 1 from memberships m
                            where m.organization_id = i.organization_id and m.user_id = $3)) p
         join organizations o on o.id = p.organization_id
         where $5 like '%,' || p.status || ',%'
           and ($7 is null or $7 like '%' || hex(p.organization_id) || '%')
           and (p.status <> 'pending' or o.status = 'active')
           and (o.status <> 'pending_deletion' or ($6 and (p.role = 'owner' or $3 <> $1)))
           and ($6 or (p.status = 'active'
                       and ((o.visibility = 'public' and o.status = 'active')
                            or exists (select 1 from memberships v
                                       where v.organization_id = o.id and v.user_id = $1 and v.status = 'active'
                                         and v.role <> 'viewer'))))"
    };
}

/// One page of them: key, id, limit and offset follow the filters.
macro_rules! one_page {
    ($columns:literal, $than:literal, $direction:literal) => {
        concat!(
            "select ",
            $columns,
            " from ",
            places!(),
            " and (o.name_folded, o.id) ",
            $than,
            " ($8, $9) order by o.name_folded ",
            $direction,
            ", o.id ",
            $direction,
            " limit $10 offset $11"
        )
    };
}

macro_rules! list {
    ($than:literal, $direction:literal) => {
        one_page!("o.id, o.name_folded, p.status, p.role, p.joined_at, p.invitation_id", $than, $direction)
    };
}

/// The organizations of the same page, as the viewer sees them.
macro_rules! organizations {
    ($than:literal, $direction:literal) => {
        organization!(
            "organizations o left join memberships m
                on m.organization_id = o.id and m.user_id = $1 and m.status = 'active'
             where o.id in (select id from (",
            one_page!("o.id", $than, $direction),
            ") listed)"
        )
    };
}

pub(super) async fn list(tx: &mut Tx, filters: &Filters, walk: &Walk) -> Result<Vec<(Place, Organization)>> {
    let (places, organizations) = if walk.falling {
        (list!("<", "desc"), organizations!("<", "desc"))
    } else {
        (list!(">", "asc"), organizations!(">", "asc"))
    };
    let places: Vec<Place> = step(filter(tx, places, filters), walk).all().await?;
    let organizations: Vec<Organization> = step(filter(tx, organizations, filters), walk).all().await?;
    let mut organizations: HashMap<OrgId, Organization> = organizations.into_iter().map(|org| (org.id, org)).collect();
    let paired = places.into_iter().filter_map(|place| organizations.remove(&place.id).map(|org| (place, org)));
    Ok(paired.collect())
}

pub(super) async fn count(tx: &mut Tx, filters: &Filters) -> Result<i64> {
    let text = concat!("select count(*) from (select 1 from ", places!(), " limit $8) counted");
    let (count,): (i64,) = filter(tx, text, filters).bind(i64::from(DEEPEST) + 1).one().await?;
    Ok(count)
}

fn filter<'t>(tx: &'t mut Tx, text: &'static str, filters: &Filters) -> Statement<'t> {
    let statuses: Vec<_> = filters.statuses.iter().map(|status| status.key()).collect();
    tx.sql(text)
        .bind(filters.viewer)
        .bind(filters.now)
        .bind(filters.subject)
        .bind(filters.invited.clone())
        .bind(format!(",{},", statuses.join(",")))
        .bind(filters.whole)
        .bind(filters.only.as_deref().map(hex))
}

fn step<'t>(statement: Statement<'t>, walk: &Walk) -> Statement<'t> {
    statement.bind(walk.key.text()).bind(walk.id).bind(walk.limit).bind(walk.offset)
}

/// By id or username. A text in the form of an id is always taken as an id.
pub(super) async fn find_person(tx: &mut Tx, reference: &str) -> Result<Option<UserId>> {
    let found: Option<(UserId,)> = match (reference.parse::<UserId>(), Username::parse(reference)) {
        (Ok(id), _) => tx.sql("select id from users where id = $1 and deleted_at is null").bind(id).optional().await?,
        (_, Ok(username)) => {
            let sql = "select id from users where username = $1 and deleted_at is null";
            tx.sql(sql).bind(username.to_string()).optional().await?
        }
        _ => None,
    };
    Ok(found.map(|(id,)| id))
}
