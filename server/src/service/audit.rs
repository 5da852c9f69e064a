//! The audit log: one event for each change, in the transaction of the change.

use crate::auth::{Caller, Principal};
use crate::db::Tx;
use crate::new_id;
use crate::visit::Request;
use domain::audit::{Action, Actor, ActorKind, Changes};
use domain::error::{Error, Result};
use domain::ids::{AuditEventId, InvitationId, OrgId, RoleId, TeamId, TransactionId, UserId, WorkspaceId};
use domain::text::fold;
use domain::time::Timestamp;
use domain::user::display_name;

/// Who does something, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) actor: Actor,
    pub(crate) request: Request,
}

impl From<&Caller> for Origin {
    fn from(caller: &Caller) -> Self {
        Self { actor: caller.actor(), request: caller.principal.request.clone() }
    }
}

impl From<&Principal> for Origin {
    fn from(principal: &Principal) -> Self {
        Self { actor: principal.actor(), request: principal.request.clone() }
    }
}

impl Origin {
    /// A platform administrator who acts as such.
    pub(crate) fn platform(principal: &Principal) -> Self {
        let actor = Actor { kind: ActorKind::PlatformAdmin, ..principal.actor() };
        Self { actor, request: principal.request.clone() }
    }

    /// Somebody who has just been given an account, or acts on it by a mailed link.
    pub(crate) fn person(user: UserId, email: &str, full_name: Option<&str>, request: &Request) -> Self {
        let name = display_name(full_name, email);
        let actor = Actor { kind: ActorKind::User, id: Some(user), name, token_id: None };
        Self { actor, request: request.clone() }
    }

    /// Somebody of whom only an invited address is known.
    pub(crate) fn stranger(email: &str, request: &Request) -> Self {
        let actor = Actor { kind: ActorKind::User, id: None, name: email.to_owned(), token_id: None };
        Self { actor, request: request.clone() }
    }

    /// The program itself, or its operator at the command line.
    pub(crate) fn system(request: &Request) -> Self {
        let actor = Actor { kind: ActorKind::System, id: None, name: "system".to_owned(), token_id: None };
        Self { actor, request: request.clone() }
    }
}

/// What something was done to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    kind: &'static str,
    id: String,
    name: String,
}

impl Target {
    pub(crate) fn org(id: OrgId, name: &str) -> Self {
        Self { kind: "organization", id: id.to_string(), name: name.to_owned() }
    }

    pub(crate) fn user(id: UserId, name: &str) -> Self {
        Self { kind: "user", id: id.to_string(), name: name.to_owned() }
    }

    pub(crate) fn invitation(id: InvitationId, email: &str) -> Self {
        Self { kind: "invitation", id: id.to_string(), name: email.to_owned() }
    }

    pub(crate) fn wallet(id: OrgId, slug: &str) -> Self {
        Self { kind: "wallet", id: id.to_string(), name: slug.to_owned() }
    }

    pub(crate) fn wallet_transaction(id: TransactionId, number: i64) -> Self {
        Self { kind: "wallet_transaction", id: id.to_string(), name: number.to_string() }
    }

    /// A list that is taken along as a file.
    pub(crate) fn export(list: &str) -> Self {
        Self { kind: "export", id: list.to_owned(), name: list.to_owned() }
    }

    pub(crate) fn role(id: RoleId, name: &str) -> Self {
        Self { kind: "role", id: id.to_string(), name: name.to_owned() }
    }

    pub(crate) fn team(id: TeamId, name: &str) -> Self {
        Self { kind: "team", id: id.to_string(), name: name.to_owned() }
    }

    pub(crate) fn workspace(id: WorkspaceId, name: &str) -> Self {
        Self { kind: "workspace", id: id.to_string(), name: name.to_owned() }
    }

    pub(crate) fn token(id: domain::ids::TokenId, name: &str) -> Self {
        Self { kind: "token", id: id.to_string(), name: name.to_owned() }
    }
}

/// One thing that was done.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// `None` for what concerns an account alone.
    pub(crate) org: Option<OrgId>,
    pub(crate) action: Action,
    pub(crate) target: Target,
    pub(crate) changes: Changes,
}

impl Event {
    pub(crate) fn new(org: impl Into<Option<OrgId>>, action: Action, target: Target) -> Self {
        Self { org: org.into(), action, target, changes: Changes::default() }
    }

    pub(crate) fn with(self, changes: Changes) -> Self {
        Self { changes, ..self }
    }
}

pub(crate) async fn record(tx: &mut Tx, origin: &Origin, event: Event, now: Timestamp) -> Result<()> {
    let changes = serde_json::to_string(event.changes.list()).map_err(|_| Error::Internal)?;
    tx.sql(
        "insert into audit_events (id, organization_id, action, actor_kind, actor_id, actor_name, token_id,
                target_kind, target_id, target_name, changes, ip, user_agent, request_id, created_at, actor_folded,
                target_folded)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(AuditEventId(new_id()))
    .bind(event.org)
    .bind(event.action.name().to_owned())
    .bind(origin.actor.kind)
    .bind(origin.actor.id)
    .bind(origin.actor.name.clone())
    .bind(origin.actor.token_id)
    .bind(event.target.kind.to_owned())
    .bind(event.target.id)
    .bind(event.target.name.clone())
    .bind(changes)
    .bind(origin.request.ip.to_string())
    .bind(origin.request.user_agent.clone())
    .bind(origin.request.id.clone())
    .bind(now)
    .bind(fold(&origin.actor.name))
    .bind(fold(&event.target.name))
    .execute()
    .await
    .map(drop)
}
