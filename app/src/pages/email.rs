use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::entry::EntryCard;
use crate::ui::form::{Form, Hidden, SubmitButton};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn verify_email(token: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    let proof = domain::user::EmailProof { token };
    server::service::addresses::verify_email(&app, &visit.request, proof.into()).await?;
    crate::request::go("/organizations", Some("Your address is confirmed.".to_owned()))
}

/// Opening the link changes nothing, since mail scanners open links too; the button does.
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    let token = use_params_map().get_untracked().get("token").unwrap_or_default();
    view! {
        <EntryCard title="Confirm your address" text="Then your account can be used in full.">
            <Form id="verify" action={ServerAction::<VerifyEmail>::new()}>
                <Hidden name="token" value=token/>
                <SubmitButton label="Confirm my address" class="button button--primary button--large button--wide"/>
            </Form>
        </EntryCard>
    }
}
