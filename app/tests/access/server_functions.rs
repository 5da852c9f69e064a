//! The server functions. Each does what a route of the API does, so it needs the same.

use crate::caller::Caller;
use crate::need::Need;
use crate::routes::{self, Route};
use domain::code::Code;
use serde_json::{Value, json};

pub(crate) struct ServerFunction {
    pub(crate) name: &'static str,
    /// The route that does the same; without one it is for everybody.
    twin: Option<Route>,
    pub(crate) sent: Sent,
    always: Option<Code>,
    pub(crate) ends_sign_in: bool,
}

/// What it is called with.
pub(crate) enum Sent {
    /// As a form sends it. Names in braces are filled in from the scene.
    Form(&'static [(&'static str, &'static str)]),
    Json(Value),
}

impl ServerFunction {
    fn new(name: &'static str, twin: Option<Route>, sent: Sent) -> Self {
        let ends_sign_in = twin.as_ref().is_some_and(|twin| twin.ends_sign_in);
        Self { name, twin, sent, always: None, ends_sign_in }
    }

    pub(crate) fn label(&self) -> String {
        match &self.twin {
            Some(twin) => format!("{} = {}", self.name, twin.label()),
            None => self.name.to_owned(),
        }
    }

    pub(crate) fn need(&self) -> Need {
        self.twin.as_ref().map_or(Need::Nothing, |twin| twin.need)
    }

    pub(crate) fn spends(&self) -> bool {
        self.twin.as_ref().is_some_and(|twin| twin.spends)
    }

    pub(crate) fn expected(&self, caller: Caller) -> Result<(), Code> {
        let judged = self.need().judge_on_pages(caller);
        match (&self.twin, self.always) {
            (_, Some(code)) => judged.and(Err(code)),
            (Some(twin), None) => twin.excepted(caller, judged),
            (None, None) => judged,
        }
    }
}

const EMAIL: (&str, &str) = ("email", "{fresh}@x.test");
const PASSWORD: (&str, &str) = ("password", "{password}");
const ORG: (&str, &str) = ("org", "{org}");
const MEMBER: (&str, &str) = ("member", "{member}");
const INVITATION: (&str, &str) = ("invitation", "{invitation}");

/// Does the same as the route of this label.
fn same(name: &'static str, twin: &str, fields: &'static [(&'static str, &'static str)]) -> ServerFunction {
    ServerFunction::new(name, Some(route(twin)), Sent::Form(fields))
}

fn same_with_json(name: &'static str, twin: &str, body: Value) -> ServerFunction {
    ServerFunction::new(name, Some(route(twin)), Sent::Json(body))
}

fn for_everybody(name: &'static str, fields: &'static [(&'static str, &'static str)]) -> ServerFunction {
    ServerFunction::new(name, None, Sent::Form(fields))
}

fn route(label: &str) -> Route {
    routes::all().into_iter().find(|route| route.label() == label).unwrap_or_else(|| panic!("there is no {label}"))
}

pub(crate) fn all() -> Vec<ServerFunction> {
    [about_oneself(), about_organizations(), about_people()].into_iter().flatten().collect()
}

fn about_oneself() -> Vec<ServerFunction> {
    vec![
        same("sign_up", "POST /auth/sign-up", &[EMAIL, PASSWORD]),
        same("verify_email", "POST /auth/verify-email", &[("token", "{proof}")]),
        same("sign_in", "POST /auth/login", &[("email", "{guest}"), PASSWORD]),
        // Who is not signed in is signed out already.
        ServerFunction { ends_sign_in: true, ..for_everybody("sign_out", &[]) },
        same("reauthenticate", "POST /auth/reauthenticate", &[PASSWORD]),
        same("forgot_password", "POST /auth/password/forgot", &[("email", "{guest}")]),
        for_everybody("check_reset_link", &[("token", "{reset}")]),
        same(
            "reset_password",
            "POST /auth/password/reset",
            &[("token", "{reset}"), PASSWORD, ("password_confirmation", "{password}")],
        ),
        same("request_verification", "POST /users/@me/verification", &[]),
        for_everybody("sign_up_is_open", &[]),
        for_everybody("setup_is_open", &[]),
        ServerFunction {
            always: Some(Code::SetupFinished),
            ..for_everybody("set_up", &[("code", "x"), EMAIL, ("full_name", "Eve"), PASSWORD])
        },
        for_everybody("go_home", &[]),
        same("load_person", "GET /users/@me", &[]),
        same("open_invitation", "GET /invitations/{token}", &[("token", "{token}")]),
        same("accept_invitation", "POST /invitations/{token}/accept", &[("token", "{token}"), PASSWORD]),
        same("decline_invitation", "POST /invitations/{token}/decline", &[("token", "{token}")]),
        same("list_own_invitations", "GET /users/@me/invitations", &[]),
        same(
            "accept_own_invitation",
            "POST /users/@me/invitations/{invitation}/accept",
            &[("invitation", "{own_invitation}")],
        ),
        same(
            "decline_own_invitation",
            "POST /users/@me/invitations/{invitation}/decline",
            &[("invitation", "{own_invitation}")],
        ),
    ]
}

fn about_organizations() -> Vec<ServerFunction> {
    vec![
        same_with_json("list_organizations", "GET /organizations", json!({ "query": {} })),
        same("create_organization", "POST /organizations", &[("name", "{fresh}")]),
        same("check_slug", "GET /organizations/check-slug", &[("slug", "{fresh}")]),
        same("load_viewer", "GET /organizations/{org}", &[ORG]),
        same("update_organization", "PATCH /organizations/{org}", &[ORG, ("name", "{fresh}")]),
        same("leave_organization", "POST /organizations/{org}/leave", &[ORG, ("confirm", "{org}")]),
        same(
            "transfer_ownership",
            "POST /organizations/{org}/transfer-ownership",
            &[ORG, ("new_owner_uid", "{member}"), ("previous_owner_role", "admin")],
        ),
        same("list_candidates", "GET /organizations/{org}/members", &[ORG]),
    ]
}

fn about_people() -> Vec<ServerFunction> {
    vec![
        same_with_json("list_members", "GET /organizations/{org}/members", json!({ "org": "{org}", "query": {} })),
        same("show_member", "GET /organizations/{org}/members/{member}", &[ORG, MEMBER]),
        same("change_role", "PATCH /organizations/{org}/members/{member}", &[ORG, MEMBER, ("role", "viewer")]),
        same("remove_member", "DELETE /organizations/{org}/members/{member}", &[ORG, MEMBER, ("name", "Mo")]),
        same_with_json(
            "list_invitations",
            "GET /organizations/{org}/invitations",
            json!({ "org": "{org}", "query": {} }),
        ),
        same("invite", "POST /organizations/{org}/invitations", &[ORG, EMAIL, ("role", "member")]),
        same("resend_invitation", "POST /organizations/{org}/invitations/{invitation}/resend", &[ORG, INVITATION]),
        same("revoke_invitation", "DELETE /organizations/{org}/invitations/{invitation}", &[ORG, INVITATION, EMAIL]),
    ]
}
