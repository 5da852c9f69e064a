//! What each command does.

mod serve;

use crate::cli::{Action, Call};
use anyhow::Context as _;
use domain::error::Error;
use serde_json::json;
use server::App;
use server::config::OPTIONS;
use server::config::options::Settings;
use server::service::{demo, invariants, seed, setup, tokens};
use std::io::Read as _;
use std::process::ExitCode;

pub(crate) async fn run(call: Call) -> anyhow::Result<ExitCode> {
    match call.action {
        Action::Config => return print_settings(&call),
        Action::OpenApi => {
            println!("{:#}", server::api::document());
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let app = open(&call).await?;
    let code = act(&app, call).await;
    app.close().await;
    code
}

async fn open(call: &Call) -> anyhow::Result<App> {
    call.config.key()?;
    let app = App::open(call.config.clone()).await.context("the database cannot be opened")?;
    app.migrate().await.context("the database cannot be brought up to date")?;
    Ok(app)
}

async fn act(app: &App, call: Call) -> anyhow::Result<ExitCode> {
    let json = call.json;
    match call.action {
        Action::Serve => serve::serve(app).await?,
        Action::Migrate | Action::Config | Action::OpenApi => {}
        Action::AdminCreate { email, name } => {
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password).context("standard input cannot be read")?;
            let password = password.trim_end_matches(['\r', '\n']);
            let id = setup::appoint(app, &email, name.as_deref(), password).await.map_err(|error| told(&error))?;
            print(json, &id.to_string(), &json!({ "id": id, "email": email }));
        }
        Action::TokenCreate { email, name, scopes, days } => {
            let new = tokens::issue(app, &email, &name, &scopes, days).await.map_err(|error| told(&error))?;
            print(json, &new.token, &json!({ "id": new.shown.id, "token": new.token }));
        }
        Action::Demo => {
            let made = demo::fill(app).await?;
            let text =
                format!("{} organizations. Sign in as {} with {}", made.organizations, made.email, made.password);
            let value = json!({ "organizations": made.organizations, "email": made.email, "password": made.password });
            print(json, &text, &value);
        }
        Action::Seed(plan) => {
            let made = seed::plant(app, &plan).await.map_err(|error| told(&error))?;
            let value = json!({ "organization_id": made.organization_id, "slug": made.slug });
            print(json, &made.organization_id.to_string(), &value);
        }
        Action::CheckInvariants => return check(app, json).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit status 0 and the number of rules, or 1 and each row that breaks one.
async fn check(app: &App, json: bool) -> anyhow::Result<ExitCode> {
    let broken = invariants::check(app).await.map_err(|error| told(&error))?;
    let rows: Vec<_> = broken.iter().map(|broken| json!({ "rule": broken.rule, "row": broken.row })).collect();
    let mut text = format!("{} rules checked, {} broken rows", invariants::count(), broken.len());
    for row in &broken {
        text.push_str(&format!("\n{}: {}", row.row, row.rule));
    }
    print(json, &text, &json!({ "checks": invariants::count(), "broken": rows }));
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_settings(call: &Call) -> anyhow::Result<ExitCode> {
    let environment = std::env::vars().filter(|(name, _)| name.starts_with("GUILDHALL_")).collect();
    let settings = Settings::gather(&call.flags, &environment)?;
    let mut rows = serde_json::Map::new();
    for option in OPTIONS {
        let given = settings.get(option.name).map(|text| if option.secret { mask(text) } else { text.to_owned() });
        let value = given.or_else(|| call.config.derived(option.name));
        let source = settings.source(option.name).label();
        if !call.json {
            println!("{} = {} ({source})", option.name, value.as_deref().unwrap_or("-"));
        }
        rows.insert(option.name.to_owned(), json!({ "value": value, "source": source }));
    }
    if call.json {
        println!("{}", serde_json::Value::from(rows));
    }
    Ok(ExitCode::SUCCESS)
}

/// What kind of value it is stays readable, the rest does not.
fn mask(text: &str) -> String {
    match text.split_once("://") {
        Some(("sqlite" | "file", _)) => text.to_owned(),
        Some((scheme, _)) => format!("{scheme}://…"),
        None if text == "log" => text.to_owned(),
        None => "…".to_owned(),
    }
}

fn print(as_json: bool, text: &str, value: &serde_json::Value) {
    if as_json { println!("{value}") } else { println!("{text}") }
}

/// A refusal in the words of its fields.
fn told(error: &Error) -> anyhow::Error {
    let messages: Vec<_> = error
        .violations()
        .iter()
        .map(|found| format!("{}: {}", found.field_name().unwrap_or("-"), found.message))
        .collect();
    if messages.is_empty() { anyhow::anyhow!("{error}") } else { anyhow::anyhow!(messages.join("; ")) }
}
