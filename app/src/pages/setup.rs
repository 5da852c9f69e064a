use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::entry::EntryCard;
use crate::ui::field::{Field, NewPassword};
use crate::ui::form::{Form, SubmitButton};
use crate::ui::load::Load;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn set_up(code: String, email: String, full_name: String, password: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let (code, email) = (code.trim().to_owned(), email.trim().to_owned());
    let founder = domain::user::Founder { code, email, full_name, password };
    server::service::setup::found(&app, &visit, founder.into()).await?;
    crate::request::go("/organizations/new", Some("Guildhall is set up. Now make your first organization.".to_owned()))
}

#[server]
pub async fn setup_is_open() -> PageResult<bool> {
    Ok(server::service::setup::is_open(&crate::request::app()).await?)
}

/// Makes the first platform administrator.
#[component]
pub fn SetupPage() -> impl IntoView {
    let code = param(&use_query_map().get_untracked(), "code").unwrap_or_default();
    let open = Resource::new_blocking(|| (), |()| setup_is_open());
    view! {
        <Load from=open show=move |open| {
            let code = code.clone();
            if open { view! { <SetupForm code/> }.into_any() } else { view! { <Finished/> }.into_any() }
        }/>
    }
}

#[component]
fn SetupForm(code: String) -> impl IntoView {
    view! {
        <EntryCard title="Set up Guildhall" text="You become the first platform administrator.">
            <Form id="setup" action={ServerAction::<SetUp>::new()} class="stack">
                <Field
                    name="code"
                    label="Set-up code"
                    value=code
                    autocomplete="off"
                    hint="It stands in the link that was printed when Guildhall started."
                    large=true
                />
                <Field name="full_name" label="Your name" autocomplete="name" large=true/>
                <Field name="email" label="E-mail address" kind="email" autocomplete="username" large=true/>
                <NewPassword/>
                <SubmitButton label="Set up" class="button button--primary button--large button--wide"/>
            </Form>
        </EntryCard>
    }
}

#[component]
fn Finished() -> impl IntoView {
    view! {
        <EntryCard title="This instance is set up" text="It has an administrator already.">
            <a class="button button--primary button--large button--wide" href="/sign-in" rel="external">"Sign in"</a>
        </EntryCard>
    }
}
