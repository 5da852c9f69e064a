//! An instance of the server with its people.

use crate::database::{Database, Kind};
use crate::person::Person;
use crate::template;
use axum::Router;
use serde_json::Value;
use server::config::Config;
use server::{App, SentMail};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// Everybody's.
pub const PASSWORD: &str = "granite otter violin 42";
/// Another good one.
pub const OTHER_PASSWORD: &str = "seven lanterns drift north";

/// Name and value of each setting that is not the usual one.
pub type Settings<'a> = &'a [(&'a str, &'a str)];

/// A test that runs. All have one type, so that what surrounds them is compiled once.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a test does in its world.
pub type Body = fn(World) -> Running;

/// What an instance answers.
pub type Routes = fn(App) -> Router;

#[derive(Clone)]
pub struct World {
    pub app: App,
    pub database: Database,
    /// Nobody in particular.
    pub anon: Person,
    /// Owner of `acme`.
    pub ada: Person,
    /// Admin of `acme`.
    pub ben: Person,
    /// Member of `acme`.
    pub cy: Person,
    /// In `acme` for the bills.
    pub bil: Person,
    /// Viewer of `acme`.
    pub vi: Person,
    /// Has an account, and nothing to do with `acme`.
    pub dot: Person,
    /// Platform administrator.
    pub pat: Person,
    server: Arc<AbortHandle>,
}

/// An open invitation.
pub struct Invited {
    pub id: String,
    pub email: String,
    /// The token as it was mailed.
    pub mailed: String,
    /// The token of the link that those who invite can copy.
    pub linked: String,
}

/// One test: its body in a world of its own, then what has to hold after every test.
pub async fn run(kind: Kind, settings: Settings<'_>, body: Body) {
    run_serving(server::api::router, kind, settings, body).await;
}

/// The same on a database that is already there, a [`populated`] one.
pub async fn run_on(database: Database, settings: Settings<'_>, body: Body) {
    run_world(World::with(server::api::router, database, settings).await, body).await;
}

/// The same with an instance that answers more than the API.
pub async fn run_serving(routes: Routes, kind: Kind, settings: Settings<'_>, body: Body) {
    run_world(World::with(routes, populated(kind).await, settings).await, body).await;
}

/// A database in which everybody is already.
pub async fn populated(kind: Kind) -> Database {
    template::of(kind).await.copy().await
}

async fn run_world(world: World, body: Body) {
    let ended = tokio::spawn(body(world.clone())).await;
    let broken = server::service::invariants::check(&world.app).await;
    world.close().await;
    if let Err(error) = ended {
        std::panic::resume_unwind(error.into_panic());
    }
    assert_eq!(broken, Ok(Vec::new()), "an invariant is broken");
}

impl World {
    /// With Ada, Ben, Cy, Bil, Vi, Dot and Pat.
    async fn with(routes: Routes, database: Database, settings: Settings<'_>) -> Self {
        let template = template::of(database.kind).await;
        let mut world = Self::serve(routes, database, settings).await;
        let cookie = if world.app.config.is_https() { "__Host-sid" } else { "sid" };
        let known = |email: &str| {
            let person = template.person(email, &world.anon);
            let value = person.cookie().unwrap_or_default();
            person.with_cookie(&format!("{cookie}={value}"))
        };
        let [ada, ben, cy, bil, vi] = ["ada", "ben", "cy", "bil", "vi"].map(|name| known(&format!("{name}@acme.test")));
        let (dot, pat) = (known("dot@elsewhere.test"), known("pat@guildhall.test"));
        world = Self { ada, ben, cy, bil, vi, dot, pat, ..world };
        world
    }

    /// An instance that nobody has used yet.
    pub async fn empty(kind: Kind, settings: Settings<'_>) -> Self {
        Self::serve(server::api::router, Database::create(kind).await, settings).await
    }

    async fn serve(routes: Routes, database: Database, settings: Settings<'_>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let config = config(&database, &address, settings);
        let host = config.public_url.authority().to_owned();
        let app = App::open(config).await.expect("the database opens");
        app.migrate().await.expect("the schema is made");
        let router = server::page_layers(routes(app.clone()), &app);
        let server = tokio::spawn(server::serve(listener, router, std::future::pending()));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Nothing here goes over TLS, and a machine without certificates tests as well.
            .tls_certs_only([])
            .pool_idle_timeout(Duration::from_secs(4))
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        let anon = Person::anonymous(&client, &address, &host);
        let [ada, ben, cy, bil, vi, dot, pat] = std::array::from_fn(|_| anon.clone());
        let server = Arc::new(server.abort_handle());
        Self { app, database, anon, ada, ben, cy, bil, vi, dot, pat, server }
    }

    pub async fn close(&self) {
        self.stop().await;
        self.database.remove().await;
    }

    /// Ends the server, and leaves the database.
    pub(crate) async fn stop(&self) {
        self.server.abort();
        let closed = tokio::time::timeout(Duration::from_secs(10), self.app.close()).await;
        assert!(closed.is_ok(), "a connection to the database was not given back");
    }

