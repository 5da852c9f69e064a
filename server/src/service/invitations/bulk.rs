//! Inviting many at once: each row for itself, or all or none.

use super::round::{Round, Sent};
use super::{OnConflict, find_org, shown_all, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::limits::Policy;
use crate::submitted::Submitted;
use domain::error::{Error, Result};
use domain::ids::InvitationId;
use domain::invitation::{BulkInvitations, InvitationReport, Issue, RowOutcome, RowResult};
use domain::policy::Permission;
use std::collections::HashSet;

/// How many are invited at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkMode {
    /// Only to see what would become of each row: nothing is kept.
    pub dry_run: bool,
    /// Nothing is kept unless every row is good.
    pub atomic: bool,
    pub on_conflict: OnConflict,
}

/// Invites up to a hundred people in one transaction, and tells what became of each row.
///
/// # Errors
/// `permission_denied`, `rate_limited`, invalid fields, `too_many_rows`, `managed_externally`, `bulk_rejected`. What is
/// refused for one row is told with that row.
#[crate::operation]
pub async fn invite_many(
    app: &App,
    caller: &Caller,
    bulk: Submitted<BulkInvitations>,
    mode: BulkMode,
) -> Result<InvitationReport<Error>> {
    caller.require(Permission::InviteWrite)?;
    app.limiter.check(Policy::InviteBulk, caller.org.to_string())?;
    let rows = bulk.open()?.rows()?;
    let (mut tx, caller) = caller.locked(app, Permission::InviteWrite).await?;
    let now = app.now();
    let org = find_org(&mut tx, &caller, now).await?;
    let parsed = rows.into_iter().map(|row| (row.email.clone(), row.parse(&org.settings, now)));
    let parsed: Vec<(String, Result<Issue>)> = parsed.collect();
    let issues: Vec<&Issue> = parsed.iter().filter_map(|(_, parsed)| parsed.as_ref().ok()).collect();
    let mut round = Round::begin(app, &caller, &mut tx, org, &issues, now).await?;
    let (mut results, mut sent) = (Vec::with_capacity(parsed.len()), Vec::new());
    let mut seen = HashSet::new();
    for (index, (email, parsed)) in parsed.iter().enumerate() {
        let (outcome, problem) = match parsed {
            Ok(issue) if !seen.insert(issue.email.as_str()) => (RowOutcome::DuplicateInBatch, None),
            Ok(issue) => match told(round.invite(&mut tx, issue, mode.on_conflict).await)? {
                Ok(invited) => {
                    sent.push((index, invited.id()));
                    (outcome_of(invited), None)
                }
                Err(problem) => (RowOutcome::of(&problem), Some(problem)),
            },
            Err(problem) => (RowOutcome::of(problem), Some(problem.clone())),
        };
        let email = parsed.as_ref().map_or_else(|_| email.clone(), |issue| issue.email.to_string());
        results.push(RowResult { index, email, outcome, invitation: None, problem });
    }
    let mut report = InvitationReport::of(results);
    if mode.atomic {
        report.require_all()?;
    }
    if !mode.dry_run {
        show(app, &mut tx, &caller, &sent, &mut report).await?;
        tx.commit().await?;
    }
    Ok(report)
}

/// What is wrong with a row is told with it; what is wrong with us ends the whole.
fn told<T>(done: Result<T>) -> Result<Result<T>> {
    match done {
        Err(error) if error.code().status() >= 500 => Err(error),
        done => Ok(done),
    }
}

fn outcome_of(invited: Sent) -> RowOutcome {
    match invited {
        Sent::Anew(_) => RowOutcome::Created,
        Sent::Again(_) => RowOutcome::AlreadyInvited,
    }
}

/// Puts the invitations that were sent into the rows that they were sent for.
async fn show(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    sent: &[(usize, InvitationId)],
    report: &mut InvitationReport<Error>,
) -> Result<()> {
    let ids: Vec<InvitationId> = sent.iter().map(|(_, id)| *id).collect();
    let rows = sql::find_all(tx, caller.org, &ids).await?;
    for invitation in shown_all(app, tx, caller, rows).await? {
        let place = sent.iter().find(|(_, id)| *id == invitation.id);
        if let Some(result) = place.and_then(|(index, _)| report.results.get_mut(*index)) {
            result.invitation = Some(invitation);
        }
    }
    Ok(())
}
