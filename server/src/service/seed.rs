//! One organization of any size, to measure with. The same call makes the same people; only the times are those of the
//! day.

use super::accounts::{find_account, insert_user};
use super::demo::principal;
use super::orgs;
use super::roles::sql::count_holders;
use crate::App;
use crate::db::Tx;
use crate::submitted::Submitted;
use domain::error::{Error, Result};
use domain::ids::{OrgId, RoleId, UserId};
use domain::member::MemberStatus;
use domain::org::NewOrganization;
use domain::policy::Role;
use domain::time::Timestamp;
use domain::user::Profile;
use std::ops::Range;
use std::time::Duration;

mod person;
mod sql;

use person::Person;

/// How many members are written in one transaction: others who write do not wait long.
const PART: u64 = 5_000;
/// How many members a team has, if there are as many.
const TEAM: u64 = 50;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Over how many days people have joined.
const DAYS: u32 = 365;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many members there are in the end, with the owner.
    pub members: u64,
    pub teams: u64,
    pub invitations: u64,
    pub slug: String,
    /// Address of the owner, whose account is made if there is none.
    pub owner: String,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Seeded {
    pub organization_id: OrgId,
    pub slug: String,
}

/// Makes the organization, and in it members, teams and open invitations.
///
/// # Errors
/// An invalid address or slug, `slug_taken`, `organization_limit_reached`; when the database does not answer.
#[crate::operation]
pub async fn plant(app: &App, plan: &Plan) -> Result<Seeded> {
    let owner = owner(app, &plan.owner).await?;
    let new = NewOrganization {
        name: format!("Seed {}", plan.slug),
        slug: Some(plan.slug.clone()),
        ..NewOrganization::default()
    };
    let org = orgs::create(app, &principal(owner, &plan.owner, None), Submitted::from(new)).await?;
    let field = Field { org: org.id, slug: org.slug, owner, now: app.now(), members: plan.members.saturating_sub(1) };
    let mut tx = app.db.write().await?;
    sql::backdate(&mut tx, field.org, field.began()).await?;
    tx.commit().await?;
    for numbers in parts(field.members) {
        let mut tx = app.db.write().await?;
        join(&mut tx, &field, numbers).await?;
        tx.commit().await?;
    }
    for numbers in parts(plan.invitations) {
        let mut tx = app.db.write().await?;
        sql::insert_invitations(&mut tx, &field, numbers).await?;
        tx.commit().await?;
    }
    let mut tx = app.db.write().await?;
    tx.lock_org(field.org).await?;
    for number in 0..plan.teams {
        team(&mut tx, &field, number).await?;
    }
    sql::count_teams(&mut tx, field.org, plan.teams).await?;
    // The owner stands at the end of the days, who came before everybody.
    orgs::count_member(&mut tx, field.org, 0, field.now).await?;
    tx.commit().await?;
    Ok(Seeded { organization_id: field.org, slug: field.slug })
}

/// All numbers below, a part at a time.
fn parts(all: u64) -> impl Iterator<Item = Range<u64>> {
    (0..all.div_ceil(PART)).map(move |part| part * PART..all.min((part + 1) * PART))
}

/// Where people are planted.
struct Field {
    org: OrgId,
    slug: String,
    owner: UserId,
    now: Timestamp,
    /// Without the owner.
    members: u64,
}

impl Field {
    fn began(&self) -> Timestamp {
        self.now.minus(DAY * DAYS)
    }

    /// People have joined one after the other, evenly over the time.
    fn joined(&self, number: u64) -> Timestamp {
        let span = self.now.as_millis() - self.began().as_millis();
        let part = i128::from(span) * i128::from(number) / i128::from(self.members.max(1));
        Timestamp::from_millis(self.began().as_millis() + i64::try_from(part).unwrap_or_default())
    }

    fn person(&self, number: u64) -> Person {
        Person::new(&self.slug, number, self.joined(number))
    }
}

async fn owner(app: &App, email: &str) -> Result<UserId> {
    let profile = Profile::parse(email, None, None)?;
    let mut tx = app.db.write().await?;
    if let Some(account) = find_account(&mut tx, profile.email.as_str()).await? {
        return Ok(account.id);
    }
    let now = app.now();
    let made = insert_user(&mut tx, &profile, None, Some(now), now).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(made)
}

/// People join with everything that is counted about them.
async fn join(tx: &mut Tx, field: &Field, numbers: Range<u64>) -> Result<()> {
    tx.lock_org(field.org).await?;
    let people: Vec<Person> = numbers.map(|number| field.person(number)).collect();
    sql::insert_people(tx, field, &people).await?;
    for role in Role::ALL.iter().copied() {
        let held = people.iter().filter(|person| person.role == role).count();
        count_holders(tx, field.org, RoleId(role.id()), count(held)).await?;
    }
    // Each day keeps how many there were at its end; the days come in their order.
    for day in people.chunk_by(|one, other| domain::stats::day_of(one.joined) == domain::stats::day_of(other.joined)) {
        let active = day.iter().filter(|person| person.status == MemberStatus::Active).count();
        let joined = day.first().map_or(field.now, |person| person.joined);
        orgs::count_member(tx, field.org, count(active), joined).await?;
    }
    Ok(())
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A team of the people that follow each other from a place that differs from team to team.
async fn team(tx: &mut Tx, field: &Field, number: u64) -> Result<()> {
    let size = TEAM.min(field.members);
    let places = (0..size).map(|place| (number * TEAM + place) % field.members.max(1));
    let people: Vec<Person> = places.map(|place| field.person(place)).collect();
    sql::insert_team(tx, field, number, &people).await
}
