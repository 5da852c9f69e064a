//! The program: its settings, its commands.

mod assets;
mod cli;
mod commands;
mod logging;
mod pages;

use server::config::Wrong;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let json = std::env::args().any(|argument| argument == "--json");
    let call = match cli::read() {
        Ok(call) => call,
        Err(wrong) => return fail(json, &wrong.to_string(), 2),
    };
    logging::start(&call.config);
    match commands::run(call).await {
        Ok(code) => code,
        Err(error) if error.is::<Wrong>() => fail(json, &error.to_string(), 2),
        Err(error) => fail(json, &format!("{error:#}"), 1),
    }
}

fn fail(json: bool, message: &str, status: u8) -> ExitCode {
    if json {
        eprintln!("{}", serde_json::json!({ "error": message }));
    } else {
        eprintln!("guildhall: {message}");
    }
    ExitCode::from(status)
}
