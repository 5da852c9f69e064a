//! The dashboard: every page route on one screen.

#[cfg(feature = "ssr")]
pub mod actions;
pub mod error;
pub mod flash;
#[cfg(feature = "ssr")]
pub mod forms;
pub mod query;
#[cfg(feature = "ssr")]
pub mod request;
pub mod shell;
pub mod viewer;

pub mod ui {
    //! What pages are made of.

    pub mod avatar;
    pub mod badge;
    pub mod date;
    pub mod entry;
    pub mod field;
    pub mod form;
    pub mod icon;
    pub mod layout;
    pub mod list;
    pub mod load;
    pub mod menu;
    pub mod notice;
}

pub mod pages {
    //! One file a page, with the server functions that it calls.

    pub mod acceptance;
    pub mod account;
    pub mod email;
    pub mod invitations;
    pub mod member;
    pub mod members;
    pub mod new_organization;
    pub mod not_found;
    pub mod organizations;
    pub mod overview;
    pub mod ownership;
    pub mod passwords;
    pub mod problems;
    pub mod reauthentication;
    pub mod settings;
    pub mod setup;
    pub mod sign_in;
    pub mod sign_up;
}

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use pages::acceptance::{DeclinePage, InvitationPage};
use pages::account::AccountPage;
use pages::email::VerifyEmailPage;
use pages::invitations::InvitationsPage;
use pages::member::MemberPage;
use pages::members::MembersPage;
use pages::new_organization::NewOrganizationPage;
use pages::not_found::NotFoundPage;
use pages::organizations::{HomePage, OrganizationsPage};
use pages::overview::OverviewPage;
use pages::ownership::{LeavePage, TransferPage};
use pages::passwords::{ForgotPasswordPage, ResetPasswordPage};
use pages::problems::ProblemPage;
use pages::reauthentication::ReauthenticationPage;
use pages::settings::SettingsPage;
use pages::setup::SetupPage;
use pages::sign_in::{SignInPage, SignOutPage};
use pages::sign_up::SignUpPage;
use ui::layout::{OrgLayout, PersonLayout};

/// Pages are rendered whole before they are sent: statuses, redirects and cookies depend on what was loaded.
const WHOLE: SsrMode = SsrMode::Async;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    flash::provide();
    Effect::new(mark_hydrated);
    view! {
        <Title formatter=|title: String| format!("{title} · Guildhall")/>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=WHOLE/>
                <Route path=path!("/setup") view=SetupPage ssr=WHOLE/>
                <Route path=path!("/sign-in") view=SignInPage ssr=WHOLE/>
                <Route path=path!("/sign-out") view=SignOutPage ssr=WHOLE/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=WHOLE/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=WHOLE/>
                <Route path=path!("/reset-password/:token") view=ResetPasswordPage ssr=WHOLE/>
                <Route path=path!("/verify-email/:token") view=VerifyEmailPage ssr=WHOLE/>
                <Route path=path!("/confirm-password") view=ReauthenticationPage ssr=WHOLE/>
                <Route path=path!("/invitations/:token") view=InvitationPage ssr=WHOLE/>
                <Route path=path!("/invitations/:token/decline") view=DeclinePage ssr=WHOLE/>
                <Route path=path!("/problems/:code") view=ProblemPage ssr=WHOLE/>
                <ParentRoute path=path!("") view=PersonLayout ssr=WHOLE>
                    <Route path=path!("/organizations") view=OrganizationsPage ssr=WHOLE/>
                    <Route path=path!("/organizations/new") view=NewOrganizationPage ssr=WHOLE/>
                    <Route path=path!("/account") view=AccountPage ssr=WHOLE/>
                </ParentRoute>
                <ParentRoute path=path!("/organizations/:org") view=OrgLayout ssr=WHOLE>
                    <Route path=path!("") view=OverviewPage ssr=WHOLE/>
                    <Route path=path!("/members") view=MembersPage ssr=WHOLE/>
                    <Route path=path!("/members/:member") view=MemberPage ssr=WHOLE/>
                    <Route path=path!("/invitations") view=InvitationsPage ssr=WHOLE/>
                    <Route path=path!("/settings") view=SettingsPage ssr=WHOLE/>
                    <Route path=path!("/transfer") view=TransferPage ssr=WHOLE/>
                    <Route path=path!("/leave") view=LeavePage ssr=WHOLE/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Tells tests, and whoever looks, that the page answers to more than links and forms now.
fn mark_hydrated(_: Option<()>) {
    if let Some(root) = document().document_element() {
        // Only a document that is going away refuses an attribute.
        let _set = root.set_attribute("data-hydrated", "");
    }
}

/// After a change that leads elsewhere the next page is loaded anew: it comes with its notice and its title, and the
/// focus starts at its top.
#[cfg(feature = "hydrate")]
pub fn leave_by_loading() {
    // Only the first hook counts, and this one is set before the router's.
    let _set = leptos::server_fn::redirect::set_redirect_hook(|path: &str| {
        // A page that is being left refuses to be left again.
        let _leaving = leptos::prelude::window().location().set_href(path);
    });
}
