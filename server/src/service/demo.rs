//! Believable organizations, to look at the product before there are real ones.

use super::accounts::insert_user;
use super::audit::{self, Event, Origin, Target};
use super::orgs;
use crate::App;
use crate::auth::{Caller, Principal, Via};
use crate::db::Tx;
use crate::submitted::Submitted;
use crate::visit::Request;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{SignInId, UserId};
use domain::invitation::NewInvitation;
use domain::member::RoleKey;
use domain::org::NewOrganization;
use domain::policy::Role;
use domain::time::Timestamp;
use domain::user::Profile;
use std::time::Duration;

/// An organization of the demonstration: its name, its profile, its people and whom it has invited.
struct Story {
    name: &'static str,
    bio: &'static str,
    website: &'static str,
    country: &'static str,
    industry: &'static str,
    people: &'static [(&'static str, Role)],
    invited: &'static [(&'static str, Role)],
}

const STORIES: &[Story] = &[
    Story {
        name: "Northlight Observatory",
        bio: "Public evenings, a school programme and one stubborn telescope.",
        website: "https://northlight.example",
        country: "NO",
        industry: "education",
        people: &[
            ("Ingeborg Aasen", Role::Admin),
            ("Tomasz Wójcik", Role::Billing),
            ("Amina Yusuf", Role::Member),
            ("Ravi Subramanian", Role::Member),
            ("Léa Fontaine", Role::Member),
            ("李 雪", Role::Member),
            ("Óscar Íñiguez", Role::Viewer),
            ("نور الهاشمي", Role::Member),
            ("Maximilian von Rautenberg-Hohenlinden", Role::Member),
            ("Priyanka Venkatanarasimharajuvaripeta", Role::Admin),
        ],
        invited: &[("starlight.volunteer", Role::Member), ("treasurer", Role::Billing)],
    },
    Story {
        name: "Quarry Lane Bakers",
        bio: "Bread by six, seven days a week.",
        website: "https://quarrylane.example",
        country: "GB",
        industry: "technology",
        people: &[("Hettie Cole", Role::Admin), ("Samir Haddad", Role::Member), ("Bo", Role::Member)],
        invited: &[("apprentice", Role::Member)],
    },
];

const OWNER: &str = "demo@guildhall.example";

/// What the demonstration has made, to be told to the operator.
#[derive(Debug, Clone)]
pub struct Demonstration {
    pub email: &'static str,
    pub password: String,
    pub organizations: usize,
}

/// Fills an instance that has no organizations yet.
///
/// # Errors
/// `already_exists` in words when there are organizations; when the database does not answer.
#[crate::operation]
pub async fn fill(app: &App) -> anyhow::Result<Demonstration> {
    if has_organizations(app).await? {
        anyhow::bail!("there are organizations already; the demonstration only fills an empty database");
    }
    let password = crate::tokens::personal();
    let owner = super::setup::appoint(app, OWNER, Some("Dana Whitlock"), &password).await?;
    for story in STORIES {
        tell(app, owner, story).await?;
    }
    Ok(Demonstration { email: OWNER, password, organizations: STORIES.len() })
}

async fn has_organizations(app: &App) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let one: Option<(domain::ids::OrgId,)> = tx.sql("select id from organizations limit 1").optional().await?;
    Ok(one.is_some())
}

async fn tell(app: &App, owner: UserId, story: &Story) -> Result<()> {
    let principal = principal(owner, OWNER, Some("Dana Whitlock"));
    let new = NewOrganization {
        name: story.name.to_owned(),
        bio: Some(story.bio.to_owned()),
        website: Some(story.website.to_owned()),
        country_code: Some(story.country.to_owned()),
        industry: Some(story.industry.to_owned()),
        ..NewOrganization::default()
    };
    let org = orgs::create(app, &principal, Submitted::from(new)).await?;
    let caller = crate::auth::caller(app, principal, &org.slug).await?;
    let mut tx = app.db.write().await?;
    // The first to join is told first: each day keeps how many there were at its end.
    for (index, (name, role)) in story.people.iter().enumerate().rev() {
        let days_ago = u64::try_from(index + 1).unwrap_or_default() * 17;
        let joined = app.now().minus(Duration::from_secs(days_ago * 86_400));
        join(&mut tx, &caller, name, *role, joined).await?;
    }
    orgs::count_member(&mut tx, caller.org, 0, app.now()).await?;
    tx.commit().await?;
    for (who, role) in story.invited {
        let invitation = NewInvitation {
            email: format!("{who}@{}.example", org.slug),
            role: Some(RoleKey::Key(role.key().to_owned())),
            send_email: Some(false),
            ..NewInvitation::default()
        };
        super::invitations::create(app, &caller, Submitted::from(invitation), Default::default()).await?;
    }
    Ok(())
}

/// People of the demonstration have no password: nobody signs in as one of them.
async fn join(tx: &mut Tx, caller: &Caller, name: &str, role: Role, joined: Timestamp) -> Result<()> {
    let local =
        domain::text::Slug::generate(name, 30).map_or_else(|| crate::new_id().simple().to_string(), String::from);
    let profile = Profile::parse(&format!("{local}@{}.example", caller.slug), Some(name), None)?;
    let user = insert_user(tx, &profile, None, Some(joined), joined).await?.ok_or(Code::EmailTaken)?;
    if !orgs::insert_membership(tx, caller.org, user, role, caller.principal.person(), joined).await? {
        return Err(Error::Internal);
    }
    let event = Event::new(caller.org, Action::MemberJoined, Target::user(user, name));
    audit::record(tx, &Origin::from(caller), event, joined).await
}

/// The owner of what a command makes, as if signed in.
pub(super) fn principal(owner: UserId, email: &str, full_name: Option<&str>) -> Principal {
    Principal {
        user: owner,
        email: email.to_owned(),
        email_verified: true,
        full_name: full_name.map(str::to_owned),
        platform_admin: false,
        via: Via::Session { sign_in: SignInId(crate::new_id()), fresh_at: Timestamp::from_millis(0) },
        request: Request::local(),
    }
}
