//! Deleting an organization: at first it is only gone for its members and can be brought back, later it is removed for
//! good.

use super::{dressed, find, slugs};
use crate::App;
use crate::auth::{Caller, Via};
use crate::db::Tx;
use crate::outbox::{self, Mail};
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::avatars::{self, Holder};
use crate::submitted::Submitted;
use crate::visit::Request;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::OrgId;
use domain::org::{Confirmation, Editor, Farewell, Organization, Status};
use domain::policy::Permission;
use domain::time::Timestamp;
use std::time::Duration;

/// How long a deleted organization can be brought back.
const RECOVERABLE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Most organizations that are removed in one round: each takes everything with it that it had.
const AT_ONCE: i64 = 20;

/// Deletes the organization; for a month it can be brought back. Deleting it once more changes nothing.
///
/// # Errors
/// `permission_denied`, `organization_…` by status, `reauthentication_required`, `confirmation_mismatch`,
/// `precondition_failed`.
#[crate::operation]
pub async fn delete(
    app: &App,
    caller: &Caller,
    asked: &Confirmation,
    body: Submitted<Confirmation>,
) -> Result<Farewell> {
    require_end(caller)?;
    require_meant(app, caller, asked, body)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    require_end(&caller)?;
    let now = app.now();
    let org = find(&mut tx, caller.org, None, now).await?.ok_or(Code::OrganizationNotFound)?;
    caller.principal.request.require_version(org.version)?;
    if org.status == Status::PendingDeletion {
        return Ok(farewell(org));
    }
    mark_deleted(&mut tx, org.id, now).await?;
    let changes = Changes::default().of("status", org.status, Status::PendingDeletion);
    let event = Event::new(org.id, Action::OrgDeleted, Target::org(org.id, &org.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    let owner = super::find_person(&mut tx, org.owner).await?.ok_or(Error::Internal)?;
    let mail = Mail::OrganizationDeleted { user: org.owner, org: org.id };
    outbox::enqueue(&mut tx, mail, &owner.email, now).await?;
    let deleted = find(&mut tx, org.id, None, now).await?.ok_or(Error::Internal)?;
    tx.commit().await?;
    Ok(farewell(deleted))
}

/// Brings a deleted organization back, in the status that it had.
///
/// # Errors
/// `permission_denied`, `organization_…` by status, `not_pending_deletion`.
#[crate::operation]
pub async fn restore(app: &App, caller: &Caller) -> Result<Organization> {
    require_end(caller)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    require_end(&caller)?;
    if caller.org_status != Status::PendingDeletion {
        return Err(Code::NotPendingDeletion.into());
    }
    let now = app.now();
    mark_restored(&mut tx, caller.org, now).await?;
    let user = Some(caller.principal.user);
    let org = find(&mut tx, caller.org, user, now).await?.ok_or(Error::Internal)?;
    let changes = Changes::default().of("status", Status::PendingDeletion, org.status);
    let event = Event::new(org.id, Action::OrgRestored, Target::org(org.id, &org.name)).with(changes);
    audit::record(&mut tx, &Origin::from(&caller), event, now).await?;
    tx.commit().await?;
    Ok(dressed(app, org, caller.effective()))
}

/// Removes an organization for good, at once. Only the platform does that.
///
/// # Errors
/// `permission_denied`, `reauthentication_required`, `confirmation_mismatch`, `precondition_failed`;
/// `wallet_not_settled` unless forced.
#[crate::operation]
pub async fn purge(
    app: &App,
    caller: &Caller,
    asked: &Confirmation,
    body: Submitted<Confirmation>,
    force: bool,
) -> Result<()> {
    require_purger(caller)?;
    require_meant(app, caller, asked, body)?;
    let (mut tx, caller) = caller.relocked(app).await?;
    require_purger(&caller)?;
    let now = app.now();
    let org = find(&mut tx, caller.org, None, now).await?.ok_or(Code::OrganizationNotFound)?;
    caller.principal.request.require_version(org.version)?;
    if !force && !is_settled(&mut tx, org.id).await? {
        return Err(Code::WalletNotSettled.into());
    }
    remove(&mut tx, &Origin::from(&caller), &org, now).await?;
    tx.commit().await
}

/// Removes for good what was deleted long enough ago, a few organizations a round. One whose wallet is not settled
/// waits until the platform decides.
pub(crate) async fn purge_due(app: &App) -> Result<()> {
    let due: Vec<(OrgId,)> = {
        let mut tx = app.db.read().await?;
        tx.sql(
            "select o.id from organizations o
             where o.purge_at <= $1 and o.status = 'pending_deletion'
               and not exists (select 1 from wallets w
                               where w.organization_id = o.id and (w.balance <> 0 or w.sms_points <> 0))
             order by o.purge_at, o.id limit $2",
        )
        .bind(app.now())
        .bind(AT_ONCE)
        .all()
        .await?
    };
    for (org,) in due {
        purge_one(app, org).await?;
    }
    Ok(())
}

async fn purge_one(app: &App, id: OrgId) -> Result<()> {
    let mut tx = app.db.write().await?;
    match tx.lock_org(id).await {
        // Another instance was quicker.
        Err(error) if error.code() == Code::OrganizationNotFound => return Ok(()),
        locked => locked?,
    }
    let now = app.now();
    let org = find(&mut tx, id, None, now).await?.ok_or(Error::Internal)?;
    let due = org.status == Status::PendingDeletion && org.purge_at.is_some_and(|at| at <= now);
    if !due || !is_settled(&mut tx, id).await? {
        return Ok(());
    }
    remove(&mut tx, &Origin::system(&Request::local()), &org, now).await?;
    tx.commit().await
}

/// Its slug stays held, its ledger and its log stay; everything else goes with it.
async fn remove(tx: &mut Tx, origin: &Origin, org: &Organization, now: Timestamp) -> Result<()> {
    let event = Event::new(org.id, Action::OrgPurged, Target::org(org.id, &org.name));
    audit::record(tx, origin, event, now).await?;
    slugs::release(tx, org.id, now).await?;
    // With many members this takes longer than a request may.
    tx.take_time().await?;
    avatars::let_go(tx, Holder::Organization(org.id), now).await?;
    tx.sql("delete from organizations where id = $1").bind(org.id).execute().await.map(drop)
}

/// Whether the caller may delete the organization or bring it back. The platform may in any status; its owner also when
/// it is inactive.
fn require_end(caller: &Caller) -> Result<()> {
    match (caller.editor(), caller.org_status) {
        (Editor::Platform, _) | (_, Status::Inactive | Status::PendingDeletion) => {
            caller.require_power(Permission::OrgDelete)
        }
        _ => caller.require(Permission::OrgDelete),
    }
}

fn require_purger(caller: &Caller) -> Result<()> {
    require_end(caller)?;
    if caller.editor() == Editor::Platform { Ok(()) } else { Err(Code::PermissionDenied.into()) }
}

/// A person types the slug, shortly after having given the password. A program may leave the slug out, but not get it
/// wrong.
fn require_meant(app: &App, caller: &Caller, asked: &Confirmation, body: Submitted<Confirmation>) -> Result<()> {
    caller.principal.require_fresh(app.now())?;
    let typed = [asked.confirm.clone(), body.open()?.confirm];
    let is_person = matches!(caller.principal.via, Via::Session { .. });
    let wrong = typed.iter().flatten().any(|text| *text != caller.slug);
    if wrong || (is_person && typed.iter().all(Option::is_none)) {
        let rule = format!("Type “{}” to confirm.", caller.slug);
        return Err(Error::field("confirm", Code::ConfirmationMismatch, rule));
    }
    Ok(())
}

fn farewell(org: Organization) -> Farewell {
    Farewell { id: org.id, slug: org.slug, status: org.status, purge_at: org.purge_at }
}

async fn mark_deleted(tx: &mut Tx, org: OrgId, now: Timestamp) -> Result<()> {
    tx.sql(
        "update organizations set status_before_deletion = status, status = 'pending_deletion', status_changed_at = $2,
                deleted_at = $2, purge_at = $3, updated_at = $2, version = version + 1
         where id = $1",
    )
    .bind(org)
    .bind(now)
    .bind(now.plus(RECOVERABLE))
    .execute()
    .await
    .map(drop)
}

async fn mark_restored(tx: &mut Tx, org: OrgId, now: Timestamp) -> Result<()> {
    tx.sql(
        "update organizations set status = coalesce(status_before_deletion, 'active'), status_before_deletion = null,
                status_changed_at = $2, deleted_at = null, purge_at = null, updated_at = $2, version = version + 1
         where id = $1",
    )
    .bind(org)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

async fn is_settled(tx: &mut Tx, org: OrgId) -> Result<bool> {
    let open: Option<(OrgId,)> = tx
        .sql(
            "select organization_id from wallets
             where organization_id = $1 and (balance <> 0 or sms_points <> 0)",
        )
        .bind(org)
        .optional()
        .await?;
    Ok(open.is_none())
}
