//! What teams and workspaces have in common: a name and a slug that no other of the kind has in the organization, a
//! limit, and counters that follow the rows in the same transaction.

use super::slugs;
use crate::db::Tx;
use crate::paging::Order;
use domain::code::Code;
use domain::error::{Error, Result};
use domain::group::Naming;
use domain::ids::{OrgId, UserId};
use domain::page;
use domain::text::{Slug, fold};
use domain::time::Timestamp;
use uuid::Uuid;

/// Statements that are the same but for the names of tables and columns.
struct Texts {
    namesakes: &'static str,
    counted: &'static str,
    count: &'static str,
    delete: &'static str,
    touch_members: &'static str,
    count_member: &'static str,
    forget_member: &'static str,
    rename_member: &'static str,
}

macro_rules! texts {
    ($groups:literal, $members:literal, $id:literal, $counter:literal) => {
        Texts {
            namesakes: concat!(
                "select name_folded from ",
                $groups,
                " where organization_id = $1 and id <> $2 and (name_folded = $3 or slug = $4)
                 order by case when name_folded = $3 then 0 else 1 end"
            ),
            counted: concat!("select ", $counter, " from organizations where id = $1"),
            count: concat!(
                "update organizations set ",
                $counter,
                " = ",
                $counter,
                " + $2, updated_at = $3 where id = $1"
            ),
            delete: concat!("delete from ", $groups, " where organization_id = $1 and id = $2"),
            touch_members: concat!(
                "update memberships set updated_at = $3, version = version + 1
                 where organization_id = $1 and user_id in (select user_id from ",
                $members,
                " where ",
                $id,
                " = $2)"
            ),
            count_member: concat!(
                "update ",
                $groups,
                " set member_count = member_count + $3, updated_at = $4 where organization_id = $1 and id = $2"
            ),
            forget_member: concat!(
                "update ",
                $groups,
                " set member_count = member_count - 1, updated_at = $3
                 where organization_id = $1
                   and id in (select ",
                $id,
                " from ",
                $members,
                " where organization_id = $1 and user_id = $2)"
            ),
            rename_member: concat!(
                "update ",
                $members,
                " set name_folded = $2
                 where user_id = $1
                   and organization_id in (select organization_id from memberships where user_id = $1)"
            ),
        }
    };
}

/// What differs between the kinds. The caller holds the organization's lock: a look is enough to know what is taken.
pub(super) struct Kind {
    /// What a slug begins with when the name suggests none.
    stem: &'static str,
    name_taken: Code,
    slug_taken: Code,
    limit_reached: Code,
    sql: Texts,
}

pub(super) const TEAMS: Kind = Kind {
    stem: "team",
    name_taken: Code::TeamNameTaken,
    slug_taken: Code::TeamSlugTaken,
    limit_reached: Code::TeamLimitReached,
    sql: texts!("teams", "team_members", "team_id", "team_count"),
};

pub(super) const WORKSPACES: Kind = Kind {
    stem: "workspace",
    name_taken: Code::WorkspaceNameTaken,
    slug_taken: Code::WorkspaceSlugTaken,
    limit_reached: Code::WorkspaceLimitReached,
    sql: texts!("workspaces", "workspace_members", "workspace_id", "workspace_count"),
};

impl Kind {
    /// Refuses one more than the operator allows.
    pub(super) async fn require_room(&self, tx: &mut Tx, org: OrgId, limit: i64) -> Result<()> {
        let (counted,): (i64,) = tx.sql(self.sql.counted).bind(org).one().await?;
        if counted < limit { Ok(()) } else { Err(self.limit_reached.into()) }
    }

    /// Refuses a name or a slug that another one than `id` has.
    pub(super) async fn require_free(&self, tx: &mut Tx, org: OrgId, id: Uuid, name: &str, slug: &str) -> Result<()> {
        let folded = fold(name);
        let statement = tx.sql(self.sql.namesakes).bind(org).bind(id).bind(folded.clone()).bind(slug.to_owned());
        let namesakes: Vec<(String,)> = statement.all().await?;
        match namesakes.first() {
            None => Ok(()),
            Some((name,)) if *name == folded => Err(taken(self.name_taken, "name")),
            Some(_) => Err(taken(self.slug_taken, "slug")),
        }
    }

    /// The slug that is asked for, or the first free one made from the name.
    pub(super) async fn choose_slug(&self, tx: &mut Tx, org: OrgId, id: Uuid, naming: &Naming) -> Result<Slug> {
        let name = naming.name.as_str();
        if let Some(slug) = &naming.slug {
            return self.require_free(tx, org, id, name, slug.as_str()).await.map(|()| slug.clone());
        }
        for slug in self.candidates(name) {
            match self.require_free(tx, org, id, name, slug.as_str()).await {
                Err(error) if error.code() == self.slug_taken => {}
                judged => return judged.map(|()| slug),
            }
        }
        Err(Error::Internal)
    }

    fn candidates(&self, name: &str) -> impl Iterator<Item = Slug> + use<> {
        let base = Slug::generate_inside(name, Slug::DEFAULT_MAX).and_then(|text| slug(&text));
        slugs::candidates(base, self.stem, Slug::DEFAULT_MAX, slug)
    }

    /// Counts one more or less in the organization.
    pub(super) async fn count(&self, tx: &mut Tx, org: OrgId, by: i64, now: Timestamp) -> Result<()> {
        tx.sql(self.sql.count).bind(org).bind(by).bind(now).execute().await.map(drop)
    }

    /// Deletes one. Who was in it goes out of it by the schema, and as a member has another version from then on.
    pub(super) async fn delete(&self, tx: &mut Tx, org: OrgId, id: Uuid, now: Timestamp) -> Result<()> {
        tx.sql(self.sql.touch_members).bind(org).bind(id).bind(now).execute().await?;
        tx.sql(self.sql.delete).bind(org).bind(id).execute().await?;
        self.count(tx, org, -1, now).await
    }

    /// Counts a member more or less in one of them.
    pub(super) async fn count_member(&self, tx: &mut Tx, org: OrgId, id: Uuid, by: i64, now: Timestamp) -> Result<()> {
        tx.sql(self.sql.count_member).bind(org).bind(id).bind(by).bind(now).execute().await.map(drop)
    }

    /// Counts a member less in all of them, before the membership goes and takes the rows along.
    pub(super) async fn forget_member(&self, tx: &mut Tx, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
        tx.sql(self.sql.forget_member).bind(org).bind(user).bind(now).execute().await.map(drop)
    }

    /// Brings the copies of a person's name up to date.
    pub(super) async fn rename_member(&self, tx: &mut Tx, user: UserId, name_folded: &str) -> Result<()> {
        tx.sql(self.sql.rename_member).bind(user).bind(name_folded.to_owned()).execute().await.map(drop)
    }
}

fn taken(code: Code, field: &str) -> Error {
    code.of(field, format!("{}.", code.title()))
}

/// A text that may be a slug of one of them; what could be none names nothing.
pub(super) fn slug(text: &str) -> Option<Slug> {
    Slug::parse_inside(text, Slug::DEFAULT_MAX).ok()
}

/// The order of a list that is only ordered by name.
///
/// # Errors
/// `invalid_sort`.
pub(super) fn by_name(sort: Option<&str>) -> Result<Order<'static>> {
    match sort.unwrap_or("name") {
        "name" => Ok(Order { name: "name", descending: false, numeric: false }),
        "-name" => Ok(Order { name: "name", descending: true, numeric: false }),
        _ => Err(Error::parameter("sort", Code::InvalidSort, "Sort by name.")),
    }
}

/// The filter for what one person is in: a user's id, or `@me`.
///
/// # Errors
/// `invalid_parameter`.
pub(super) fn of_person(member: Option<&str>, me: UserId) -> Result<Option<UserId>> {
    let find = |text: &str| if text == "@me" { Some(me) } else { text.parse().ok() };
    member.map(|text| page::choice("member", text, find)).transpose()
}
