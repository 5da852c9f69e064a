//! The program: its settings, its commands.

mod assets;
mod cli;
mod commands;
mod logging;
mod pages;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let call = match cli::read() {
        Ok(call) => call,
        Err(error) => {
            eprintln!("guildhall: {error}");
            return ExitCode::from(2);
        }
    };
    logging::start(&call.config);
    // TLS to mail servers and to Postgres goes through ring; nothing else was chosen before.
    let _first = rustls::crypto::ring::default_provider().install_default();
    match commands::run(call).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guildhall: {error:#}");
            ExitCode::FAILURE
        }
    }
}
