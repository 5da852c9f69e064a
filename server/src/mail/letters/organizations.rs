//! What mails say of an organization itself.

use super::{AddedText, DeletionText, Letter, StatusText, moment};
use crate::App;
use domain::error::Result;
use domain::ids::{OrgId, UserId};
use domain::org::Status;
use domain::policy::Role;
use domain::time::Timestamp;

/// An organization, as far as mails tell of it.
#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    slug: String,
    status: Status,
    status_reason: Option<String>,
    purge_at: Option<Timestamp>,
}

async fn find(app: &App, org: OrgId) -> Result<Option<Row>> {
    let mut tx = app.db.read().await?;
    tx.sql("select name, slug, status, status_reason, purge_at from organizations where id = $1")
        .bind(org)
        .optional()
        .await
}

pub(super) async fn status(app: &App, org: OrgId) -> Result<Option<Letter>> {
    let Some(row) = find(app, org).await?.filter(|row| row.status != Status::PendingDeletion) else { return Ok(None) };
    let status = row.status.label().to_lowercase();
    let text = StatusText {
        organization: &row.name,
        slug: &row.slug,
        status: &status,
        reason: row.status_reason.as_deref().unwrap_or_default(),
        link: &app.config.link(&format!("/organizations/{}", row.slug)),
    };
    text.letter(format!("{} is {status} now", row.name)).map(Some)
}

/// Nothing once it has been brought back.
pub(super) async fn deletion(app: &App, org: OrgId) -> Result<Option<Letter>> {
    let Some(row) = find(app, org).await?.filter(|row| row.status == Status::PendingDeletion) else { return Ok(None) };
    let Some(purge_at) = row.purge_at else { return Ok(None) };
    let text = DeletionText {
        organization: &row.name,
        slug: &row.slug,
        until: &moment(purge_at),
        link: &app.config.link(&format!("/organizations/{}", row.slug)),
    };
    text.letter(format!("{} was deleted", row.name)).map(Some)
}

/// Nothing once the person is no longer in.
pub(super) async fn addition(app: &App, user: UserId, org: OrgId) -> Result<Option<Letter>> {
    let mut tx = app.db.read().await?;
    let row: Option<(String, String, Role)> = tx
        .sql(
            "select o.name, o.slug, m.role from memberships m join organizations o on o.id = m.organization_id
             where m.user_id = $1 and m.organization_id = $2 and o.status = 'active'",
        )
        .bind(user)
        .bind(org)
        .optional()
        .await?;
    let Some((name, slug, role)) = row else { return Ok(None) };
    let link = app.config.link(&format!("/organizations/{slug}"));
    let text = AddedText { organization: &name, slug: &slug, role: role.name(), link: &link };
    text.letter(format!("You are now in {name}")).map(Some)
}
