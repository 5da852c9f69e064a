//! What mails say. Each is written at the moment of sending, from the rows as they are then; links come from the
//! configured public address alone.

use crate::App;
use crate::db::Tx;
use crate::keys::{Channel, Holder, InvitationToken, Purpose};
use crate::outbox::Mail;
use askama::Template;
use domain::error::{Error, Result};
use domain::ids::{InvitationId, OrgId, UserId};
use domain::policy::Role;
use domain::text::Email;
use domain::time::Timestamp;
use domain::user::display_name;
use std::time::Duration;

mod organizations;

/// How long a link to reset a password works.
const RESET: Duration = Duration::from_secs(60 * 60);
/// How long a link to confirm an address works.
const VERIFY: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// A mail ready to be sent: plain text, and the same as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// One message in both forms. Askama escapes the HTML form and leaves the text as it is.
macro_rules! templates {
    ($($text:ident $text_file:literal $html:ident $html_file:literal { $($field:ident,)* })*) => {$(
        #[derive(Template)]
        #[template(path = $text_file, escape = "none")]
        struct $text<'a> { $($field: &'a str,)* }

        #[derive(Template)]
        #[template(path = $html_file)]
        struct $html<'a> { $($field: &'a str,)* }

        impl $text<'_> {
            fn letter(self, subject: String) -> Result<Letter> {
                let html = $html { $($field: self.$field,)* };
                Ok(Letter {
                    subject,
                    text: self.render().map_err(broken)?,
                    html: html.render().map_err(broken)?,
                })
            }
        }
    )*};
}

templates! {
    InvitationText "invitation.txt" InvitationHtml "invitation.html" { organization, slug, inviter, role, message, until, link, }
    PasswordResetText "password_reset.txt" PasswordResetHtml "password_reset.html" { link, }
    VerificationText "verification.txt" VerificationHtml "verification.html" { link, }
    EmailChangeText "email_change.txt" EmailChangeHtml "email_change.html" { link, }
    EmailChangedText "email_changed.txt" EmailChangedHtml "email_changed.html" { address, }
    AccountExistsText "account_exists.txt" AccountExistsHtml "account_exists.html" { sign_in, forgot, }
    OwnershipText "ownership_transferred.txt" OwnershipHtml "ownership_transferred.html" {
        organization, slug, owner, link,
    }
    StatusText "organization_status.txt" StatusHtml "organization_status.html" {
        organization, slug, status, reason, link,
    }
    DeletionText "organization_deleted.txt" DeletionHtml "organization_deleted.html" {
        organization, slug, until, link,
    }
    AddedText "member_added.txt" AddedHtml "member_added.html" { organization, slug, role, link, }
}

/// Writes a mail; `None` when what it is about is gone.
pub(crate) async fn write(app: &App, mail: Mail, recipient: &str) -> Result<Option<Letter>> {
    match mail {
        Mail::Invitation(id) => invitation(app, id).await,
        Mail::PasswordReset { user, auth_epoch } => password_reset(app, user, auth_epoch).await,
        Mail::Verification(user) => verification(app, user).await,
        Mail::EmailChange(user) => email_change(app, user, recipient).await,
        Mail::EmailChanged { user, .. } => email_changed(app, user).await,
        Mail::AccountExists(_) => account_exists(app, recipient).map(Some),
        Mail::OwnershipTransferred { org, .. } => ownership_transferred(app, org).await,
        Mail::OrganizationStatus { org, .. } => organizations::status(app, org).await,
        Mail::OrganizationDeleted { org, .. } => organizations::deletion(app, org).await,
        Mail::MemberAdded { user, org } => organizations::addition(app, user, org).await,
    }
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    organization: String,
    slug: String,
    inviter_name: Option<String>,
    inviter_email: Option<String>,
    role: Role,
    message: Option<String>,
    expires_at: Timestamp,
    token_version: i64,
}

async fn invitation(app: &App, id: InvitationId) -> Result<Option<Letter>> {
    let mut tx = app.db.read().await?;
    let row: Option<InvitationRow> = tx
        .sql(
            "select o.name as organization, o.slug, u.full_name as inviter_name, u.email as inviter_email,
                    i.role, i.message, i.expires_at, i.token_version
             from invitations i join organizations o on o.id = i.organization_id
             left join users u on u.id = i.invited_by
             where i.id = $1 and i.status = 'pending' and i.expires_at > $2 and o.status = 'active'",
        )
        .bind(id)
        .bind(app.now())
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let version = u16::try_from(row.token_version).map_err(|_| Error::Internal)?;
    let token = app.keys.invitation_token(InvitationToken { id, version, channel: Channel::Mail });
    let inviter = row.inviter_email.map(|email| display_name(row.inviter_name.as_deref(), &email));
    let text = InvitationText {
        organization: &row.organization,
        slug: &row.slug,
        inviter: inviter.as_deref().unwrap_or("An administrator"),
        role: row.role.name(),
        message: row.message.as_deref().unwrap_or_default(),
        until: &moment(row.expires_at),
        link: &app.config.link(&format!("/invitations/{token}")),
    };
    let subject = format!("Join {} on Guildhall", row.organization);
    text.letter(subject).map(Some)
}