    /// Sends what is due, then gives all mails that were ever sent, the oldest first.
    pub async fn mail(&self) -> Vec<SentMail> {
        while self.app.deliver_mail().await.expect("the outbox is read") > 0 {}
        self.app.mailer.kept()
    }

    pub async fn mail_to(&self, email: &str) -> Vec<SentMail> {
        self.mail().await.into_iter().filter(|mail| mail.to == email).collect()
    }

    /// The token in the last mail to this address.
    pub async fn last_token(&self, email: &str) -> String {
        let mail = self.mail_to(email).await.pop().expect("a mail");
        token_of(link_in(&mail)).to_owned()
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.database.count(table).await
    }

    /// Somebody who signs up, where that is open, and proves the address.
    pub async fn newcomer(&self, email: &str, name: &str) -> Person {
        let new = serde_json::json!({ "email": email, "password": PASSWORD, "full_name": name });
        self.anon.post("/auth/sign-up", new).await.expect(202);
        let token = self.last_token(email).await;
        self.anon.post("/auth/verify-email", serde_json::json!({ "token": token })).await.expect(204);
        self.signed_in(email).await
    }

    /// Somebody who has an account, in a new browser.
    pub async fn signed_in(&self, email: &str) -> Person {
        let person = self.anon.called(email);
        let reply = person.log_in(PASSWORD).await;
        let id = reply.expect(200)["user"]["id"].as_str().expect("an id");
        person.clone().known_as(id)
    }

    /// Invites as this person, and gives both forms of the token.
    pub async fn invited(&self, by: &Person, body: Value) -> Invited {
        let reply = by.post("/organizations/acme/invitations", body).await;
        let text = |member: &str| reply.expect(201)[member].as_str().expect(member).to_owned();
        let (id, email, link) = (text("id"), text("email"), text("accept_url"));
        Invited { id, mailed: self.last_token(&email).await, linked: token_of(&link).to_owned(), email }
    }

    /// A new team of `acme`, as the path of it.
    pub async fn team(&self, name: &str) -> String {
        self.group("teams", name).await
    }

    /// A new workspace of `acme`, as the path of it.
    pub async fn workspace(&self, name: &str) -> String {
        self.group("workspaces", name).await
    }

    async fn group(&self, kind: &str, name: &str) -> String {
        let list = format!("/organizations/acme/{kind}");
        let made = self.ben.post(&list, serde_json::json!({ "name": name })).await;
        format!("{list}/{}", made.expect(201)["slug"].as_str().expect("a slug"))
    }

    /// Puts somebody into a team, as Ben.
    pub async fn put_into(&self, team: &str, person: &Person, role: &str) {
        let place = serde_json::json!({ "user_id": person.id, "role": role });
        self.ben.post(&format!("{team}/members"), place).await.expect(201);
    }

    /// What changed at each event of this action, the oldest first.
    pub async fn changes(&self, action: &str) -> Vec<Value> {
        let sql = format!("select changes from audit_events where action = '{action}' order by created_at, id");
        let texts = self.database.texts(&sql).await;
        texts.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect()
    }

    /// Rows of everything that a refused request must not write.
    pub async fn rows(&self) -> [i64; 6] {
        let number = |table: &'static str| self.database.count(table);
        [
            number("organizations").await,
            number("memberships").await,
            number("users").await,
            number("invitations").await,
            number("outbox").await,
            number("audit_events").await,
        ]
    }

    /// Makes a role of `acme`'s own, as its owner; gives its id.
    pub async fn role(&self, key: &str, permissions: &[&str]) -> i64 {
        let new = serde_json::json!({ "key": key, "name": key, "permissions": permissions });
        let reply = self.ada.post("/organizations/acme/roles", new).await;
        reply.expect(201)["id"].as_i64().expect("an id")
    }

    /// A program with a personal token of this person.
    pub async fn bearer(&self, person: &Person, scopes: &[&str]) -> Person {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let issued = server::service::tokens::issue(&self.app, &person.email, "test", &scopes, 30).await;
        person.with_token(&issued.expect("a token").token)
    }

    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }
}

/// The usual settings of a test, with what differs.
pub fn config(database: &Database, address: &str, settings: Settings<'_>) -> Config {
    let public_url = format!("http://{address}");
    let data_dir = database.folder.display().to_string();
    let usual = [
        ("public_url", public_url.as_str()),
        ("database_url", database.url.as_str()),
        ("data_dir", data_dir.as_str()),
        ("postgres_connections", "10"),
        ("secret_key", "dGhpcyBrZXkgaXMga25vd24gdG8gZXZlcnlib2R5ISE="),
        ("mail", "memory"),
        ("rate_limits", "off"),
        ("sqlite_synchronous", "normal"),
    ];
    let environment: BTreeMap<String, String> = usual
        .iter()
        .chain(settings)
        .map(|(name, value)| (format!("GUILDHALL_{}", name.to_uppercase()), (*value).to_owned()))
        .collect();
    Config::load(&BTreeMap::new(), &environment).expect("settings")
}

/// The first address in a mail.
pub fn link_in(mail: &SentMail) -> &str {
    mail.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link")
}

/// The last part of a link.
pub fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or_default()
}
