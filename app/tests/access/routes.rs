//! The routes of the API: what each needs, and a request that succeeds for whoever may.
//!
//! Names in braces are filled in from the scene.

use crate::caller::Caller;
use crate::need::Need::{self, *};
use domain::code::Code;
use domain::policy::Permission::*;
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) struct Route {
    pub(crate) method: Method,
    /// As the router has it.
    pub(crate) path: &'static str,
    /// What is asked for, where that is more than the path.
    pub(crate) target: &'static str,
    /// Tells two rows of one route apart.
    note: &'static str,
    pub(crate) need: Need,
    pub(crate) success: u16,
    pub(crate) body: Option<Value>,
    /// Whether a picture is sent, instead of a body.
    pub(crate) uploads: bool,
    /// Whether a success leaves the organization without something that the next call needs.
    pub(crate) spends: bool,
    /// Whether the caller's own sign-in would not outlive it.
    pub(crate) ends_sign_in: bool,
    /// What some are told although, or because, they may.
    exceptions: Vec<(Caller, Code)>,
    /// What all are told who may: it comes after the judgement.
    always: Option<Code>,
}

impl Route {
    fn new(method: Method, path: &'static str, need: Need, success: u16) -> Self {
        let (body, exceptions) = (None, Vec::new());
        let (uploads, spends, ends_sign_in, always) = (false, false, false, None);
        let (target, note) = (path, "");
        Self { method, path, target, note, need, success, body, uploads, spends, ends_sign_in, exceptions, always }
    }

    fn at(self, target: &'static str) -> Self {
        Self { target, ..self }
    }

