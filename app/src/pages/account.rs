use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::form::{Form, SubmitButton};
use crate::ui::list::PageHeader;
use crate::viewer::Person;
use leptos::prelude::*;

#[server]
pub async fn request_verification() -> PageResult<Done> {
    let (app, principal) = crate::request::person().await?;
    server::service::addresses::request_verification(&app, &principal).await?;
    crate::request::done("A mail with a link is on its way to you.")
}

#[component]
pub fn AccountPage() -> impl IntoView {
    let person = expect_context::<Person>();
    let proved = if person.email_verified { "Confirmed" } else { "Not confirmed yet" };
    view! {
        <PageHeader title="Account" text="Who you are to all your organizations."/>
        <div class="stack">
            <section class="card" aria-labelledby="you">
                <header class="card__header"><h2 id="you">"You"</h2></header>
                <div class="card__body">
                    <dl class="facts">
                        <dt>"Name"</dt><dd><bdi>{person.name}</bdi></dd>
                        <dt>"Address"</dt><dd>{person.email}</dd>
                        <dt>"State"</dt><dd>{proved}</dd>
                    </dl>
                    {(!person.email_verified).then(|| view! {
                        <Form id="verification" action={ServerAction::<RequestVerification>::new()}>
                            <SubmitButton label="Send the link again"/>
                        </Form>
                    })}
                </div>
            </section>
            <section class="card" aria-labelledby="password">
                <header class="card__header"><h2 id="password">"Password"</h2></header>
                <div class="card__body">
                    <p>"To change it, have a link mailed to you. You are signed out everywhere else then."</p>
                    <p class="button-row"><a class="button" href="/forgot-password" rel="external">"Change the password"</a></p>
                </div>
            </section>
        </div>
    }
}
