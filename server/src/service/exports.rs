//! Lists that are taken along as files.

use super::audit::{self, Event, Origin, Target};
use crate::App;
use crate::auth::Principal;
use crate::limits::Policy;
use domain::audit::{Action, Changes};
use domain::error::Result;
use domain::ids::OrgId;

/// Counts and records that somebody takes a list along: of an organization, or of everything.
///
/// # Errors
/// `rate_limited`.
pub(crate) async fn begin(
    app: &App,
    principal: &Principal,
    origin: Origin,
    org: Option<OrgId>,
    list: &'static str,
    format: &'static str,
) -> Result<()> {
    app.limiter.check(Policy::Export, principal.account())?;
    let changes = Changes::default().of(list, (), format);
    let event = Event::new(org, Action::ExportCreated, Target::export(list)).with(changes);
    let mut tx = app.db.write().await?;
    audit::record(&mut tx, &origin, event, app.now()).await?;
    tx.commit().await
}
