//! The tables as texts.

use crate::caller::Caller;
use crate::routes::{self, Route};
use crate::server_functions::{self, ServerFunction};
use crate::standing::{self, STATUSES};
use domain::code::Code;
use domain::org::Status;

pub(crate) fn of_routes() -> String {
    let rows = routes::all();
    let row = |route: &Route| (route.label(), route.need.words(), told(|caller| route.expected(caller)));
    render(Caller::ALL.map(Caller::name), rows.iter().map(row))
}

pub(crate) fn of_server_functions() -> String {
    let rows = server_functions::all();
    let row = |row: &ServerFunction| (row.label(), row.need().words(), told(|caller| row.expected(caller)));
    render(Caller::ALL.map(Caller::name), rows.iter().map(row))
}

pub(crate) fn of_statuses() -> String {
    let rows = standing::routes();
    let told = |route: &Route| STATUSES.map(|status| standing::expected(route, status)).to_vec();
    let row = |route: &Route| (route.label(), route.need.words(), told(route));
    render(STATUSES.map(Status::key), rows.iter().map(row))
}

/// Finds the file from where cargo runs tests: the clone that compiled them may be another one.
///
/// # Panics
/// When the file beside this one holds another table.
pub(crate) fn compare(name: &str, table: &str) {
    let path = format!("tests/access/{name}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, table).expect("the file is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different: Vec<_> = table.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    assert!(committed == table, "{name} is not what the policy says:\n{}", different.join("\n"));
}

fn told(expected: impl Fn(Caller) -> Result<(), Code>) -> Vec<Result<(), Code>> {
    Caller::ALL.into_iter().map(expected).collect()
}

/// What is called, what it needs, and what each kind of caller is told.
type Row = (String, String, Vec<Result<(), Code>>);

fn render<const N: usize>(columns: [&str; N], rows: impl Iterator<Item = Row>) -> String {
    let rows: Vec<Row> = rows.collect();
    let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default() + 2;
    let label = longest(&mut rows.iter().map(|(label, _, _)| label.len()));
    let need = longest(&mut rows.iter().map(|(_, need, _)| need.len()));
    let cell = longest(&mut columns.iter().map(|column| column.len()));
    let line = |name: &str, words: &str, cells: &mut dyn Iterator<Item = &str>, notes: &str| {
        let cells: String = cells.map(|text| format!("{text:cell$}")).collect();
        format!("{name:label$}{words:need$}{cells}{notes}").trim_end().to_owned() + "\n"
    };
    let mut text = line("", "needs", &mut columns.into_iter(), "");
    for (name, words, cells) in &rows {
        let mut notes: Vec<_> = cells.iter().filter_map(|told| note(*told)).collect();
        notes.dedup();
        text += &line(name, words, &mut cells.iter().map(|told| word(*told)), &notes.join(", "));
    }
    text
}

fn word(told: Result<(), Code>) -> &'static str {
    match told {
        Ok(()) => "yes",
        Err(Code::PermissionDenied) => "denied",
        Err(Code::InsufficientScope) => "scope",
        Err(Code::SessionRequired) => "session",
        Err(Code::OrganizationBanned) => "banned",
        Err(Code::OrganizationSuspended) => "suspended",
        Err(Code::OrganizationInactive) => "inactive",
        Err(code) => match code.status() {
            401 => "401",
            403 => "403",
            404 => "404",
            409 => "409",
            410 => "410",
            _ => "other",
        },
    }
}

/// What a status alone does not tell.
fn note(told: Result<(), Code>) -> Option<&'static str> {
    let plain = [
        Code::PermissionDenied,
        Code::InsufficientScope,
        Code::SessionRequired,
        Code::Unauthenticated,
        Code::OrganizationNotFound,
        Code::NotFound,
        Code::OrganizationBanned,
        Code::OrganizationSuspended,
        Code::OrganizationInactive,
    ];
    told.err().filter(|code| !plain.contains(code)).map(Code::name)
}
