//! Many members, and a walk through them.

use crate::support::World;
use crate::support::database::Kind;
use crate::support::database::Value::{Number, Text};
use uuid::Uuid;

const MEMBERS: &str = "/organizations/acme/members";

/// Puts so many people into `acme`, behind the server's back: `m00000@crowd.test` and so on.
pub(crate) async fn crowd(world: &World, count: i64, prefix: &str) {
    let id = match world.database.kind {
        Kind::Sqlite => "randomblob(16)",
        Kind::Postgres => "gen_random_uuid()",
    };
    let people = format!(
        "insert into users (id, email, created_at, updated_at)
         with recursive numbers (number) as (select 0 union all select number + 1 from numbers where number < $1 - 1)
         select {id}, $2 || substr(cast(100000 + number as text), 2) || '@crowd.test', 1, 1 from numbers"
    );
    world.database.execute(&people, &[Number(count), Text(prefix.to_owned())]).await;
    let members = "insert into memberships
         (organization_id, user_id, member_id, role, name_folded, email, joined_at, updated_at)
         select o.id, u.id, $1 + row_number() over (order by u.email), 'member', u.email, u.email, 1, 1
         from organizations o, users u where o.slug = 'acme' and u.email like $2";
    // Far above the numbers of those who were there before.
    let first = i64::try_from(Uuid::now_v7().as_u128() & 0xff_ffff_ffff).expect("40 bits");
    world.database.execute(members, &[Number(first), Text(format!("{prefix}_____@crowd.test"))]).await;
    count_members(world, count).await;
}

/// Takes those whose address is like this out of `acme`.
pub(crate) async fn disperse(world: &World, email: &str) {
    let delete = "delete from memberships where email like $1";
    let gone = world.database.execute(delete, &[Text(email.to_owned())]).await;
    count_members(world, -i64::try_from(gone).expect("few")).await;
}

async fn count_members(world: &World, more: i64) {
    let counted = "update organizations set member_count = member_count + $1 where slug = 'acme'";
    world.database.execute(counted, &[Number(more)]).await;
    let held = "update role_counts set member_count = member_count + $1 where role_id = 3";
    world.database.execute(held, &[Number(more)]).await;
}

/// Every page of a list, as addresses.
pub(crate) async fn walk(world: &World, query: &str, limit: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.cy.get(&format!("{MEMBERS}?{query}&limit={limit}{cursor}")).await;
        pages.push(page.column("email").into_iter().map(str::to_owned).collect());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
    }
}
