//! Inviting one address after the other. What has to be known is read once, whether one is invited or a hundred.

use super::catalogue::Catalogue;
use super::ceiling::require_offer;
use super::offers::Offer;
use super::quotas::{Mails, require_room};
use super::resending::{pointing_to, send_again};
use super::{OnConflict, sql};
use crate::App;
use crate::auth::Caller;
use crate::db::Tx;
use crate::new_id;
use crate::outbox::{self, Mail};
use crate::service::accounts::require_allowed_domain;
use crate::service::audit::{self, Event, Origin, Target};
use crate::service::members;
use domain::audit::Action;
use domain::code::Code;
use domain::error::Result;
use domain::ids::{InvitationId, MemberId};
use domain::invitation::{Grants, InvitationStatus, Issue, Resend};
use domain::org::Organization;
use domain::policy::Permission;
use domain::time::Timestamp;
use std::collections::HashMap;

/// Invitations that are sent in one transaction; the organization is locked.
pub(super) struct Round<'a> {
    app: &'a App,
    caller: &'a Caller,
    now: Timestamp,
    /// Its count of open invitations goes up with each that is sent.
    org: Organization,
    catalogue: Catalogue,
    members: HashMap<String, MemberId>,
    open: HashMap<String, sql::Open>,
    mails: Mails,
}

/// What inviting an address led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Anew(InvitationId),
    /// There was an open one, which is sent again.
    Again(InvitationId),
}

impl Sent {
    pub(super) fn id(self) -> InvitationId {
        let (Self::Anew(id) | Self::Again(id)) = self;
        id
    }
}

impl<'a> Round<'a> {
    /// Reads what is to be known of these, at most a hundred.
    ///
    /// # Errors
    /// `managed_externally`.
    pub(super) async fn begin(
        app: &'a App,
        caller: &'a Caller,
        tx: &mut Tx,
        org: Organization,
        issues: &[&Issue],
        now: Timestamp,
    ) -> Result<Self> {
        members::require_managed_here(tx, caller).await?;
        let named: Vec<&Grants> = issues.iter().map(|issue| &issue.grants).collect();
        let emails: Vec<String> = issues.iter().map(|issue| issue.email.to_string()).collect();
        let open = sql::find_open_among(tx, org.id, &emails).await?;
        Ok(Self {
            app,
            caller,
            now,
            catalogue: Catalogue::read(tx, &org, &named).await?,
            members: members::sql::find_by_emails(tx, org.id, &emails).await?.into_iter().collect(),
            open: open.into_iter().map(|open| (open.email.clone(), open)).collect(),
            mails: Mails::read(app, tx, org.id, &emails, now).await?,
            org,
        })
    }

    /// Invites one address. A refusal has written nothing but that an older invitation is over.
    ///
    /// # Errors
    /// `role_unknown`, `role_conflict`, `team_unknown`, `workspace_unknown`, `permission_escalation`,
    /// `email_domain_not_allowed`, `already_member`, `already_invited`, `permission_denied`, `invitation_limit_reached`,
    /// `member_limit_reached`, `rate_limited`.
    pub(super) async fn invite(&mut self, tx: &mut Tx, issue: &Issue, on_conflict: OnConflict) -> Result<Sent> {
        let offer = self.catalogue.resolve(&issue.grants, &Offer::of_role(self.org.settings.default_role))?;
        require_offer(self.caller.authority(), &offer.standing)?;
        if offer.has_places() && !self.caller.may(Permission::InviteWrite) {
            return Err(Code::PermissionEscalation.into());
        }
        require_allowed_domain(self.app, &issue.email)?;
        let email = issue.email.as_str();
        if let Some(member) = self.members.get(email) {
            let rule = "This person already is a member.";
            return Err(Code::AlreadyMember.of("email", rule).and("member_id", member.0));
        }
        match self.open.get(email) {
            Some(open) if open.expires_at <= self.now => self.expire(tx, open).await?,
            Some(open) => return self.again(tx, open.id, on_conflict).await,
            None => {}
        }
        require_room(self.app, &self.org)?;
        if issue.send_email {
            self.mails.require_left(email)?;
        }
        self.issue(tx, issue, &offer).await.map(Sent::Anew)
    }

    /// An expired row would keep the address from being invited again.
    async fn expire(&self, tx: &mut Tx, open: &sql::Open) -> Result<()> {
        sql::close(tx, open.id, InvitationStatus::Expired, self.now).await?;
        let origin = Origin::system(&self.caller.principal.request);
        let target = Target::invitation(open.id, &open.email);
        audit::record(tx, &origin, Event::new(self.org.id, Action::InvitationExpired, target), self.now).await
    }

    async fn again(&self, tx: &mut Tx, open: InvitationId, on_conflict: OnConflict) -> Result<Sent> {
        if on_conflict == OnConflict::Resend {
            // Where members invite, they still do not send what others have sent.
            self.caller.require(Permission::InviteWrite)?;
            send_again(self.app, tx, self.caller, open, &Resend::default(), &self.org, self.now).await?;
            return Ok(Sent::Again(open));
        }
        let refusal = Code::AlreadyInvited.of("email", "This address already has an open invitation; send that again.");
        Err(pointing_to(self.app, self.caller, open, refusal))
    }

    async fn issue(&mut self, tx: &mut Tx, issue: &Issue, offer: &Offer) -> Result<InvitationId> {
        let (id, email) = (InvitationId(new_id()), issue.email.as_str());
        sql::insert(tx, id, self.caller, issue, offer.standing.role, self.now).await?;
        offer.insert(tx, id).await?;
        let event = Event::new(self.org.id, Action::InvitationCreated, Target::invitation(id, email));
        audit::record(tx, &Origin::from(self.caller), event.with(offer.given()), self.now).await?;
        if issue.send_email {
            outbox::enqueue(tx, Mail::Invitation(id), email, self.now).await?;
        }
        self.org.pending_member_count += 1;
        Ok(id)
    }
}
