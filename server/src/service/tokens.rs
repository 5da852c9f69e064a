//! Personal access tokens.

use super::accounts::find_account;
use super::audit::{self, Event, Origin, Target};
use crate::App;
use crate::keys::digest;
use crate::new_id;
use crate::tokens;
use crate::visit::Request;
use domain::audit::Action;
use domain::code::Code;
use domain::error::{Checked, Error, Result, Violation};
use domain::ids::TokenId;
use domain::policy::{Permission, Permissions};
use domain::text::Name;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A token that was just made. The secret is shown this once.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub id: TokenId,
    pub token: String,
}

/// Makes a personal token for an account: for the operator at the command line.
///
/// # Errors
/// `user_not_found`, `scope_unknown`, `expiry_out_of_range`, invalid names.
pub async fn issue(app: &App, email: &str, name: &str, scopes: &[String], expires_in_days: u32) -> Result<NewToken> {
    let mut checked = Checked::default();
    let name = checked.field("name", Name::parse_up_to(name, 100));
    if !(1..=365).contains(&expires_in_days) {
        checked.note(Violation::field("expires_in_days", Code::ExpiryOutOfRange, "Tokens live for 1 to 365 days."));
    }
    let scopes = parse_scopes(&mut checked, scopes);
    checked.finish()?;
    let name = name.ok_or(Error::Internal)?;
    let token = tokens::personal();
    let id = TokenId(new_id());
    let now = app.now();
    let mut tx = app.db.write().await?;
    let account = find_account(&mut tx, &email.to_ascii_lowercase()).await?.ok_or(Code::UserNotFound)?;
    let (live,): (i64,) = tx
        .sql("select count(*) from tokens where user_id = $1 and revoked_at is null and expires_at > $2")
        .bind(account.id)
        .bind(now)
        .one()
        .await?;
    if live >= app.config.limits.tokens {
        return Err(Code::TokenLimitReached.into());
    }
    let names: Vec<_> = scopes.iter().map(Permission::name).collect();
    tx.sql(
        "insert into tokens (id, user_id, name, prefix, digest, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(account.id)
    .bind(name.to_string())
    .bind(tokens::visible_prefix(&token).to_owned())
    .bind(digest(token.as_bytes()))
    .bind(names.join(" "))
    .bind(now)
    .bind(now.plus(DAY * expires_in_days))
    .execute()
    .await?;
    let event = Event::new(None, Action::TokenCreated, Target::token(id, name.as_str()));
    audit::record(&mut tx, &Origin::system(&Request::local()), event, now).await?;
    tx.commit().await?;
    Ok(NewToken { id, token })
}

fn parse_scopes(checked: &mut Checked, names: &[String]) -> Permissions {
    if names.is_empty() {
        checked.note(Violation::field("scopes", Code::MissingField, "Name at least one scope."));
    }
    let mut scopes = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match Permission::named(name) {
            Some(permission) => scopes.push(permission),
            None => {
                let rule = format!("There is no scope {name:?}.");
                checked.note(Violation::field(&format!("scopes/{index}"), Code::ScopeUnknown, rule));
            }
        }
    }
    scopes.into_iter().collect()
}
