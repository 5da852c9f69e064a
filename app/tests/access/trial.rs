//! Every row of the tables, tried by everybody.

use crate::caller::Caller;
use crate::known::path_of;
use crate::need::Need;
use crate::routes::{self, Route};
use crate::scene::Scene;
use crate::server_functions::{self, Sent};
use crate::standing::{self, STATUSES};
use domain::code::Code;
use domain::org::Status;
use reqwest::Method;
use testing::person::Call;
use testing::picture::PNG;
use testing::{Reply, World};

pub(crate) async fn of_routes(world: World) {
    let mut scene = Scene::open(world).await;
    let mut wrong = Vec::new();
    for route in routes::all() {
        for caller in Caller::ALL {
            let reply = prepared(&mut scene, &route, caller).await.send().await;
            let code = reply.body["code"].as_str().unwrap_or_default();
            wrong.extend(judge(&route.label(), caller.name(), route.expected(caller), route.success, &reply, code));
            wrong.extend(judge_challenge(&route.label(), route.need, &reply, code));
            if reply.status == route.success && route.spends {
                scene.spend();
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn prepared(scene: &mut Scene, route: &Route, caller: Caller) -> Call {
    let person = scene.caller(caller, route.need, route.ends_sign_in).await;
    let call = person.call(route.method.clone(), &scene.fill(route.target, caller).await);
    if route.uploads {
        return call.file("file", "image/png", PNG);
    }
    match &route.body {
        Some(body) => call.body("application/json", scene.fill(&body.to_string(), caller).await.as_bytes()),
        None => call,
    }
}

pub(crate) async fn of_statuses(world: World) {
    let mut scene = Scene::open(world).await;
    let mut wrong = Vec::new();
    for route in standing::routes() {
        for status in STATUSES {
            let call = prepared(&mut scene, &route, Caller::Owner).await;
            scene.put_into(status).await;
            let reply = call.send().await;
            let code = reply.body["code"].as_str().unwrap_or_default();
            let expected = standing::expected(&route, status);
            wrong.extend(judge(&route.label(), status.key(), expected, route.success, &reply, code));
            if reply.status == route.success && route.spends {
                scene.spend();
            } else {
                scene.put_into(Status::Active).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(crate) async fn of_server_functions(world: World) {
    let mut scene = Scene::open(world).await;
    let mut wrong = Vec::new();
    for function in server_functions::all() {
        for caller in Caller::ALL {
            let person = scene.caller(caller, function.need(), function.ends_sign_in).await;
            let (kind, body) = match &function.sent {
                Sent::Json(body) => ("application/json", scene.fill(&body.to_string(), caller).await),
                Sent::Form(fields) => {
                    let mut filled = Vec::new();
                    for (name, value) in *fields {
                        filled.push((name, scene.fill(value, caller).await));
                    }
                    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
                    ("application/x-www-form-urlencoded", form)
                }
            };
            let call = person.call(Method::POST, path_of(function.name)).body(kind, body.as_bytes());
            let reply = call.header("accept", "application/json").send().await;
            let detail = &reply.body["detail"];
            let code = detail["code"].as_str().or(detail[0]["code"].as_str()).unwrap_or_default();
            wrong.extend(judge(function.name, caller.name(), function.expected(caller), 200, &reply, code));
            if reply.status == 200 && function.spends() {
                scene.spend();
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong about an answer, if anything is.
fn judge(
    label: &str,
    case: &str,
    expected: Result<(), Code>,
    success: u16,
    reply: &Reply,
    code: &str,
) -> Option<String> {
    let (status, name) = expected.err().map_or((success, ""), |code| (code.status(), code.name()));
    let right = reply.status == status && (expected.is_ok() || code == name);
    (!right).then(|| format!("{label}, {case}: {status} {name} expected, told {} {}", reply.status, reply.text))
}

/// A program is told which scope it lacks (RFC 6750 section 3).
fn judge_challenge(label: &str, need: Need, reply: &Reply, code: &str) -> Option<String> {
    if code != Code::InsufficientScope.name() {
        return None;
    }
    let scope = need.permission().map(|permission| permission.name()).unwrap_or_default();
    let challenge = format!(r#"Bearer realm="api", error="insufficient_scope", scope="{scope}""#);
    let told = reply.header("www-authenticate");
    (told != challenge).then(|| format!("{label}: {challenge} expected, told {told}"))
}
