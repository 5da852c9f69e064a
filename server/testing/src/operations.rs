//! The operations of the API as its document has them, each with somebody who may ask for it and a path that leads
//! somewhere.

use crate::person::Person;
use crate::world::{World, token_of};
use reqwest::Method;
use serde_json::{Map, Value, json};

pub struct Operation {
    pub by: Person,
    pub method: Method,
    /// With something in the place of every parameter.
    pub path: String,
    /// What the document says of it.
    pub told: &'static Value,
}

/// What is said of a parameter of the query, if there is one of this name.
pub fn parameter<'t>(told: &'t Value, name: &str) -> Option<&'t Value> {
    let mut all = told["parameters"].as_array()?.iter();
    all.find(|parameter| parameter["in"] == "query" && parameter["name"] == name)
}

impl World {
    /// Those that are wanted, for what the document says of them. Makes what their paths name, so it is asked once.
    ///
    /// # Panics
    /// When a path names something that nobody here knows.
    pub async fn operations(&self, wanted: fn(&Value) -> bool) -> Vec<Operation> {
        let things = self.one_of_everything().await;
        let mut operations = Vec::new();
        for (path, item) in server::api::document()["paths"].as_object().expect("paths") {
            for (method, told) in item.as_object().expect("operations") {
                if wanted(told) {
                    let by = self.somebody_for(path, told).clone();
                    let method = method.to_uppercase().parse().expect("a method");
                    operations.push(Operation { by, method, path: filled(path, &things), told });
                }
            }
        }
        operations
    }

    /// Nobody in particular where a body comes from people who may be unknown; who looks sees more as somebody.
    fn somebody_for(&self, path: &str, told: &Value) -> &Person {
        let may_be_unknown = told["security"][0].as_object().is_none_or(Map::is_empty);
        if path.starts_with("/admin") {
            &self.pat
        } else if may_be_unknown && told["requestBody"].is_object() {
            &self.anon
        } else {
            &self.ada
        }
    }

    /// One of everything that paths name, by how they name it.
    async fn one_of_everything(&self) -> Vec<(&'static str, String)> {
        let (team, workspace) = (self.team("Wheels").await, self.workspace("North").await);
        self.role("auditor", &["audit:read"]).await;
        let invited = self.invited(&self.ben, json!({ "email": "eva@x.test" })).await;
        let token = json!({ "name": "Deploys", "scopes": ["org:read"] });
        let own_token = self.ada.post("/users/@me/tokens", token.clone()).await;
        let org_token = self.ada.post("/organizations/acme/tokens", token).await;
        let credit = json!({ "amount": 100, "reason": "Paid" });
        let credited = self.pat.post("/admin/organizations/acme/credit", credit).await;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        vec![
            ("/users/@me/tokens/{token_id}", format!("/users/@me/tokens/{}", text(&own_token.expect(201)["id"]))),
            ("{token_id}", text(&org_token.expect(201)["id"])),
            ("{org}", "acme".to_owned()),
            ("{member}", self.cy.id.clone()),
            ("{user}", self.ada.id.clone()),
            ("{team}", token_of(&team).to_owned()),
            ("{workspace}", token_of(&workspace).to_owned()),
            ("{role}", "auditor".to_owned()),
            ("{invitation}", invited.id),
            ("{token}", invited.mailed),
            ("{transaction}", text(&credited.expect(200)["transaction"]["id"])),
        ]
    }
}

fn filled(path: &str, things: &[(&str, String)]) -> String {
    let filled = things.iter().fold(path.to_owned(), |path, (name, thing)| path.replace(name, thing));
    assert!(!filled.contains('{'), "nobody knows what to put into {path}");
    filled
}
