//! Who looks at the dashboard, and at which organization.

use crate::error::PageResult;
use domain::ids::UserId;
use domain::org::Organization;
use domain::policy::Permission;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A signed-in person, as far as every page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    /// The first organizations of the person, for the switcher.
    pub organizations: Vec<Place>,
}

/// An organization to switch to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub slug: String,
    pub name: String,
}

/// A person in one organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Viewer {
    pub person: Person,
    pub org: Organization,
}

impl Viewer {
    /// Whether to show what needs this permission. The operation judges again.
    pub fn may(&self, permission: Permission) -> bool {
        self.org.current_user_permissions.has(permission)
    }

    /// The address of a page of the organization; `page` begins with a slash or is empty.
    pub fn path(&self, page: &str) -> String {
        format!("/organizations/{}{page}", self.org.slug)
    }
}

/// The viewer that the layout has loaded.
pub fn viewer() -> Viewer {
    expect_context()
}

#[server]
pub async fn load_person() -> PageResult<Person> {
    let (app, principal) = crate::request::person().await?;
    Ok(describe(&app, &principal).await?)
}

#[server]
pub async fn load_viewer(org: String) -> PageResult<Viewer> {
    let (app, caller) = crate::request::request(&org).await?;
    let org = server::service::orgs::get(&app, &caller).await?;
    Ok(Viewer { person: describe(&app, &caller.principal).await?, org })
}

#[cfg(feature = "ssr")]
async fn describe(app: &server::App, principal: &server::auth::Principal) -> domain::error::Result<Person> {
    let query = domain::org::OrganizationsQuery { limit: Some("12".to_owned()), ..Default::default() };
    let page = server::service::orgs::list(app, principal, &query).await?;
    let organizations = page.data.into_iter().map(|org| Place { slug: org.slug, name: org.name }).collect();
    Ok(Person {
        id: principal.user,
        name: principal.name(),
        email: principal.email.clone(),
        email_verified: principal.email_verified,
        organizations,
    })
}
