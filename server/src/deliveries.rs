//! Sending what is in the outbox: each mail at least once, with patience.

use crate::App;
use crate::mail::{Attempt, letters};
use crate::outbox::{self, Outcome, Taken};
use domain::error::Result;
use domain::time::Timestamp;
use std::time::Duration;

/// Longer than any attempt takes; after it another worker may try.
const HOLD: Duration = Duration::from_secs(60);
/// After this a mail is given up.
const PATIENCE: Duration = Duration::from_secs(72 * 60 * 60);
/// Pauses after the first attempts, in seconds; then hourly.
const PAUSES: &[u64] = &[30, 120, 600, 1800, 3600];
/// Longest time of one attempt; well under [`HOLD`].
const ATTEMPT: Duration = Duration::from_secs(30);

/// Sends the mail that is due longest; says whether there was one.
pub(crate) async fn deliver_one(app: &App) -> Result<bool> {
    let Some(taken) = outbox::take_due(app, HOLD).await? else { return Ok(false) };
    let outcome = match tokio::time::timeout(ATTEMPT, deliver(app, &taken)).await {
        Ok(outcome) => outcome,
        Err(_) => retry(app.now(), &taken, "the mail server took too long".to_owned()),
    };
    tracing::info!(mail = %taken.id, attempt = taken.attempts, ?outcome, "delivered");
    outbox::settle(app, &taken, &outcome).await?;
    Ok(true)
}

async fn deliver(app: &App, taken: &Taken) -> Outcome {
    let Some(mail) = taken.mail else { return Outcome::Failed("a mail of an unknown kind".to_owned()) };
    let letter = match letters::write(app, mail, &taken.recipient).await {
        Ok(Some(letter)) => letter,
        Ok(None) => return Outcome::Skipped,
        Err(error) => return retry(app.now(), taken, error.to_string()),
    };
    match app.mailer.send(taken.id, &taken.recipient, letter).await {
        Attempt::Accepted => Outcome::Sent,
        Attempt::Refused(reason) => Outcome::Failed(reason),
        Attempt::Unclear(reason) => retry(app.now(), taken, reason),
    }
}

fn retry(now: Timestamp, taken: &Taken, reason: String) -> Outcome {
    if now.since(taken.created_at) > PATIENCE {
        return Outcome::Failed(reason);
    }
    let index = usize::try_from(taken.attempts - 1).unwrap_or(0);
    let pause = PAUSES.get(index).copied().unwrap_or(3600);
    // Up to a tenth more, so that many do not come back at the same moment.
    let jitter = rand::random_range(0..=pause * 100);
    Outcome::RetryAt(now.plus(Duration::from_millis(pause * 1000 + jitter)), reason)
}
