//! An organization with one of everything, and everybody who calls. Each thing is made when it is first needed, and
//! anew after a call that has spent it.

use crate::caller::Caller;
use crate::need::Need;
use domain::org::Status;
use domain::policy::{Permission, Permissions};
use domain::token::organization_scopes;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testing::World;
use testing::database::Value as Bound;
use testing::person::Person;
use testing::picture::PNG;
use testing::world::{PASSWORD, token_of};

/// In the form of an id, and nobody's.
const NOBODY: &str = "0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55";
/// The organization whose token the foreign caller has.
const FOREIGN: &str = "bolts";

pub(crate) struct Scene {
    world: World,
    /// Leads the team.
    lea: Person,
    /// An admin whose membership is suspended.
    sue: Person,
    /// To whom things are done.
    mo: Person,
    /// Owns what the callers do not belong to.
    zoe: Person,
    /// Has an account that anybody may sign in to.
    guest: Person,
    foreign: Person,
    /// The owner's tokens, by what they lack.
    programs: BTreeMap<Option<Permission>, Person>,
    kept: BTreeMap<String, String>,
    words: u32,
}

impl Scene {
    pub(crate) async fn open(world: World) -> Self {
        let lea = world.newcomer("lea@acme.test", "Lea Lead").await;
        let sue = world.newcomer("sue@acme.test", "Sue Suspended").await;
        let mo = world.newcomer("mo@acme.test", "Mo Member").await;
        let zoe = world.newcomer("zoe@elsewhere.test", "Zoe Elsewhere").await;
        let guest = world.newcomer("guest@x.test", "Guest").await;
        zoe.post("/organizations", json!({ "name": "Bolts", "slug": FOREIGN })).await.expect(201);
        let token = json!({ "name": "All", "scopes": organization_scopes() });
        let issued = zoe.post(&format!("/organizations/{FOREIGN}/tokens"), token).await;
        let foreign = zoe.with_token(issued.expect(201)["token"].as_str().expect("a secret"));
        let (programs, kept) = (BTreeMap::new(), BTreeMap::new());
        Self { world, lea, sue, mo, zoe, guest, foreign, programs, kept, words: 0 }
    }

    /// Who calls. One whose sign-in ends with the call comes with a second browser.
    pub(crate) async fn caller(&mut self, caller: Caller, need: Need, ends_sign_in: bool) -> Person {
        match (caller, self.person(caller)) {
            (_, Some(person)) if ends_sign_in => second_browser(&person).await,
            (_, Some(person)) => person,
            (Caller::Unscoped, None) => self.program(need).await,
            (Caller::Foreign, None) => self.foreign.clone(),
            (_, None) => self.world.anon.fresh(),
        }
    }

    /// Puts what a text names in braces into its place.
    pub(crate) async fn fill(&mut self, text: &str, caller: Caller) -> String {
        let mut filled = String::new();
        for part in text.split_inclusive('}') {
            match part.rsplit_once('{').map(|(before, name)| (before, name.trim_end_matches('}'))) {
                Some((before, name)) if is_name(name) => {
                    filled += &format!("{before}{}", self.named(name, caller).await)
                }
                _ => filled += part,
            }
        }
        filled
    }

    /// Gives the organization this status.
    pub(crate) async fn put_into(&self, status: Status) {
        let sql = "update organizations set status = $1 where slug = $2";
        let org = self.kept.get("org").cloned().unwrap_or_default();
        self.world.database.execute(sql, &[Bound::Text(status.key().to_owned()), Bound::Text(org)]).await;
    }

    /// The organization has lost what the next call needs.
    pub(crate) fn spend(&mut self) {
        self.kept.clear();
    }

    /// Whoever comes with a session.
    fn person(&self, caller: Caller) -> Option<Person> {
        let person = match caller {
            Caller::Anonymous | Caller::Unscoped | Caller::Foreign => return None,
            Caller::Outsider => &self.world.dot,
            Caller::Viewer => &self.world.vi,
            Caller::Member => &self.world.cy,
            Caller::Billing => &self.world.bil,
            Caller::Lead => &self.lea,
            Caller::Admin => &self.world.ben,
            Caller::Owner => &self.world.ada,
            Caller::Platform => &self.world.pat,
            Caller::Suspended => &self.sue,
        };
        Some(person.clone())
    }

