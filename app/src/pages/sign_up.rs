use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::entry::EntryCard;
use crate::ui::field::{Field, NewPassword};
use crate::ui::form::{Form, SubmitButton};
use leptos::prelude::*;

#[server]
pub async fn sign_up(email: String, full_name: Option<String>, password: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let email = email.trim().to_owned();
    let new = domain::user::SignUp { email, password, full_name: crate::query::given(full_name), username: None };
    server::service::accounts::sign_up(&app, &visit.request, new.into()).await?;
    let notice = "We sent you a mail. Open the link in it, then sign in.".to_owned();
    crate::request::go("/sign-in", Some(notice))
}

#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <EntryCard title="Make an account" text="One account for all your organizations.">
            <Form id="sign-up" action={ServerAction::<SignUp>::new()} class="stack">
                <Field name="email" label="E-mail address" kind="email" autocomplete="username" large=true/>
                <Field name="full_name" label="Your name" autocomplete="name" optional=true large=true/>
                <NewPassword/>
                <SubmitButton label="Make my account" class="button button--primary button--large button--wide"/>
            </Form>
            <p class="text-sm">"Have an account already? "<a href="/sign-in" rel="external">"Sign in"</a></p>
        </EntryCard>
    }
}