    fn noted(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn uploads(self) -> Self {
        Self { uploads: true, ..self }
    }

    fn spends(self) -> Self {
        Self { spends: true, ..self }
    }

    fn ends_sign_in(self) -> Self {
        Self { ends_sign_in: true, ..self }
    }

    fn but(mut self, caller: Caller, code: Code) -> Self {
        self.exceptions.push((caller, code));
        self
    }

    fn always(self, code: Code) -> Self {
        Self { always: Some(code), ..self }
    }

    pub(crate) fn label(&self) -> String {
        format!("{} {}{}", self.method, self.path, self.note)
    }

    pub(crate) fn expected(&self, caller: Caller) -> Result<(), Code> {
        self.excepted(caller, self.need.judge(caller))
    }

    /// The judgement with what else is known of this route.
    pub(crate) fn excepted(&self, caller: Caller, judged: Result<(), Code>) -> Result<(), Code> {
        match (self.exceptions.iter().find(|(found, _)| *found == caller), self.always) {
            (Some((_, code)), _) => Err(*code),
            (None, Some(code)) => judged.and(Err(code)),
            (None, None) => judged,
        }
    }
}

fn get(path: &'static str, need: Need) -> Route {
    Route::new(Method::GET, path, need, 200)
}

fn post(path: &'static str, need: Need, success: u16) -> Route {
    Route::new(Method::POST, path, need, success)
}

fn put(path: &'static str, need: Need, success: u16) -> Route {
    Route::new(Method::PUT, path, need, success)
}

fn patch(path: &'static str, need: Need, body: Value) -> Route {
    Route::new(Method::PATCH, path, need, 200).with(body)
}

fn delete(path: &'static str, need: Need, success: u16) -> Route {
    Route::new(Method::DELETE, path, need, success)
}

pub(crate) fn all() -> Vec<Route> {
    let groups = [
        discovery(),
        accounts(),
        own_account(),
        received_invitations(),
        organizations(),
        members(),
        roles(),
        invitations(),
        records(),
        teams(),
        workspaces(),
        platform(),
        wallets(),
    ];
    groups.into_iter().flatten().collect()
}

fn discovery() -> Vec<Route> {
    vec![
        get("/health", Nothing),
        get("/openapi.json", Nothing),
        get("/permissions", Credential),
        get("/organizations/industry-choices", Nothing),
        get("/organizations/industries", Nothing),
        get("/organizations/check-slug", Credential).at("/organizations/check-slug?slug={fresh}"),
    ]
}

fn accounts() -> Vec<Route> {
    let login = json!({ "email": "{guest}", "password": "{password}" });
    let confirmed = json!({ "password": "{password}" });
    vec![
        post("/auth/sign-up", Nothing, 202).with(json!({ "email": "{fresh}@x.test", "password": "{password}" })),
        post("/auth/verify-email", Nothing, 204).with(json!({ "token": "{proof}" })),
        post("/auth/login", Nothing, 200).with(login).ends_sign_in(),
        post("/auth/logout", Session, 204).ends_sign_in(),
        post("/auth/reauthenticate", Session, 204).with(confirmed).ends_sign_in(),
        post("/auth/password/forgot", Nothing, 202).with(json!({ "email": "{guest}" })),
        post("/auth/password/reset", Nothing, 204).with(json!({ "token": "{reset}", "password": "{password}" })),
    ]
}

fn own_account() -> Vec<Route> {
    let address = json!({ "email": "{fresh}@x.test", "current_password": "{password}" });
    let token = json!({ "name": "{fresh}", "scopes": ["org:read"] });
    vec![
        get("/users/@me", Own(UserRead)),
        patch("/users/@me", Session, json!({ "theme": "dark" })),
        post("/users/@me/email", Session, 202).with(address),
        post("/users/@me/verification", Session, 202).always(Code::AlreadyVerified),
        get("/users/@me/avatar", Own(UserRead)).but(Caller::Foreign, Code::SessionRequired),
        post("/users/@me/avatar", Session, 200).uploads(),
        delete("/users/@me/avatar", Session, 204),
        get("/users/@me/sessions", Session),
        delete("/users/@me/sessions/{session}", Session, 204).at("/users/@me/sessions/{own_session}"),
        delete("/users/@me/sessions", Session, 204),
        get("/users/@me/tokens", Session),
        post("/users/@me/tokens", Session, 201).with(token),
        post("/users/@me/tokens/{token_id}/rotate", Session, 200).at("/users/@me/tokens/{own_token}/rotate"),
        delete("/users/@me/tokens/{token_id}", Session, 204).at("/users/@me/tokens/{own_token}"),
        get("/users/{user}/avatar", Beside(MemberRead)).at("{colleague}/avatar"),
        get("/users/{user}/avatar/{digest}", Nothing).at("{own_picture}"),
        get("/users/{user}/organizations", Nothing),
        get("/users/{user}/orgs", Nothing),
        get("/users/{user}/organizations", Own(OrgRead))
            .at("/users/@me/organizations")
            .noted(" (one's own)")
            .but(Caller::Foreign, Code::SessionRequired),
        // Everybody has founded an organization by the time that this is tried, and whoever owns one stays.
        post("/organizations", Own(OrgCreate), 201).with(json!({ "name": "{fresh}" })),
        get("/organizations", Own(OrgRead)),
        delete("/users/@me", Session, 202).always(Code::OwnsOrganizations),
    ]
}

fn received_invitations() -> Vec<Route> {
    let acceptance = json!({ "password": "{password}" });
    vec![
        get("/invitations/{token}", Nothing),
        post("/invitations/{token}/accept", Invited, 200).with(acceptance.clone()),
        post("/organizations/invite/{token}/accept", Invited, 200).with(acceptance),
        post("/invitations/{token}/decline", Nothing, 204),
        get("/users/@me/invitations", Own(UserRead)),
        post("/users/@me/invitations/{invitation}/accept", Session, 200)
            .at("/users/@me/invitations/{own_invitation}/accept"),
        post("/users/@me/invitations/{invitation}/decline", Session, 204)
            .at("/users/@me/invitations/{own_invitation}/decline"),
    ]
}

fn organizations() -> Vec<Route> {
    let heir = json!({ "new_owner_uid": "{member}" });
    vec![
        get("/organizations/{org}", Seen(OrgRead)),
        get("/organizations/{org}", Nothing).at("/organizations/{public}").noted(" (a public one)"),
        patch("/organizations/{org}", In(OrgUpdate), json!({ "bio": "{fresh}" })),
        delete("/organizations/{org}", In(OrgDelete), 202).at("/organizations/{org}?confirm={org}").spends(),
        post("/organizations/{org}/restore", Deleted(OrgDelete), 200).at("/organizations/{deleted}/restore").spends(),
        get("/organizations/{org}/avatar", Seen(OrgRead)),
        get("/organizations/{org}/avatar", Nothing).at("/organizations/{public}/avatar").noted(" (of a public one)"),
        post("/organizations/{org}/avatar", In(OrgUpdate), 200).uploads(),
        put("/organizations/{org}/avatar", In(OrgUpdate), 200).uploads(),
        post("/organizations/{org}/upload-avatar", In(OrgUpdate), 200).uploads(),
        get("/organizations/{org}/avatar/{digest}", Nothing).at("{picture}"),
        delete("/organizations/{org}/avatar", In(OrgUpdate), 204),
        get("/organizations/{org}/stats", In(MemberRead)),
        post("/organizations/{org}/leave", Belonging(MemberWrite), 204)
            .spends()
            .but(Caller::Owner, Code::OwnerMustTransfer)
            .but(Caller::Platform, Code::MemberNotFound),
        post("/organizations/{org}/transfer-ownership", In(OrgTransfer), 200).with(heir.clone()).spends(),
        post("/organizations/{org}/transfer", In(OrgTransfer), 200).with(heir).spends(),
    ]
}

fn members() -> Vec<Route> {
    let role = json!({ "role": "viewer" });
    let whole = json!({ "roles": ["viewer"], "workspaces": [] });
    vec![
        get("/organizations/{org}/members", In(MemberRead)),
        get("/organizations/{org}/members", Elsewhere(MemberRead))
            .at("/organizations/{public}/members")
            .noted(" (of a public one)"),
        get("/organizations/{org}/members/export", In(MemberWrite)),
        post("/organizations/{org}/members/bulk", In(MemberWrite), 200)
            .with(json!({ "action": "suspend", "members": ["{member}"] }))
            .spends(),
        get("/organizations/{org}/members/{member}", In(MemberRead)),
        patch("/organizations/{org}/members/{member}", In(MemberWrite), role.clone()),
        put("/organizations/{org}/members/{member}", In(MemberWrite), 200).with(whole).spends(),
        delete("/organizations/{org}/members/{member}", In(MemberWrite), 204).spends(),
        patch("/organizations/{org}/members/{member}/role", In(MemberWrite), role.clone()),
        put("/organizations/{org}/members/{member}/role", In(MemberWrite), 200).with(role),
        post("/organizations/{org}/members/{member}/suspend", In(MemberWrite), 200).spends(),
        post("/organizations/{org}/members/{member}/restore", In(MemberWrite), 200),
    ]
}

fn roles() -> Vec<Route> {
    let new = json!({ "key": "{fresh}", "name": "{fresh}", "permissions": ["team:read"] });
    vec![
        get("/organizations/{org}/roles", In(RoleRead)),
        post("/organizations/{org}/roles", In(RoleWrite), 201).with(new),
        get("/organizations/{org}/roles/{role}", In(RoleRead)),
        patch("/organizations/{org}/roles/{role}", In(RoleWrite), json!({ "name": "{fresh}" })),
        delete("/organizations/{org}/roles/{role}", In(RoleWrite), 204).spends(),
    ]
}

fn invitations() -> Vec<Route> {
    let new = json!({ "email": "{fresh}@x.test" });
    vec![
        get("/organizations/{org}/invitations", In(InviteRead)),
        post("/organizations/{org}/invitations", In(InviteWrite), 201).with(new.clone()),
        post("/organizations/{org}/invite", In(InviteWrite), 200).with(new),
        post("/organizations/{org}/invitations/bulk", In(InviteWrite), 200)
            .with(json!({ "invitations": [{ "email": "{fresh}@x.test" }] })),
        get("/organizations/{org}/invitations/{invitation}", In(InviteRead)),
        patch("/organizations/{org}/invitations/{invitation}", In(InviteWrite), json!({ "name": "{fresh}" })),
        post("/organizations/{org}/invitations/{invitation}/resend", In(InviteWrite), 200),
        delete("/organizations/{org}/invitations/{invitation}", In(InviteWrite), 204).spends(),
        post("/organizations/{org}/invitations/{invitation}/cancel", In(InviteWrite), 204).spends(),
    ]
}

fn records() -> Vec<Route> {
    let token = json!({ "name": "{fresh}", "scopes": ["org:read"] });
    vec![
        get("/organizations/{org}/tokens", In(TokenRead)),
        post("/organizations/{org}/tokens", In(TokenWrite), 201).with(token),
        post("/organizations/{org}/tokens/{token_id}/rotate", In(TokenWrite), 200),
        delete("/organizations/{org}/tokens/{token_id}", In(TokenWrite), 204).spends(),
        get("/organizations/{org}/wallet", In(WalletRead)),
        get("/organizations/{org}/wallet/transactions", In(WalletRead)),
        get("/organizations/{org}/audit-log", In(AuditRead)),
        get("/organizations/{org}/audit-logs", In(AuditRead)),
    ]
}

fn teams() -> Vec<Route> {
    let place = json!({ "user_id": "{member}" });
    let role = json!({ "role": "member" });
    vec![
        get("/organizations/{org}/teams", In(TeamRead)),
        post("/organizations/{org}/teams", In(TeamWrite), 201).with(json!({ "name": "{fresh}" })),
        get("/organizations/{org}/teams/{team}", In(TeamRead)),
        patch("/organizations/{org}/teams/{team}", Leading(TeamWrite), json!({ "description": "{fresh}" })),
        delete("/organizations/{org}/teams/{team}", In(TeamWrite), 204).spends(),
        get("/organizations/{org}/teams/{team}/members", In(TeamRead)),
        // The person is in the team already.
        post("/organizations/{org}/teams/{team}/members", Leading(TeamWrite), 200).with(place),
        put("/organizations/{org}/teams/{team}/members/{member}", Leading(TeamWrite), 200),
        patch("/organizations/{org}/teams/{team}/members/{member}", Leading(TeamWrite), role.clone()),
        patch("/organizations/{org}/teams/{team}/members/{member}/role", Leading(TeamWrite), role),
        delete("/organizations/{org}/teams/{team}/members/{member}", Leading(TeamWrite), 204).spends(),
        post("/organizations/{org}/teams/{team}/members/{member}/move", Leading(TeamWrite), 200)
            .with(json!({ "to": "none" }))
            .spends(),
    ]
}

fn workspaces() -> Vec<Route> {
    vec![
        get("/organizations/{org}/workspaces", In(WorkspaceRead)),
        post("/organizations/{org}/workspaces", In(WorkspaceWrite), 201).with(json!({ "name": "{fresh}" })),
        get("/organizations/{org}/workspaces/{workspace}", In(WorkspaceRead)),
        patch("/organizations/{org}/workspaces/{workspace}", In(WorkspaceWrite), json!({ "description": "{fresh}" })),
        delete("/organizations/{org}/workspaces/{workspace}", In(WorkspaceWrite), 204).spends(),
        get("/organizations/{org}/workspaces/{workspace}/members", In(WorkspaceRead)),
        put("/organizations/{org}/workspaces/{workspace}/members/{member}", In(WorkspaceWrite), 204),
        delete("/organizations/{org}/workspaces/{workspace}/members/{member}", In(WorkspaceWrite), 204).spends(),
    ]
}

fn platform() -> Vec<Route> {
    let heir = json!({ "new_owner_uid": "{member}" });
    vec![
        get("/admin/organizations", Platform(AdminRead)),
        get("/admin/organizations/{org}", Platform(AdminRead)),
        patch("/admin/organizations/{org}", Platform(AdminWrite), json!({ "bio": "{fresh}" })),
        delete("/admin/organizations/{org}", Platform(AdminWrite), 202)
            .at("/admin/organizations/{org}?confirm={org}")
            .spends(),
        post("/admin/organizations/{org}/status", Platform(AdminWrite), 200)
            .with(json!({ "status": "inactive" }))
            .spends(),
        post("/admin/organizations/{org}/verify", Platform(AdminWrite), 200).with(json!({ "verified": true })),
        post("/admin/organizations/{org}/transfer-ownership", Platform(AdminWrite), 200).with(heir).spends(),
        // The person is a member already.
        post("/admin/organizations/{org}/members", Platform(AdminWrite), 200).with(json!({ "user_id": "{member}" })),
        get("/admin/users", Platform(AdminRead)),
        patch("/admin/users/{user}", Platform(AdminWrite), json!({ "disabled": false })),
        get("/admin/outbox", Platform(AdminRead)),
        post("/admin/outbox/{mail}/retry", Platform(AdminWrite), 202),
        get("/admin/stats", Platform(AdminRead)),
        get("/admin/audit-log", Platform(AdminRead)),
    ]
}

fn wallets() -> Vec<Route> {
    vec![
        post("/admin/organizations/{org}/credit", Platform(AdminWrite), 200)
            .with(json!({ "amount": 5, "reason": "{fresh}" })),
        post("/admin/organizations/{org}/charge", Platform(AdminWrite), 200)
            .at("/admin/organizations/{funded}/charge")
            .with(json!({ "amount": 1, "service": "other", "reason": "{fresh}" })),
        patch("/admin/organizations/{org}/wallet", Platform(AdminWrite), json!({ "overdraft_limit": 5 })),
        post("/admin/organizations/{org}/wallet/transactions/{transaction}/reverse", Platform(AdminWrite), 200)
            .with(json!({ "reason": "Paid twice" }))
            .spends(),
    ]
}
