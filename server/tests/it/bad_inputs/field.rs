//! One field of one endpoint, the bad values of its kind, and the driver that offers them.

pub(super) mod rows;

use crate::support::person::Person;
use crate::support::world::{Invited, PASSWORD};
use crate::support::{Reply, World};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is refused, by kind of text. `end2end/tests/bad-inputs.spec.ts` offers the same to the forms.
const CORPUS: &str = include_str!("../../bad-inputs.json");

/// What makes a request good but for one field.
pub(super) struct Field {
    by: Person,
    method: Method,
    path: String,
    rest: Value,
    name: &'static str,
}

/// Values that are refused with one code.
pub(super) struct Group {
    pub(super) code: &'static str,
    pub(super) values: Vec<Value>,
}

pub(super) fn group(code: &'static str, texts: &[&str]) -> Group {
    Group { code, values: texts.iter().map(|text| json!(text)).collect() }
}

/// The bad texts of a kind.
pub(super) fn corpus(kind: &str) -> Vec<Group> {
    corpus_up_to(kind, 0)
}

/// What a field of this kind refuses: the bad texts, and what is no text.
pub(super) fn bad(kind: &str) -> Vec<Group> {
    bad_up_to(kind, 0)
}

/// The same for a kind whose fields differ in how many characters they take.
pub(super) fn bad_up_to(kind: &str, limit: usize) -> Vec<Group> {
    let mut groups = corpus_up_to(kind, limit);
    groups.push(no_texts());
    groups
}

fn corpus_up_to(kind: &str, limit: usize) -> Vec<Group> {
    let mut kinds: BTreeMap<&str, Vec<Entry>> = serde_json::from_str(CORPUS).expect("the corpus");
    let entries = kinds.remove(kind).expect(kind);
    entries.into_iter().map(|entry| entry.group(limit)).collect()
}

/// A field that has to be given refuses null too.
pub(super) fn needed(mut groups: Vec<Group>) -> Vec<Group> {
    groups.push(Group { code: "wrong_type", values: vec![Value::Null] });
    groups
}

/// Values of the wrong type for a text.
fn no_texts() -> Group {
    Group { code: "wrong_type", values: vec![json!(true), json!(["a"]), json!({ "$gt": "" }), json!(1), json!(1.5)] }
}

/// A group as it stands in the corpus.
#[derive(Deserialize)]
struct Entry {
    code: &'static str,
    values: Vec<Text>,
}

/// A long text is a piece that is repeated: so many times, or so many times more than the field takes.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Text {
    Plain(String),
    Long {
        repeat: String,
        times: Option<usize>,
        past_limit: Option<usize>,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        suffix: String,
    },
}

impl Entry {
    fn group(self, limit: usize) -> Group {
        Group { code: self.code, values: self.values.iter().map(|text| text.value(limit)).collect() }
    }
}

impl Text {
    fn value(&self, limit: usize) -> Value {
        match self {
            Self::Plain(text) => json!(text),
            Self::Long { repeat, times, past_limit, prefix, suffix } => {
                let times = times.or(past_limit.map(|past| limit + past)).expect("how often");
                json!(format!("{prefix}{}{suffix}", repeat.repeat(times)))
            }
        }
    }
}

impl Field {
    /// Of a new organization.
    pub(super) fn founding(world: &World, name: &'static str) -> Self {
        Self::of(&world.dot, Method::POST, "/organizations", json!({ "name": "Bolts" }), name)
    }

    /// Of an organization that is changed.
    pub(super) fn changing(world: &World, name: &'static str) -> Self {
        Self::of(&world.ada, Method::PATCH, "/organizations/acme", json!({ "bio": "changed" }), name)
    }

    /// Of a new invitation.
    pub(super) fn inviting(world: &World, name: &'static str) -> Self {
        Self::of(&world.ben, Method::POST, "/organizations/acme/invitations", json!({ "email": "eve@x.test" }), name)
    }

    /// Of an invitation that is changed.
    pub(super) fn inviting_otherwise(world: &World, invited: &Invited, name: &'static str) -> Self {
        let path = format!("/organizations/acme/invitations/{}", invited.id);
        Self::of(&world.ben, Method::PATCH, &path, json!({ "role": "viewer" }), name)
    }

    /// Of an acceptance that makes an account.
    pub(super) fn accepting(world: &World, invited: &Invited, name: &'static str) -> Self {
        let path = format!("/invitations/{}/accept", invited.mailed);
        Self::of(&world.anon, Method::POST, &path, json!({ "password": PASSWORD }), name)
    }

    /// Of a charge that needs no points.
    pub(super) fn charging(world: &World, name: &'static str) -> Self {
        let rest = json!({ "amount": 1, "service": "seats" });
        Self::of(&world.pat, Method::POST, "/admin/organizations/acme/charge", rest, name)
    }

    pub(super) fn crediting(world: &World, name: &'static str) -> Self {
        let rest = json!({ "amount": 1, "reason": "Paid" });
        Self::of(&world.pat, Method::POST, "/admin/organizations/acme/credit", rest, name)
    }

    /// Of the terms of a wallet.
    pub(super) fn agreeing(world: &World, name: &'static str) -> Self {
        let rest = json!({ "overdraft_limit": 5 });
        Self::of(&world.pat, Method::PATCH, "/admin/organizations/acme/wallet", rest, name)
    }

