//! The people and the organization that every test begins with. They are made once for each kind of database, by the
//! way that people take, and copied from then on.

use crate::database::{Database, Kind};
use crate::person::Person;
use crate::world::{PASSWORD, World};
use serde_json::json;
use tokio::sync::OnceCell;

pub struct Template {
    original: Original,
    people: Vec<Known>,
}

enum Original {
    /// The file of the database.
    Sqlite(Vec<u8>),
    /// The database itself, which lasts as long as its server.
    Postgres(Database),
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
        world.stop().await;
        let folder = &world.database.folder;
        let original = match kind {
            Kind::Sqlite => Original::Sqlite(std::fs::read(folder.join("guildhall.db")).expect("the file is there")),
            Kind::Postgres => Original::Postgres(world.database.clone()),
        };
        std::fs::remove_dir_all(folder).expect("the folder is ours to remove");
        Self { original, people }
    }

    /// A database for one test, with the people in it.
    pub async fn copy(&self) -> Database {
        match &self.original {
            Original::Sqlite(bytes) => {
                let copy = Database::create(Kind::Sqlite).await;
                std::fs::write(copy.folder.join("guildhall.db"), bytes).expect("the file is written");
                copy
            }
            Original::Postgres(original) => original.copy().await,
        }
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
