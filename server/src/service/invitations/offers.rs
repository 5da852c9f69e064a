//! What invitations offer: roles, teams and workspaces. What is deleted goes out of every invitation by the schema.

use super::Row;
use crate::db::{Tx, one_of_page};
use crate::service::members::roles::{OwnRole, Standing};
use domain::audit::Changes;
use domain::error::Result;
use domain::ids::{InvitationId, OrgId, UserId};
use domain::invitation::Invitation;
use domain::member::{PlaceRef, RoleRef};
use domain::policy::Role;
use uuid::Uuid;

/// As many ids as one statement takes.
const AT_ONCE: usize = 100;

/// All that one invitation gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Offer {
    pub(crate) standing: Standing,
    pub(crate) teams: Vec<Place>,
    pub(crate) workspaces: Vec<Place>,
}

/// A team or a workspace, as far as it is offered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Place {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) name: String,
}

impl From<&Place> for PlaceRef {
    fn from(place: &Place) -> Self {
        Self { id: place.id.to_string(), slug: place.slug.clone(), name: place.name.clone() }
    }
}

impl Offer {
    /// A system role and nothing else.
    pub(super) fn of_role(role: Role) -> Self {
        let standing = Standing { role, own: Vec::new() };
        Self { standing, teams: Vec::new(), workspaces: Vec::new() }
    }

    /// What this invitation offers now.
    pub(crate) async fn of(tx: &mut Tx, row: &Row) -> Result<Self> {
        let offered = Offered::read(tx, Some(row.organization_id), &[row.id]).await?;
        let places = |offered: Vec<OfferedPlace>| offered.into_iter().map(|offered| offered.place).collect();
        Ok(Self {
            standing: Standing { role: row.role, own: offered.roles.into_iter().map(|offered| offered.role).collect() },
            teams: places(offered.teams),
            workspaces: places(offered.workspaces),
        })
    }

    /// Whether it gives more than a role.
    pub(super) fn has_places(&self) -> bool {
        !self.teams.is_empty() || !self.workspaces.is_empty()
    }

    /// What differs between two offers, in the words of the audit log.
    pub(super) fn changes(&self, after: &Self) -> Changes {
        Changes::default()
            .of("role", self.standing.role, after.standing.role)
            .of("roles", sorted(self.standing.keys()), sorted(after.standing.keys()))
            .of("teams", slugs(&self.teams), slugs(&after.teams))
            .of("workspaces", slugs(&self.workspaces), slugs(&after.workspaces))
    }

    /// The same for one that offered nothing before.
    pub(super) fn given(&self) -> Changes {
        let nothing: [&str; 0] = [];
        Changes::default()
            .of("role", (), self.standing.role)
            .of("roles", nothing, sorted(self.standing.keys()))
            .of("teams", nothing, slugs(&self.teams))
            .of("workspaces", nothing, slugs(&self.workspaces))
    }

    /// Keeps all but the system role, which stands in the row, for an invitation that offers nothing yet.
    pub(super) async fn insert(&self, tx: &mut Tx, id: InvitationId) -> Result<()> {
        for role in &self.standing.own {
            let sql = "insert into invitation_roles (invitation_id, role_id) values ($1, $2)";
            tx.sql(sql).bind(id).bind(role.id).execute().await?;
        }
        let teams = concat!(
            "insert into invitation_teams (invitation_id, team_id)
             select i.id, t.id from invitations i join teams t on t.organization_id = i.organization_id
             where i.id = $1 and t.id ",
            one_of_page!()
        );
        insert_places(tx, teams, id, &self.teams).await?;
        let workspaces = concat!(
            "insert into invitation_workspaces (invitation_id, workspace_id)
             select i.id, w.id from invitations i join workspaces w on w.organization_id = i.organization_id
             where i.id = $1 and w.id ",
            one_of_page!()
        );
        insert_places(tx, workspaces, id, &self.workspaces).await
    }

    /// The same in place of what the invitation has offered.
    pub(super) async fn replace(&self, tx: &mut Tx, id: InvitationId) -> Result<()> {
        for sql in [
            "delete from invitation_roles where invitation_id = $1",
            "delete from invitation_teams where invitation_id = $1",
            "delete from invitation_workspaces where invitation_id = $1",
        ] {
            tx.sql(sql).bind(id).execute().await?;
        }
        self.insert(tx, id).await
    }
}