    /// Of a reversal of what was credited.
    pub(super) async fn reversing(world: &World, name: &'static str) -> Self {
        let credit = json!({ "amount": 1, "reason": "Paid" });
        let credited = world.pat.post("/admin/organizations/acme/credit", credit).await;
        let id = credited.expect(200)["transaction"]["id"].as_str().expect("an id").to_owned();
        let path = format!("/admin/organizations/acme/wallet/transactions/{id}/reverse");
        Self::of(&world.pat, Method::POST, &path, json!({}), name)
    }

    /// Of somebody who is made a member without being asked.
    pub(super) fn admitting(world: &World, name: &'static str) -> Self {
        let rest = json!({ "role": "viewer" });
        Self::of(&world.pat, Method::POST, "/admin/organizations/acme/members", rest, name)
    }

    /// Of one's own account.
    pub(super) fn changing_oneself(world: &World, name: &'static str) -> Self {
        Self::of(&world.cy, Method::PATCH, "/users/@me", json!({ "current_password": PASSWORD }), name)
    }

    /// Of another address for one's account.
    pub(super) fn moving(world: &World, name: &'static str) -> Self {
        let rest = json!({ "email": "cy@x.test", "current_password": PASSWORD });
        Self::of(&world.cy, Method::POST, "/users/@me/email", rest, name)
    }

    pub(super) fn signing_up(world: &World, name: &'static str) -> Self {
        let rest = json!({ "email": "eve@x.test", "password": PASSWORD });
        Self::of(&world.anon, Method::POST, "/auth/sign-up", rest, name)
    }

    pub(super) fn signing_in(world: &World, name: &'static str) -> Self {
        let rest = json!({ "email": "cy@acme.test", "password": PASSWORD });
        Self::of(&world.anon, Method::POST, "/auth/login", rest, name)
    }

    pub(super) fn forgetting(world: &World, name: &'static str) -> Self {
        Self::of(&world.anon, Method::POST, "/auth/password/forgot", json!({ "email": "cy@acme.test" }), name)
    }

    /// Of a new password by a link that is good.
    pub(super) async fn resetting(world: &World, name: &'static str) -> Self {
        world.anon.post("/auth/password/forgot", json!({ "email": "cy@acme.test" })).await.expect(202);
        let rest = json!({ "token": world.last_token("cy@acme.test").await, "password": PASSWORD });
        Self::of(&world.anon, Method::POST, "/auth/password/reset", rest, name)
    }

    /// Of a new team, or of one that is changed.
    pub(super) async fn of_teams(world: &World, name: &'static str) -> [Self; 2] {
        let path = world.team(&format!("Another {name}")).await;
        let making = Self::of(&world.ben, Method::POST, "/organizations/acme/teams", json!({ "name": "New" }), name);
        [making, Self::of(&world.ben, Method::PATCH, &path, json!({ "description": "changed" }), name)]
    }

    /// Of a new workspace, or of one that is changed.
    pub(super) async fn of_workspaces(world: &World, name: &'static str) -> [Self; 2] {
        let path = world.workspace(&format!("Another {name}")).await;
        let list = "/organizations/acme/workspaces";
        let making = Self::of(&world.ben, Method::POST, list, json!({ "name": "New" }), name);
        [making, Self::of(&world.ben, Method::PATCH, &path, json!({ "description": "changed" }), name)]
    }

    /// Of a new role, or of one that is changed.
    pub(super) async fn of_roles(world: &World, name: &'static str) -> [Self; 2] {
        let (list, key) = ("/organizations/acme/roles", format!("another_{name}"));
        world.role(&key, &["team:read"]).await;
        let new = json!({ "key": "new", "name": "New", "permissions": ["team:read"] });
        let changing = json!({ "description": "changed" });
        let path = format!("{list}/{key}");
        [
            Self::of(&world.ada, Method::POST, list, new, name),
            Self::of(&world.ada, Method::PATCH, &path, changing, name),
        ]
    }

    fn of(by: &Person, method: Method, path: &str, rest: Value, name: &'static str) -> Self {
        Self { by: by.clone(), method, path: path.to_owned(), rest, name }
    }

    pub(super) async fn send(&self, value: &Value) -> Reply {
        let mut body = self.rest.clone();
        body[self.name] = value.clone();
        self.by.call(self.method.clone(), &self.path).json(&body).send().await
    }

    /// Every value is refused with its group's code at this field, and nothing is written.
    pub(super) async fn refuses(&self, world: &World, groups: &[Group]) {
        let before = world.rows().await;
        let pointer = format!("#/{}", self.name);
        for group in groups {
            for value in &group.values {
                let reply = self.send(value).await;
                let shown: String = value.to_string().chars().take(80).collect();
                let place = format!("{} {} {} {shown}", self.method, self.path, self.name);
                assert_eq!(reply.refusal(), (422, group.code), "{place}");
                assert_eq!(reply.body["code"], "validation_failed", "{place}");
                let errors = reply.errors();
                assert!(errors.iter().all(|(at, _)| at.starts_with(&pointer)), "{place}: {errors:?}");
                assert!(reply.headers.get("set-cookie").is_none(), "{place}");
            }
        }
        assert_eq!(world.rows().await, before, "{} {} {} wrote something", self.method, self.path, self.name);
    }
}
