use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::entry::EntryCard;
use crate::ui::field::Field;
use crate::ui::form::{Form, Hidden, SubmitButton};
use crate::ui::load::Load;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let credentials = domain::user::Credentials { email: email.trim().to_owned(), password };
    server::service::accounts::sign_in(&app, &visit, credentials.into()).await?;
    crate::request::go(&crate::request::next_or(next.as_deref(), "/organizations"), None)
}

#[server]
pub async fn sign_out() -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    server::service::accounts::sign_out(&app, &visit).await?;
    crate::request::go("/sign-in", None)
}

/// What the sign-in page offers besides: making an account, where that is open.
#[server]
pub async fn sign_up_is_open() -> PageResult<bool> {
    Ok(crate::request::app().config.sign_up == server::config::SignUpPolicy::Open)
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let next = param(&use_query_map().get_untracked(), "next").unwrap_or_default();
    let open = Resource::new_blocking(|| (), |()| sign_up_is_open());
    view! {
        <EntryCard title="Sign in" text="to your organizations">
            <Form id="sign-in" action={ServerAction::<SignIn>::new()} class="stack">
                <Field name="email" label="E-mail address" kind="email" autocomplete="username" large=true/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" large=true/>
                <Hidden name="next" value=next/>
                <SubmitButton label="Sign in" class="button button--primary button--large button--wide"/>
            </Form>
            <p class="text-sm"><a href="/forgot-password" rel="external">"Forgot your password?"</a></p>
            <Load from=open show=|open| open.then(|| view! {
                <p class="text-sm">"New here? "<a href="/sign-up" rel="external">"Make an account"</a></p>
            })/>
        </EntryCard>
    }
}

#[component]
pub fn SignOutPage() -> impl IntoView {
    view! {
        <EntryCard title="Sign out" text="You can sign in again at any time.">
            <Form id="sign-out" action={ServerAction::<SignOut>::new()}>
                <SubmitButton label="Sign out" class="button button--primary button--large button--wide"/>
            </Form>
            <p class="text-sm"><a href="/organizations" rel="external">"Stay signed in"</a></p>
        </EntryCard>
    }
}
