//! Access tokens: what is the same for those of a person and those of an organization.

use super::audit::{self, Event, Origin, Target};
use crate::App;
use crate::db::Tx;
use crate::new_id;
use crate::paging::{Key, Order, Walk};
use crate::tokens;
use domain::audit::{Action, Changes};
use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::{OrgId, TokenId, UserId};
use domain::page::Page;
use domain::time::Timestamp;
use domain::token::{IssuedToken, Token, TokenIssue, TokensQuery};

pub mod organization;
pub mod personal;
mod sql;

pub use personal::issue;

/// Whose a token is.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Person(UserId),
    Organization(OrgId),
}

impl Owner {
    fn person(self) -> Option<UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Organization(_) => None,
        }
    }

    fn organization(self) -> Option<OrgId> {
        match self {
            Self::Person(_) => None,
            Self::Organization(org) => Some(org),
        }
    }

    fn new_secret(self) -> String {
        match self {
            Self::Person(_) => tokens::personal(),
            Self::Organization(_) => tokens::organization(),
        }
    }
}

/// The newest first, with those that are over.
async fn list(app: &App, owner: Owner, query: &TokensQuery) -> Result<Page<Token>> {
    if query.sort.is_some() {
        return Err(Error::parameter("sort", Code::InvalidSort, "This list has one order."));
    }
    let order = Order { name: "created_at", descending: true, numeric: true };
    let walk = Walk::new(app, "tokens", order, &owner, query.window()?)?;
    let mut tx = app.db.read().await?;
    let total = if walk.counts() { sql::count(&mut tx, owner).await? } else { 0 };
    let rows = sql::list(&mut tx, owner, &walk).await?;
    let page = walk.page(app, rows, total, |row| (Key::Number(row.created_at.as_millis()), row.id.0));
    Ok(page.map(sql::Row::shown))
}

async fn find(tx: &mut Tx, owner: Owner, id: &str) -> Result<Token> {
    let id: TokenId = id.parse().map_err(|_| Code::TokenNotFound)?;
    sql::find(tx, owner, id).await?.map(sql::Row::shown).ok_or_else(|| Code::TokenNotFound.into())
}

/// Makes a token. The caller has locked its owner, so that nobody else counts at the same time.
async fn make(
    app: &App,
    tx: &mut Tx,
    owner: Owner,
    issue: &TokenIssue,
    created_by: Option<UserId>,
    origin: &Origin,
    now: Timestamp,
) -> Result<IssuedToken> {
    if sql::count_live(tx, owner, now).await? >= app.config.limits.tokens {
        return Err(Code::TokenLimitReached.into());
    }
    let id = TokenId(new_id());
    let secret = owner.new_secret();
    sql::insert(tx, id, owner, issue, &secret, created_by, now).await?;
    let shown = find(tx, owner, &id.to_string()).await?;
    let changes = Changes::default().of("scopes", (), shown.scopes);
    audit::record(tx, origin, event(owner, Action::TokenCreated, &shown).with(changes), now).await?;
    Ok(IssuedToken { shown, token: secret })
}

/// Gives a token a new secret; the former one lives until then, or dies at once.
async fn renew(
    tx: &mut Tx,
    owner: Owner,
    token: &Token,
    former_until: Option<Timestamp>,
    origin: &Origin,
    now: Timestamp,
) -> Result<IssuedToken> {
    if !token.is_alive(now) {
        return Err(Code::TokenRevoked.into());
    }
    let secret = owner.new_secret();
    sql::renew(tx, token.id, &secret, former_until).await?;
    audit::record(tx, origin, event(owner, Action::TokenRotated, token), now).await?;
    let shown = find(tx, owner, &token.id.to_string()).await?;
    Ok(IssuedToken { shown, token: secret })
}

/// Ends a token. One that has ended stays as it is.
async fn end(tx: &mut Tx, owner: Owner, token: &Token, origin: &Origin, now: Timestamp) -> Result<()> {
    if token.revoked_at.is_some() {
        return Ok(());
    }
    sql::revoke(tx, token.id, now).await?;
    audit::record(tx, origin, event(owner, Action::TokenRevoked, token), now).await
}

fn event(owner: Owner, action: Action, token: &Token) -> Event {
    Event::new(owner.organization(), action, Target::token(token.id, &token.name))
}