async fn password_reset(app: &App, user: UserId, auth_epoch: i64) -> Result<Option<Letter>> {
    let holder = {
        let mut tx = app.db.read().await?;
        find_holder(&mut tx, user).await?
    };
    if holder.is_none_or(|holder| holder.auth_epoch != auth_epoch) {
        return Ok(None);
    }
    let link = proof_link(app, user, Purpose::ResetPassword, RESET, "/reset-password").await?;
    link.map(|link| PasswordResetText { link: &link }.letter("Choose a new password".to_owned())).transpose()
}

async fn verification(app: &App, user: UserId) -> Result<Option<Letter>> {
    if is_verified(app, user).await? {
        return Ok(None);
    }
    let link = proof_link(app, user, Purpose::VerifyEmail, VERIFY, "/verify-email").await?;
    link.map(|link| VerificationText { link: &link }.letter("Confirm your e-mail address".to_owned())).transpose()
}

/// Not written when the person has thought better of this address.
async fn email_change(app: &App, user: UserId, recipient: &str) -> Result<Option<Letter>> {
    let next = {
        let mut tx = app.db.read().await?;
        find_next_holder(&mut tx, user).await?
    };
    let Some(next) = next.filter(|next| next.email == recipient) else { return Ok(None) };
    let proof = app.keys.proof(Purpose::ChangeEmail, &next, app.now().plus(VERIFY));
    let link = app.config.link(&format!("/verify-email/{proof}"));
    EmailChangeText { link: &link }.letter("Confirm your new e-mail address".to_owned()).map(Some)
}

async fn email_changed(app: &App, user: UserId) -> Result<Option<Letter>> {
    let holder = {
        let mut tx = app.db.read().await?;
        find_holder(&mut tx, user).await?
    };
    let address = holder.and_then(|holder| Email::parse(&holder.email).ok());
    let subject = "Your account has another e-mail address";
    address.map(|address| EmailChangedText { address: &address.masked() }.letter(subject.to_owned())).transpose()
}

async fn is_verified(app: &App, user: UserId) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let sql = "select id from users where id = $1 and email_verified_at is not null";
    let found: Option<(UserId,)> = tx.sql(sql).bind(user).optional().await?;
    Ok(found.is_some())
}

async fn proof_link(
    app: &App,
    user: UserId,
    purpose: Purpose,
    good_for: Duration,
    page: &str,
) -> Result<Option<String>> {
    let mut tx = app.db.read().await?;
    let Some(holder) = find_holder(&mut tx, user).await? else { return Ok(None) };
    let proof = app.keys.proof(purpose, &holder, app.now().plus(good_for));
    Ok(Some(app.config.link(&format!("{page}/{proof}"))))
}

fn account_exists(app: &App, _recipient: &str) -> Result<Letter> {
    let (sign_in, forgot) = (app.config.link("/sign-in"), app.config.link("/forgot-password"));
    AccountExistsText { sign_in: &sign_in, forgot: &forgot }.letter("You already have an account".to_owned())
}

async fn ownership_transferred(app: &App, org: OrgId) -> Result<Option<Letter>> {
    let mut tx = app.db.read().await?;
    let row: Option<(String, String, Option<String>, String)> = tx
        .sql(
            "select o.name, o.slug, u.full_name, u.email
             from organizations o join users u on u.id = o.owner_id where o.id = $1",
        )
        .bind(org)
        .optional()
        .await?;
    let Some((organization, slug, full_name, email)) = row else { return Ok(None) };
    let owner = display_name(full_name.as_deref(), &email);
    let link = app.config.link(&format!("/organizations/{slug}"));
    let subject = format!("{owner} now owns {organization}");
    OwnershipText { organization: &organization, slug: &slug, owner: &owner, link: &link }.letter(subject).map(Some)
}

/// As people read a time.
fn moment(time: Timestamp) -> String {
    time.civil().strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// The state of an account that mailed links are bound to.
pub(crate) async fn find_holder(tx: &mut Tx, user: UserId) -> Result<Option<Holder>> {
    let row: Option<(UserId, String, i64)> = tx
        .sql("select id, email, auth_epoch from users where id = $1 and disabled_at is null")
        .bind(user)
        .optional()
        .await?;
    Ok(row.map(|(user, email, auth_epoch)| Holder { user, email, auth_epoch }))
}

/// The same with the address that is to replace the present one, if there is one.
pub(crate) async fn find_next_holder(tx: &mut Tx, user: UserId) -> Result<Option<Holder>> {
    let row: Option<(UserId, String, i64)> = tx
        .sql("select id, next_email, auth_epoch from users where id = $1 and disabled_at is null and next_email is not null")
        .bind(user)
        .optional()
        .await?;
    Ok(row.map(|(user, email, auth_epoch)| Holder { user, email, auth_epoch }))
}

fn broken(error: askama::Error) -> Error {
    tracing::error!(%error, "a mail cannot be written");
    Error::Internal
}
