use crate::error::{PageError, PageResult};
use crate::flash::Done;
use crate::ui::entry::EntryCard;
use crate::ui::field::{Field, NewPassword};
use crate::ui::form::{Form, Hidden, SubmitButton};
use domain::code::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn forgot_password(email: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let forgotten = domain::user::ForgottenPassword { email: email.trim().to_owned() };
    server::service::passwords::forgot(&app, &visit.request, forgotten.into()).await?;
    crate::request::done("If the address has an account, a mail with a link is on its way.")
}

#[server]
pub async fn reset_password(token: String, password: String, password_confirmation: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let new = domain::user::NewPassword { token, password, password_confirmation: Some(password_confirmation) };
    server::service::passwords::reset(&app, &visit.request, new.into()).await?;
    crate::request::go("/sign-in", Some("Your password is changed. Sign in with it.".to_owned()))
}

/// Whether the link is still good, so that nobody types a password in vain.
#[server]
pub async fn check_reset_link(token: String) -> PageResult<()> {
    Ok(server::service::passwords::check_reset_link(&crate::request::app(), &token).await?)
}

#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    view! {
        <EntryCard title="Forgot your password?" text="We mail you a link to choose a new one.">
            <Form id="forgot" action={ServerAction::<ForgotPassword>::new()} class="stack">
                <Field name="email" label="E-mail address" kind="email" autocomplete="username" large=true/>
                <SubmitButton label="Send the link" class="button button--primary button--large button--wide"/>
            </Form>
            <p class="text-sm"><a href="/sign-in" rel="external">"Back to sign-in"</a></p>
        </EntryCard>
    }
}

#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let token = use_params_map().get_untracked().get("token").unwrap_or_default();
    let link = Resource::new_blocking(
        move || token.clone(),
        |token| async move { check_reset_link(token.clone()).await.map(|()| token) },
    );
    let content = move || {
        Suspend::new(async move {
            match link.await {
                Ok(token) => view! { <ResetForm token/> }.into_any(),
                Err(PageError(error)) => view! { <DeadLink code=error.code()/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn ResetForm(token: String) -> impl IntoView {
    view! {
        <EntryCard title="Choose a new password" text="You are signed out everywhere else.">
            <Form id="reset" action={ServerAction::<ResetPassword>::new()} class="stack">
                <Hidden name="token" value=token/>
                <NewPassword label="New password"/>
                <Field
                    name="password_confirmation"
                    label="The same again"
                    kind="password"
                    autocomplete="new-password"
                    large=true
                />
                <SubmitButton label="Change my password" class="button button--primary button--large button--wide"/>
            </Form>
        </EntryCard>
    }
}

#[component]
fn DeadLink(code: Code) -> impl IntoView {
    view! {
        <EntryCard title=code.title() text="Links work for one hour and once. Nothing is lost: a new one takes a minute.">
            <a class="button button--primary button--large button--wide" href="/forgot-password" rel="external">
                "Send me a new link"
            </a>
        </EntryCard>
    }
}
