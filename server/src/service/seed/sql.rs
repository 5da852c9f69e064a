//! Writing many rows at once.

use super::{Field, Person, count};
use crate::db::{Statement, Tx};
use crate::new_id;
use domain::error::Result;
use domain::ids::OrgId;
use domain::team::TeamRole;
use domain::text::fold;
use domain::time::Timestamp;
use std::ops::Range;
use std::sync::OnceLock;
use std::time::Duration;

/// How many rows one statement writes.
const ROWS: usize = 100;
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A table that is written to by the hundred rows. Its two texts are made once and live as long as the program.
struct Table {
    name: &'static str,
    /// The values of one row, where `?` is one that is given.
    values: &'static str,
    hundred: OnceLock<&'static str>,
    single: OnceLock<&'static str>,
}

impl Table {
    const fn new(name: &'static str, values: &'static str) -> Self {
        Self { name, values, hundred: OnceLock::new(), single: OnceLock::new() }
    }

    async fn insert<T>(
        &self,
        tx: &mut Tx,
        rows: &[T],
        bind: impl for<'t> Fn(Statement<'t>, &T) -> Statement<'t>,
    ) -> Result<()> {
        let (hundreds, rest) = rows.as_chunks::<ROWS>();
        for rows in hundreds {
            let text = self.hundred.get_or_init(|| self.text(ROWS).leak());
            rows.iter().fold(tx.sql(text), &bind).execute().await?;
        }
        for row in rest {
            let text = self.single.get_or_init(|| self.text(1).leak());
            bind(tx.sql(text), row).execute().await?;
        }
        Ok(())
    }

    fn text(&self, rows: usize) -> String {
        let mut place = 0;
        let mut text = format!("insert into {} values ", self.name);
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for letter in self.values.chars() {
                if letter == '?' {
                    place += 1;
                    text.push_str(&format!("${place}"));
                } else {
                    text.push(letter);
                }
            }
            text.push(')');
        }
        text
    }
}

static USERS: Table = Table::new(
    "users (id, email, email_verified_at, username, full_name, name_folded, created_at, updated_at)",
    "?, ?, ?, ?, ?, ?, ?, ?",
);
static MEMBERSHIPS: Table = Table::new(
    "memberships (organization_id, user_id, member_id, role, status, name_folded, email, username, joined_at,
                  invited_by, updated_at)",
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?",
);
static TEAM_MEMBERS: Table = Table::new(
    "team_members (organization_id, team_id, user_id, role, name_folded, added_at, updated_at)",
    "?, ?, ?, ?, ?, ?, ?",
);
static INVITATIONS: Table = Table::new(
    "invitations (id, organization_id, email, name_folded, role, expires_at, invited_by, delivery_state, created_at,
                  updated_at)",
    "?, ?, ?, '', 'member', ?, ?, 'skipped', ?, ?",
);

/// The organization is as old as its oldest member.
pub(super) async fn backdate(tx: &mut Tx, org: OrgId, began: Timestamp) -> Result<()> {
    tx.sql("update organizations set created_at = $2 where id = $1").bind(org).bind(began).execute().await.map(drop)
}

/// Accounts and memberships. Nobody has a password: nobody signs in as one of them.
pub(super) async fn insert_people(tx: &mut Tx, field: &Field, people: &[Person]) -> Result<()> {
    USERS
        .insert(tx, people, |statement, person| {
            statement
                .bind(person.id)
                .bind(person.email.clone())
                .bind(person.joined)
                .bind(person.username.clone())
                .bind(person.full_name.clone())
                .bind(person.sort_name())
                .bind(person.joined)
                .bind(person.joined)
        })
        .await?;
    MEMBERSHIPS
        .insert(tx, people, |statement, person| {
            statement
                .bind(field.org)
                .bind(person.id)
                .bind(person.member_id)
                .bind(person.role)
                .bind(person.status)
                .bind(person.sort_name())
                .bind(person.email.clone())
                .bind(person.username.clone())
                .bind(person.joined)
                .bind(field.owner)
                .bind(person.joined)
        })
        .await
}

/// A team and who is in it. The first leads it.
pub(super) async fn insert_team(tx: &mut Tx, field: &Field, number: u64, people: &[Person]) -> Result<()> {
    let (id, name) = (new_id(), format!("Team {number}"));
    tx.sql(
        "insert into teams (id, organization_id, slug, name, name_folded, member_count, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(id)
    .bind(field.org)
    .bind(format!("team-{number}"))
    .bind(name.clone())
    .bind(fold(&name))
    .bind(count(people.len()))
    .bind(field.now)
    .execute()
    .await?;
    let lead = people.first().map(|person| person.id);
    TEAM_MEMBERS
        .insert(tx, people, |statement, person| {
            let role = if Some(person.id) == lead { TeamRole::Lead } else { TeamRole::Member };
            statement
                .bind(field.org)
                .bind(id)
                .bind(person.id)
                .bind(role)
                .bind(person.sort_name())
                .bind(field.now)
                .bind(field.now)
        })
        .await
}

pub(super) async fn count_teams(tx: &mut Tx, org: OrgId, teams: u64) -> Result<()> {
    tx.sql("update organizations set team_count = team_count + $2 where id = $1")
        .bind(org)
        .bind(i64::try_from(teams).unwrap_or(i64::MAX))
        .execute()
        .await
        .map(drop)
}

/// Invitations that nobody has been mailed.
pub(super) async fn insert_invitations(tx: &mut Tx, field: &Field, numbers: Range<u64>) -> Result<()> {
    let emails: Vec<String> = numbers.map(|number| format!("invited.{number}@{}.example", field.slug)).collect();
    INVITATIONS
        .insert(tx, &emails, |statement, email| {
            statement
                .bind(new_id())
                .bind(field.org)
                .bind(email.clone())
                .bind(field.now.plus(WEEK))
                .bind(field.owner)
                .bind(field.now)
                .bind(field.now)
        })
        .await
}