    async fn program(&mut self, need: Need) -> Person {
        let lacking = need.permission();
        if let Some(known) = self.programs.get(&lacking) {
            return known.clone();
        }
        let is_platform = matches!(need, Need::Platform(_));
        let holder = if is_platform { &self.world.pat } else { &self.world.ada };
        let may_have = |scope: &Permission| {
            let given: Permissions = [*scope].into_iter().collect();
            lacking.is_none_or(|lacking| !given.has(lacking)) && (is_platform || !given.has(Permission::AdminRead))
        };
        let scopes: Vec<_> = Permission::ALL.iter().copied().filter(may_have).map(Permission::name).collect();
        let program = self.world.bearer(holder, &scopes).await;
        self.programs.insert(lacking, program.clone());
        program
    }

    async fn named(&mut self, name: &str, caller: Caller) -> String {
        match name {
            "fresh" => return self.word(),
            "password" => return PASSWORD.to_owned(),
            "member" | "user" => return self.mo.id.clone(),
            "guest" => return self.guest.email.clone(),
            "reset" => return self.reset().await,
            "token" => return token_of(&text(&self.invited(caller).await, "accept_url")).to_owned(),
            "own_invitation" => return text(&self.invited(caller).await, "id"),
            "own_token" => return self.own_token(caller).await,
            "own_session" => return self.own_session(caller).await,
            _ => {}
        }
        if !self.kept.contains_key(name) {
            let made = self.make(name).await;
            self.kept.insert(name.to_owned(), made);
        }
        self.kept.get(name).cloned().unwrap_or_default()
    }

    async fn make(&mut self, name: &str) -> String {
        match name {
            "org" | "deleted" | "public" => return self.organization(name).await,
            "proof" => return self.proof().await,
            "own_picture" => return picture_of(&self.mo, "/users/@me").await,
            "mail" => {
                let mails = self.world.pat.get("/admin/outbox?limit=1").await;
                return text(&mails.expect(200)["data"][0], "id");
            }
            _ => {}
        }
        if !self.kept.contains_key("org") {
            let org = self.organization("org").await;
            self.kept.insert("org".to_owned(), org);
        }
        let org = self.kept.get("org").cloned().unwrap_or_default();
        match name {
            "colleague" => format!("/users/{}", self.mo.id),
            "picture" => picture_of(&self.world.ada, &format!("/organizations/{org}")).await,
            "team" => self.team(&org).await,
            "workspace" => self.workspace(&org).await,
            "role" => {
                let role = json!({ "key": self.word(), "name": "Readers", "permissions": ["team:read"] });
                self.made(&org, "roles", role, "key").await
            }
            "invitation" => {
                let invitation = json!({ "email": format!("{}@x.test", self.word()) });
                self.made(&org, "invitations", invitation, "id").await
            }
            "token_id" => self.made(&org, "tokens", json!({ "name": "Deploys", "scopes": ["org:read"] }), "id").await,
            "transaction" => self.credit(&org).await,
            "funded" => {
                self.credit(&org).await;
                org
            }
            _ => panic!("nobody knows how to make a {name}"),
        }
    }

    /// An organization with all who belong to it; a public one is somebody else's, and has none of them.
    async fn organization(&mut self, kind: &str) -> String {
        let org = self.word();
        if kind == "public" {
            let new = json!({ "name": org, "slug": org, "visibility": "public" });
            self.zoe.post("/organizations", new).await.expect(201);
            return org;
        }
        let world = &self.world;
        world.ada.post("/organizations", json!({ "name": org, "slug": org })).await.expect(201);
        let people = [
            (&world.ben, "admin"),
            (&world.cy, "member"),
            (&world.bil, "billing"),
            (&world.vi, "viewer"),
            (&self.lea, "member"),
            (&self.sue, "admin"),
            (&self.mo, "viewer"),
        ];
        for (person, role) in people {
            let admission = json!({ "user_id": person.id, "role": role });
            world.pat.post(&format!("/admin/organizations/{org}/members"), admission).await.expect(201);
        }
        let suspend = format!("/organizations/{org}/members/{}/suspend", self.sue.id);
        world.ada.post_nothing(&suspend).await.expect(200);
        if kind == "deleted" {
            world.ada.delete(&format!("/organizations/{org}?confirm={org}")).await.expect(202);
        }
        org
    }

