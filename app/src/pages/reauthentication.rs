use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::entry::EntryCard;
use crate::ui::field::Field;
use crate::ui::form::{Form, Hidden, SubmitButton};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn reauthenticate(password: String, next: Option<String>) -> PageResult<Done> {
    let (app, principal) = crate::request::person().await?;
    let given = domain::user::Reauthentication { password };
    server::service::accounts::reauthenticate(&app, &principal, &crate::request::visit()?, given.into()).await?;
    let notice = "Thank you. Now send the form once more.".to_owned();
    crate::request::go(&crate::request::next_or(next.as_deref(), "/organizations"), Some(notice))
}

/// Before something dangerous: who sits here now?
#[component]
pub fn ReauthenticationPage() -> impl IntoView {
    let next = param(&use_query_map().get_untracked(), "next").unwrap_or_default();
    view! {
        <EntryCard title="Confirm it is you" text="What you are about to do needs your password once more.">
            <Form id="confirm" action={ServerAction::<Reauthenticate>::new()} class="stack">
                <Field name="password" label="Password" kind="password" autocomplete="current-password" large=true/>
                <Hidden name="next" value=next/>
                <SubmitButton label="Go on" class="button button--primary button--large button--wide"/>
            </Form>
        </EntryCard>
    }
}
