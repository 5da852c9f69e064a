//! One change for many members, each under the rules of its single call.

use super::changing::change_one;
use super::suspension::{restore_one, suspend_one};
use crate::App;
use crate::auth::Caller;
use crate::submitted::Submitted;
use domain::error::{Error, Result};
use domain::member::{BulkChange, BulkReport, BulkResult, MemberPatch, Outcome, Work};
use domain::policy::Permission;

/// Does the same to each of up to a hundred members; one refusal does not stop the rest.
///
/// # Errors
/// `permission_denied`, invalid fields. What is refused for one member is told with that member.
#[crate::operation]
pub async fn change_many(app: &App, caller: &Caller, change: Submitted<BulkChange>) -> Result<BulkReport<Error>> {
    caller.require(Permission::MemberWrite)?;
    let batch = change.open()?.parse()?;
    let mut results = Vec::with_capacity(batch.members.len());
    for member in batch.members {
        let (outcome, problem) = match do_one(app, caller, &member.to_string(), &batch.work).await {
            Ok(true) => (Outcome::Done, None),
            Ok(false) => (Outcome::Unchanged, None),
            Err(error) => (Outcome::Refused, Some(error)),
        };
        results.push(BulkResult { member, outcome, problem });
    }
    Ok(BulkReport::of(results))
}

/// Says whether anything changed.
async fn do_one(app: &App, caller: &Caller, member: &str, work: &Work) -> Result<bool> {
    match work {
        Work::Role(role) => {
            change_one(app, caller, member, &MemberPatch::of_role(role.clone())).await.map(|(_, changed)| changed)
        }
        Work::Suspend(reason) => suspend_one(app, caller, member, reason.clone()).await.map(|(_, changed)| changed),
        Work::Restore => restore_one(app, caller, member).await.map(|(_, changed)| changed),
        Work::Remove => super::remove(app, caller, member).await.map(|()| true),
    }
}
