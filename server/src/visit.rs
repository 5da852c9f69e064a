//! One request, as far as the operations need to know of it: from where it comes, and the browser's session.

use domain::code::Code;
use domain::error::{Error, Result};
use domain::ids::SignInId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, Ipv4Addr};
use tower_sessions::{Expiry, Session};

const SIGN_IN: &str = "sign_in";

/// From where a request comes: what the audit log and the rate limits go by.
#[derive(Debug, Clone)]
pub struct Request {
    /// The peer, or what a trusted proxy says of it.
    pub ip: IpAddr,
    pub user_agent: Option<String>,
    pub id: String,
    pub expected: Expected,
    /// By which a client says that a request is the same one again.
    pub idempotency_key: Option<String>,
}

/// Which version of a row a change is meant for (`If-Match`, RFC 9110 section 13.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Expected {
    #[default]
    Any,
    /// Each is the part of an entity tag before its hyphen. None at all matches nothing.
    OneOf(Vec<i64>),
    /// Nothing was said, and here it has to be.
    Unsaid,
}

impl Request {
    /// The program itself, at the command line.
    pub fn local() -> Self {
        Self {
            ip: Ipv4Addr::LOCALHOST.into(),
            user_agent: None,
            id: uuid::Uuid::now_v7().to_string(),
            expected: Expected::Any,
            idempotency_key: None,
        }
    }

    /// Whether the row is still the one that the change is meant for; asked inside the transaction.
    ///
    /// # Errors
    /// `precondition_failed` with `current_version`; `precondition_required`.
    pub(crate) fn require_version(&self, current: i64) -> Result<()> {
        match &self.expected {
            Expected::OneOf(versions) if !versions.contains(&current) => {
                Err(Code::PreconditionFailed.with("current_version", current))
            }
            Expected::Unsaid => Err(Code::PreconditionRequired.into()),
            Expected::OneOf(_) | Expected::Any => Ok(()),
        }
    }
}

/// A request of a browser: it may be signed in or become so.
#[derive(Clone)]
pub struct Visit {
    pub request: Request,
    pub(crate) session: Session,
}

impl Visit {
    pub fn new(request: Request, session: Session) -> Self {
        Self { request, session }
    }

    /// Ties the browser to a sign-in, under a new cookie so that an old one is worth nothing.
    pub(crate) async fn open(&self, sign_in: SignInId) -> Result<()> {
        self.session.cycle_id().await.map_err(broken)?;
        self.session.set_expiry(Some(lasting()));
        self.session.insert(SIGN_IN, sign_in).await.map_err(broken)
    }

    /// Forgets the browser.
    pub(crate) async fn close(&self) -> Result<()> {
        self.session.flush().await.map_err(broken)
    }

    pub(crate) async fn sign_in(&self) -> Result<Option<SignInId>> {
        self.session.get(SIGN_IN).await.map_err(broken)
    }

    /// Leaves something for the next page that this browser asks for.
    ///
    /// # Errors
    /// `service_unavailable` when sessions cannot be stored.
    pub async fn leave(&self, name: &str, value: impl Serialize) -> Result<()> {
        if self.sign_in().await?.is_none() {
            // A browser that nobody is signed in with is remembered for one more page, not for weeks.
            self.session.set_expiry(Some(Expiry::OnInactivity(time::Duration::minutes(10))));
        }
        self.session.insert(name, value).await.map_err(broken)
    }

    /// Takes what was left, if anything.
    ///
    /// # Errors
    /// `service_unavailable` when sessions cannot be read.
    pub async fn take<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        if self.session.get_value(name).await.map_err(broken)?.is_none() {
            return Ok(None);
        }
        self.session.remove(name).await.map_err(broken)
    }
}

/// As long as a sign-in can last; when it really ends is kept with the sign-in.
pub(crate) fn lasting() -> Expiry {
    Expiry::OnInactivity(time::Duration::seconds_f64(crate::auth::ABSOLUTE.as_secs_f64()))
}

fn broken(error: tower_sessions::session::Error) -> Error {
    tracing::error!(%error, "the session cannot be read or written");
    Code::ServiceUnavailable.into()
}
