//! The people and the organization that every test begins with. They are made once for each kind of database, by the
//! way that people take, and copied from then on.

use crate::database::{Database, Kind};
use crate::person::Person;
use crate::world::{PASSWORD, World};
use serde_json::json;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::sync::OnceCell;

/// In an order in which no row comes before what it points at.
const TABLES: [&str; 13] = [
    "instance",
    "users",
    "sessions",
    "sign_ins",
    "tokens",
    "organizations",
    "memberships",
    "role_counts",
    "member_days",
    "slugs",
    "invitations",
    "audit_events",
    "outbox",
];

pub struct Template {
    contents: Contents,
    people: Vec<Known>,
}

enum Contents {
    /// The file of the database.
    Sqlite(Vec<u8>),
    /// The rows of each table, as JSON.
    Postgres(Vec<(&'static str, String)>),
}

#[derive(Clone)]
struct Known {
    email: String,
    id: String,
    cookie: String,
}

static SQLITE: OnceCell<Template> = OnceCell::const_new();
static POSTGRES: OnceCell<Template> = OnceCell::const_new();

/// The one of this kind, made by whoever comes first.
pub async fn of(kind: Kind) -> &'static Template {
    let cell = match kind {
        Kind::Sqlite => &SQLITE,
        Kind::Postgres => &POSTGRES,
    };
    cell.get_or_init(|| Template::make(kind)).await
}

impl Template {
    async fn make(kind: Kind) -> Self {
        let world = World::empty(kind, &[("sign_up", "open")]).await;
        server::service::setup::appoint(&world.app, "pat@guildhall.test", Some("Pat Platform"), PASSWORD)
            .await
            .expect("an administrator");
        let pat = world.signed_in("pat@guildhall.test").await;
        let ada = world.newcomer("ada@acme.test", "Ada Owner").await;
        let dot = world.newcomer("dot@elsewhere.test", "Dot Outsider").await;
        ada.post("/organizations", json!({ "name": "Acme Gears", "slug": "acme" })).await.expect(201);
        let mut people = vec![pat, ada.clone(), dot];
        for (email, name, role) in [
            ("ben@acme.test", "Ben Admin", "admin"),
            ("cy@acme.test", "Cy Member", "member"),
            ("bil@acme.test", "Bil Billing", "billing"),
            ("vi@acme.test", "Vi Viewer", "viewer"),
        ] {
            people.push(join(&world, &ada, email, name, role).await);
        }
        let people = people.iter().map(Known::of).collect();
        world.mail().await;
        let contents = dump(&world).await;
        world.close().await;
        Self { contents, people }
    }

    /// What has to be there before the server opens the database.
    pub fn lay_down(&self, database: &Database) {
        if let Contents::Sqlite(bytes) = &self.contents {
            std::fs::write(database.folder.join("guildhall.db"), bytes).expect("the file is written");
        }
    }

    /// What can only be there once the schema is.
    pub async fn fill(&self, database: &Database) {
        let Contents::Postgres(tables) = &self.contents else { return };
        let mut connection = PgConnection::connect(&database.url).await.expect("Postgres answers");
        let mut tx = connection.begin().await.expect("a transaction");
        sqlx::query("delete from instance").execute(&mut *tx).await.expect("the row of a migration goes");
        for (table, rows) in tables {
            let sql = format!("insert into {table} select * from json_populate_recordset(null::{table}, $1::json)");
            sqlx::query(AssertSqlSafe(sql)).bind(rows).execute(&mut *tx).await.expect("rows are copied");
        }
        tx.commit().await.expect("the rows fit together");
        connection.close().await.expect("Postgres lets go");
    }

    /// One of the people, in a browser that is signed in.
    pub fn person(&self, email: &str, anonymous: &Person) -> Person {
        let known = self.people.iter().find(|known| known.email == email).expect("one of us");
        anonymous.called(email).known_as(&known.id).with_cookie(&known.cookie)
    }
}

impl Known {
    fn of(person: &Person) -> Self {
        let cookie = person.cookie().expect("signed in");
        // The name of the cookie depends on the public address.
        let cookie = cookie.split_once('=').map(|(_, value)| value.to_owned()).expect("a cookie");
        Self { email: person.email.clone(), id: person.id.clone(), cookie }
    }
}

async fn join(world: &World, ada: &Person, email: &str, name: &str, role: &str) -> Person {
    ada.post("/organizations/acme/invitations", json!({ "email": email, "role": role })).await.expect(201);
    let token = world.last_token(email).await;
    let person = world.anon.called(email);
    let acceptance = json!({ "name": name, "password": PASSWORD });
    let reply = person.post(&format!("/invitations/{token}/accept"), acceptance).await;
    let id = reply.expect(200)["user"]["id"].as_str().expect("an id");
    person.clone().known_as(id)
}

async fn dump(world: &World) -> Contents {
    match world.database.kind {
        Kind::Sqlite => {
            let copy = world.database.folder.join("copy.db");
            world.database.execute(&format!("vacuum into '{}'", copy.display()), &[]).await;
            Contents::Sqlite(std::fs::read(copy).expect("the copy is there"))
        }
        Kind::Postgres => {
            let mut tables = Vec::new();
            for table in TABLES {
                let sql = format!("select coalesce(json_agg(t), '[]')::text from {table} t");
                tables.push((table, world.database.texts(&sql).await.remove(0)));
            }
            Contents::Postgres(tables)
        }
    }
}