fn sorted<T: Ord>(mut words: Vec<T>) -> Vec<T> {
    words.sort_unstable();
    words
}

fn slugs(places: &[Place]) -> Vec<&str> {
    sorted(places.iter().map(|place| place.slug.as_str()).collect())
}

async fn insert_places(tx: &mut Tx, text: &'static str, id: InvitationId, places: &[Place]) -> Result<()> {
    for some in places.chunks(AT_ONCE) {
        tx.sql(text).bind(id).bind_page(some.iter().map(|place| place.id)).execute().await?;
    }
    Ok(())
}

/// What several invitations offer, in the order in which it is shown.
struct Offered {
    roles: Vec<OfferedRole>,
    teams: Vec<OfferedPlace>,
    workspaces: Vec<OfferedPlace>,
}

#[derive(sqlx::FromRow)]
pub(super) struct OfferedRole {
    pub(super) invitation_id: InvitationId,
    #[sqlx(flatten)]
    pub(super) role: OwnRole,
}

#[derive(sqlx::FromRow)]
struct OfferedPlace {
    invitation_id: InvitationId,
    #[sqlx(flatten)]
    place: Place,
}

impl Offered {
    /// Of at most a page of invitations: those of one organization, or of any.
    async fn read(tx: &mut Tx, org: Option<OrgId>, invitations: &[InvitationId]) -> Result<Self> {
        let ids = || invitations.iter().map(|id| id.0);
        let roles = concat!(
            "select g.invitation_id, r.id, r.key, r.name, r.permissions
             from invitation_roles g join roles r on r.id = g.role_id
             where ($1 is null or r.organization_id = $1) and g.invitation_id ",
            one_of_page!(),
            " order by r.created_at, r.id"
        );
        let teams = concat!(
            "select g.invitation_id, t.id, t.slug, t.name
             from invitation_teams g join teams t on t.id = g.team_id
             where ($1 is null or t.organization_id = $1) and g.invitation_id ",
            one_of_page!(),
            " order by t.name_folded, t.id"
        );
        let workspaces = concat!(
            "select g.invitation_id, w.id, w.slug, w.name
             from invitation_workspaces g join workspaces w on w.id = g.workspace_id
             where ($1 is null or w.organization_id = $1) and g.invitation_id ",
            one_of_page!(),
            " order by w.name_folded, w.id"
        );
        Ok(Self {
            roles: tx.sql(roles).bind(org).bind_page(ids()).all().await?,
            teams: tx.sql(teams).bind(org).bind_page(ids()).all().await?,
            workspaces: tx.sql(workspaces).bind(org).bind_page(ids()).all().await?,
        })
    }
}

/// Fills in what each invitation of a page offers beside its system role.
pub(super) async fn complete(tx: &mut Tx, org: Option<OrgId>, invitations: &mut [Invitation]) -> Result<()> {
    let ids: Vec<InvitationId> = invitations.iter().map(|invitation| invitation.id).collect();
    let offered = Offered::read(tx, org, &ids).await?;
    for invitation in invitations {
        let id = invitation.id;
        let own = offered.roles.iter().filter(|offered| offered.invitation_id == id);
        invitation.roles.extend(own.map(|offered| RoleRef::from(&offered.role)));
        invitation.teams = places_of(id, &offered.teams);
        invitation.workspaces = places_of(id, &offered.workspaces);
    }
    Ok(())
}

fn places_of(id: InvitationId, offered: &[OfferedPlace]) -> Vec<PlaceRef> {
    offered.iter().filter(|offered| offered.invitation_id == id).map(|offered| PlaceRef::from(&offered.place)).collect()
}

/// The organization's own roles that the open invitations of one person offer.
pub(super) async fn roles_of_inviter(tx: &mut Tx, org: OrgId, inviter: UserId) -> Result<Vec<OfferedRole>> {
    tx.sql(
        "select g.invitation_id, r.id, r.key, r.name, r.permissions
         from invitations i join invitation_roles g on g.invitation_id = i.id join roles r on r.id = g.role_id
         where i.organization_id = $1 and i.invited_by = $2 and i.status = 'pending'",
    )
    .bind(org)
    .bind(inviter)
    .all()
    .await
}
