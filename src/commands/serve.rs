//! Serving until told to stop: requests, mail, housekeeping.

use crate::pages;
use anyhow::Context as _;
use server::App;
use server::service::setup;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often the outbox is looked into.
const MAIL_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long the workers may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

pub(super) async fn serve(app: &App) -> anyhow::Result<()> {
    let listener = TcpListener::bind(app.config.listen)
        .await
        .with_context(|| format!("GUILDHALL_LISTEN: {} cannot be listened on", app.config.listen))?;
    greet(app).await?;
    let (stop, stopped) = watch::channel(false);
    let mail = tokio::spawn(every(MAIL_EVERY, stopped.clone(), app.clone(), Task::Mail));
    let tidy = tokio::spawn(every(TIDY_EVERY, stopped.clone(), app.clone(), Task::Tidy));
    let router = pages::router(app.clone());
    let asked = async move {
        asked_to_stop().await;
        // Nobody listens only when both tasks have ended.
        let _told = stop.send(true);
    };
    server::serve(listener, router, asked).await;
    // What a worker has not settled by then comes back when its hold is over.
    let _late = tokio::time::timeout(FAREWELL, both_end(mail, tidy)).await;
    tracing::info!("stopped");
    Ok(())
}

/// What an operator has to know, on standard output.
async fn greet(app: &App) -> anyhow::Result<()> {
    println!("Guildhall is at {}", app.config.link("/"));
    if let Some(link) = setup::link(app).await? {
        println!("Nobody has set it up yet. Make the first administrator here, once:\n{link}");
    }
    if !app.config.is_https() && !app.config.is_loopback() {
        tracing::warn!("GUILDHALL_PUBLIC_URL is plain http: passwords and cookies can be read on their way");
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Task {
    Mail,
    Tidy,
}

async fn both_end(mail: JoinHandle<()>, tidy: JoinHandle<()>) {
    for (name, ended) in [("mail worker", mail.await), ("housekeeper", tidy.await)] {
        if let Err(error) = ended {
            tracing::error!(%error, name, "stopped early");
        }
    }
}

async fn every(pause: Duration, mut stopped: watch::Receiver<bool>, app: App, task: Task) {
    loop {
        let done = match task {
            Task::Mail => deliver_until(&stopped, &app).await,
            Task::Tidy => app.tidy().await,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "housekeeping has to wait");
        }
        if *stopped.borrow() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => return,
        }
    }
}

/// One mail after the other, until there is none or the program stops.
async fn deliver_until(stopped: &watch::Receiver<bool>, app: &App) -> domain::error::Result<()> {
    while !*stopped.borrow() && app.deliver_one().await? {}
    Ok(())
}

/// SIGTERM or Ctrl-C; a second one ends the program at once.
async fn asked_to_stop() {
    let (Ok(mut term), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::warn!("signals cannot be listened for");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(130);
    });
}
