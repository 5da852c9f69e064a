//! What an organization has to offer: finding what is named there.

use super::offers::{Offer, Place};
use crate::db::Tx;
use crate::service::groups;
use crate::service::members::roles::{self, OwnRole, Standing};
use domain::code::Code;
use domain::error::{Checked, Result, Violation};
use domain::ids::{OrgId, TeamId};
use domain::invitation::Grants;
use domain::org::Organization;
use domain::policy::Role;
use std::collections::HashMap;

/// The roles, teams and workspaces of one organization. It has few enough of each to read them at once, and then any
/// number of invitations is looked up without asking again.
pub(super) struct Catalogue {
    usual: Role,
    roles: Vec<OwnRole>,
    teams: Places,
    workspaces: Places,
}

impl Catalogue {
    /// Reads the kinds of which anything is named.
    pub(super) async fn read(tx: &mut Tx, org: &Organization, named: &[&Grants]) -> Result<Self> {
        let any = |names: fn(&Grants) -> bool| named.iter().any(|grants| names(grants));
        let mut catalogue = Self {
            usual: org.settings.default_role,
            roles: Vec::new(),
            teams: Places::default(),
            workspaces: Places::default(),
        };
        if any(Grants::names_own_roles) {
            catalogue.roles = roles::all_own(tx, org.id).await?;
        }
        if any(|grants| grants.teams.is_some()) {
            let sql = "select id, slug, name from teams where organization_id = $1";
            catalogue.teams = Places::read(tx, sql, org.id).await?;
        }
        if any(|grants| grants.workspaces.is_some()) {
            let sql = "select id, slug, name from workspaces where organization_id = $1";
            catalogue.workspaces = Places::read(tx, sql, org.id).await?;
        }
        Ok(catalogue)
    }

    /// What is offered when these are named, and `present` is offered where nothing is said.
    ///
    /// # Errors
    /// `role_unknown`, `role_conflict`, `team_unknown`, `workspace_unknown`: all of them at once.
    pub(super) fn resolve(&self, named: &Grants, present: &Offer) -> Result<Offer> {
        let mut checked = Checked::default();
        let standing = match self.standing(named, &present.standing) {
            Ok(standing) => standing,
            Err(error) => {
                error.violations().iter().cloned().for_each(|violation| checked.note(violation));
                present.standing.clone()
            }
        };
        let teams = self.teams.named(&mut checked, "teams", named.teams.as_deref(), Code::TeamUnknown);
        let workspaces =
            self.workspaces.named(&mut checked, "workspaces", named.workspaces.as_deref(), Code::WorkspaceUnknown);
        checked.finish()?;
        Ok(Offer {
            standing,
            teams: teams.unwrap_or_else(|| present.teams.clone()),
            workspaces: workspaces.unwrap_or_else(|| present.workspaces.clone()),
        })
    }

    fn standing(&self, named: &Grants, present: &Standing) -> Result<Standing> {
        match (&named.role, &named.roles) {
            (Some(role), _) => roles::instead(role, "role", &self.roles, present),
            (None, Some(roles)) => roles::resolve(roles, &self.roles, self.usual),
            (None, None) => Ok(present.clone()),
        }
    }
}

/// Teams or workspaces, by slug and by id: no slug looks like an id.
#[derive(Default)]
struct Places(HashMap<String, Place>);

impl Places {
    async fn read(tx: &mut Tx, text: &'static str, org: OrgId) -> Result<Self> {
        let places: Vec<Place> = tx.sql(text).bind(org).all().await?;
        let keyed = |place: Place| [(place.id.to_string(), place.clone()), (place.slug.clone(), place)];
        Ok(Self(places.into_iter().flat_map(keyed).collect()))
    }

    /// Those that are named at `field`, each once; notes every one that is unknown.
    fn named(
        &self,
        checked: &mut Checked,
        field: &str,
        references: Option<&[String]>,
        unknown: Code,
    ) -> Option<Vec<Place>> {
        let mut found: Vec<Place> = Vec::new();
        for (index, reference) in references?.iter().enumerate() {
            match self.find(reference) {
                Some(place) if found.contains(place) => {}
                Some(place) => found.push(place.clone()),
                None => {
                    let rule = format!("{}.", unknown.title());
                    checked.note(Violation::field(&format!("{field}/{index}"), unknown, rule));
                }
            }
        }
        Some(found)
    }

    fn find(&self, reference: &str) -> Option<&Place> {
        // Ids of both kinds are written alike.
        match reference.parse::<TeamId>() {
            Ok(id) => self.0.get(&id.to_string()),
            Err(_) => self.0.get(groups::slug(reference)?.as_str()),
        }
    }
}
