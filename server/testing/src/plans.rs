//! How a database goes about what the server asks of it: the statements of one request, each with its plan.
//!
//! The statements are those that sqlx logs while the request is answered, found again by the request's id. SQLite
//! explains them afterwards; PostgreSQL's `auto_explain` sends the plan of each as it was executed, with its values.

use super::database::{Database, Kind};
use super::person::Person;
use super::reply::Reply;
use reqwest::Method;
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// Settings of the connections to a PostgreSQL that tells its plans. With a few rows any plan is cheap; here it is bad to
/// read a whole table, so that who does it had no index to go by.
pub const TELLING: [(&str, &str); 6] = [
    ("options[session_preload_libraries]", "auto_explain"),
    ("options[auto_explain.log_min_duration]", "0"),
    ("options[auto_explain.log_level]", "notice"),
    ("options[auto_explain.log_format]", "json"),
    ("options[enable_seqscan]", "off"),
    ("options[jit]", "off"),
];

/// The same where it is bad to sort.
pub const UNSORTED: [(&str, &str); 1] = [("options[enable_sort]", "off")];

/// Requests whose id begins so are listened to.
const MARK: &str = "explained-";

/// A statement and how it is carried out, step by step.
pub struct Plan {
    pub statement: String,
    pub steps: Vec<Step>,
}

pub struct Step {
    pub is: Is,
    /// In the words of the database.
    pub line: String,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Is {
    /// Reads all there is of a table or an index.
    Scan,
    Sort,
    Other,
}

/// Sends a request, and gives the plans of all that was read for it.
pub async fn explained(database: &Database, person: &Person, path: &str) -> (Reply, Vec<Plan>) {
    let heard = HEARD.get_or_init(listen);
    let id = format!("{MARK}{}", uuid::Uuid::now_v7());
    let reply = person.call(Method::GET, path).header("x-request-id", &id).send().await;
    let heard = lock(heard).remove(&id).unwrap_or_default();
    let plans = match database.kind {
        Kind::Sqlite => explain(&database.url, heard.statements).await,
        Kind::Postgres => heard.plans.iter().map(|text| postgres_plan(text)).collect(),
    };
    (reply, plans)
}

/// What was logged for one request.
#[derive(Default)]
struct Heard {
    statements: Vec<String>,
    plans: Vec<String>,
}

type Requests = Mutex<HashMap<String, Heard>>;

static HEARD: OnceLock<Requests> = OnceLock::new();

fn listen() -> Requests {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Listener))
        .expect("nobody else listens to the log");
    Requests::default()
}

fn lock(requests: &Requests) -> std::sync::MutexGuard<'_, HashMap<String, Heard>> {
    requests.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Listener;

/// The id of the request that a span is about.
struct RequestId(String);

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Listener {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_span() || matches!(metadata.target(), "sqlx::query" | "sqlx::postgres::notice")
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let request = fields.0.remove("id").filter(|id| id.starts_with(MARK));
        if let (Some(request), Some(span)) = (request, context.span(id)) {
            span.extensions_mut().insert(RequestId(request));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(scope) = context.event_scope(event) else { return };
        let Some(id) = scope.into_iter().find_map(|span| span.extensions().get::<RequestId>().map(|id| id.0.clone()))
        else {
            return;
        };
        let (Some(requests), mut fields) = (HEARD.get(), Fields::default()) else { return };
        event.record(&mut fields);
        let mut requests = lock(requests);
        let heard = requests.entry(id).or_default();
        heard.statements.extend(fields.0.remove("db.statement").map(|text| text.trim().to_owned()));
        let told =
            fields.0.remove("message").and_then(|text| text.split_once("plan:").map(|(_, plan)| plan.to_owned()));
        heard.plans.extend(told);
    }
}

#[derive(Default)]
struct Fields(HashMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

async fn explain(url: &str, statements: Vec<String>) -> Vec<Plan> {
    let mut connection = SqliteConnection::connect(url).await.expect("SQLite opens");
    let mut plans = Vec::new();
    for statement in statements.into_iter().filter(|text| text.starts_with("select") || text.starts_with("with")) {
        let explain = AssertSqlSafe(format!("explain query plan {statement}"));
        let rows = sqlx::query(explain).fetch_all(&mut connection).await.expect("a plan");
        plans.push(Plan { statement, steps: rows.iter().map(|row| sqlite_step(row.get("detail"))).collect() });
    }
    connection.close().await.expect("SQLite closes");
    plans
}

fn sqlite_step(detail: String) -> Step {
    // `SCAN c` is of rows that a part of the statement has made; a table or an index is named with how it is used.
    let derived = ["b", "c", "f", "a", "p", "r", "s", "found", "counted", "listed"];
    let whole = detail.strip_prefix("SCAN ").is_some_and(|of| {
        let bounded = of.contains("VIRTUAL TABLE INDEX") && of.ends_with("><");
        !(bounded
            || derived.contains(&of)
            || of == "CONSTANT ROW"
            || of.contains("CONSTANT ROWS")
            || of.starts_with('('))
    });
    let is = match detail.as_str() {
        text if whole || text.contains("AUTOMATIC") => Is::Scan,
        text if text.contains("TEMP B-TREE FOR") && text.contains("ORDER BY") => Is::Sort,
        _ => Is::Other,
    };
    Step { is, line: detail }
}

fn postgres_plan(text: &str) -> Plan {
    let told: Value = serde_json::from_str(text).expect("a plan in JSON");
    let mut steps = Vec::new();
    collect(&told["Plan"], &mut steps);
    Plan { statement: told["Query Text"].as_str().unwrap_or_default().to_owned(), steps }
}

fn collect(node: &Value, steps: &mut Vec<Step>) {
    let text = |member: &str| node[member].as_str().unwrap_or_default();
    let line = ["Node Type", "Relation Name", "Index Name", "Index Cond", "Filter"].map(text).join(" | ");
    let by_index = matches!(text("Node Type"), "Index Scan" | "Index Only Scan" | "Bitmap Index Scan");
    let is = match text("Node Type") {
        "Seq Scan" => Is::Scan,
        _ if by_index && node["Index Cond"].is_null() => Is::Scan,
        "Sort" | "Incremental Sort" => Is::Sort,
        _ => Is::Other,
    };
    steps.push(Step { is, line });
    for below in node["Plans"].as_array().into_iter().flatten() {
        collect(below, steps);
    }
}