    /// Led by Lea, with Mo in it.
    async fn team(&self, org: &str) -> String {
        let team = self.made(org, "teams", json!({ "name": "Wheels" }), "slug").await;
        for (person, role) in [(&self.lea, "lead"), (&self.mo, "member")] {
            let place = json!({ "user_id": person.id, "role": role });
            self.made(org, &format!("teams/{team}/members"), place, "user_id").await;
        }
        team
    }

    async fn workspace(&self, org: &str) -> String {
        let workspace = self.made(org, "workspaces", json!({ "name": "North" }), "slug").await;
        let place = format!("/organizations/{org}/workspaces/{workspace}/members/{}", self.mo.id);
        self.world.ada.put(&place, json!({})).await.expect(204);
        workspace
    }

    async fn credit(&mut self, org: &str) -> String {
        let credit = json!({ "amount": 100, "reason": self.word() });
        let reply = self.world.pat.post(&format!("/admin/organizations/{org}/credit"), credit).await;
        text(&reply.expect(200)["transaction"], "id")
    }

    /// Something that the owner has made; gives what it is known by.
    async fn made(&self, org: &str, list: &str, new: Value, known_by: &str) -> String {
        let reply = self.world.ada.post(&format!("/organizations/{org}/{list}"), new).await;
        text(reply.expect(201), known_by)
    }

    /// An invitation for the caller's own address to an organization of its own, or for nobody's.
    async fn invited(&mut self, caller: Caller) -> Value {
        let word = self.word();
        let (org, email) = match self.person(caller) {
            None => (FOREIGN.to_owned(), format!("{word}@x.test")),
            Some(person) => {
                self.zoe.post("/organizations", json!({ "name": word, "slug": word })).await.expect(201);
                (word, person.email)
            }
        };
        let invitations = format!("/organizations/{org}/invitations");
        self.zoe.post(&invitations, json!({ "email": email })).await.expect(201).clone()
    }

    async fn own_token(&mut self, caller: Caller) -> String {
        let Some(person) = self.person(caller) else { return NOBODY.to_owned() };
        let new = json!({ "name": "Mine", "scopes": ["org:read"] });
        text(person.post("/users/@me/tokens", new).await.expect(201), "id")
    }

    async fn own_session(&mut self, caller: Caller) -> String {
        let Some(person) = self.person(caller) else { return NOBODY.to_owned() };
        let sessions = second_browser(&person).await.get("/users/@me/sessions").await;
        let sessions = sessions.expect(200)["data"].as_array().cloned().unwrap_or_default();
        text(sessions.iter().find(|session| session["current"] == true).expect("this one"), "id")
    }

    /// What proves an address; it does so more than once.
    async fn proof(&mut self) -> String {
        let email = format!("{}@x.test", self.word());
        self.world.anon.post("/auth/sign-up", json!({ "email": email, "password": PASSWORD })).await.expect(202);
        self.world.last_token(&email).await
    }

    /// What a new password can be chosen with, once.
    async fn reset(&self) -> String {
        let email = &self.guest.email;
        self.world.anon.post("/auth/password/forgot", json!({ "email": email })).await.expect(202);
        self.world.last_token(email).await
    }

    /// That nobody has used yet, and that may be the name of anything.
    fn word(&mut self) -> String {
        self.words += 1;
        format!("word{}", self.words)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().expect(member).to_owned()
}

/// Gives somebody or something a picture; gives the path of its content, below the API's.
async fn picture_of(person: &Person, of: &str) -> String {
    let upload = person.call(Method::POST, &format!("{of}/avatar")).file("file", "image/png", PNG);
    let address = text(upload.send().await.expect(200), "avatar_url");
    address.split_once("/api/v1").expect("an address of the API").1.to_owned()
}

async fn second_browser(person: &Person) -> Person {
    let second = person.fresh();
    second.log_in(PASSWORD).await.expect(200);
    second
}
