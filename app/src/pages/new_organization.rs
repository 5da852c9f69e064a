use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::field::{Field, Select, TextArea};
use crate::ui::form::{Form, SubmitButton};
use crate::ui::list::PageHeader;
use domain::org::Visibility;
use leptos::prelude::*;

#[server]
pub async fn create_organization(
    name: String,
    slug: Option<String>,
    bio: Option<String>,
    country_code: Option<String>,
    visibility: Option<String>,
) -> PageResult<Done> {
    let (app, principal) = crate::request::person().await?;
    let new = domain::org::NewOrganization {
        name,
        slug: crate::query::given(slug),
        bio: crate::query::given(bio),
        country_code: crate::query::given(country_code),
        visibility: crate::query::given(visibility),
        ..Default::default()
    };
    let org = server::service::orgs::create(&app, &principal, new.into()).await?;
    crate::request::go(
        &format!("/organizations/{}", org.slug),
        Some(format!("{} is made. You are its owner.", org.name)),
    )
}

/// What a slug would come out as, and whether it can be had: a hint while typing.
#[server]
pub async fn check_slug(slug: String) -> PageResult<domain::org::SlugCheck> {
    let (app, principal) = crate::request::person().await?;
    Ok(server::service::orgs::check_slug(&app, &principal, &slug).await?)
}

#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    view! {
        <PageHeader title="New organization" text="You become its owner. Everything here can be changed later."/>
        <Form id="organization" action={ServerAction::<CreateOrganization>::new()} class="section-box">
            <section class="section" aria-labelledby="about">
                <div class="section__intro"><h2 id="about">"About"</h2><p>"Shown to members and on every invitation."</p></div>
                <div class="section__fields">
                    <Field name="name" label="Name" autocomplete="organization"/>
                    <Slug/>
                    <TextArea name="bio" label="Short description" rows="2" optional=true hint="256 characters at most."/>
                    <div class="pair">
                        <Select name="country_code" label="Country" options=countries() optional=true/>
                        <Select name="visibility" label="Who may see it" options=visibilities() value="private"/>
                    </div>
                </div>
            </section>
            <div class="form-bar">
                <span class="form-bar__text"></span>
                <a class="button" href="/organizations">"Cancel"</a>
                <SubmitButton label="Make the organization"/>
            </div>
        </Form>
    }
}

/// The slug, with a word on whether it is free as soon as one is typed.
#[component]
fn Slug() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let check = Action::new(|slug: &String| check_slug(slug.clone()));
    let ask = leptos::leptos_dom::helpers::debounce(std::time::Duration::from_millis(250), move |slug: String| {
        if !slug.is_empty() {
            check.dispatch(slug);
        }
    });
    let verdict = move || {
        let found = check.value().get()?.ok().filter(|found| found.slug == typed.get())?;
        Some(match (found.available, found.suggestion) {
            (true, _) => format!("“{}” is free.", found.normalized),
            (false, Some(free)) => format!("This one cannot be had; “{free}” is free."),
            (false, None) => "This one cannot be had.".to_owned(),
        })
    };
    let on_input = {
        let mut ask = ask;
        move |event| {
            let slug = event_target_value(&event);
            typed.set(slug.clone());
            ask(slug);
        }
    };
    view! {
        <div on:input=on_input>
            <Field
                name="slug"
                label="Slug"
                optional=true
                autocomplete="off"
                hint="The short name in every link. Made from the name when left empty."
            />
            <p class="field__hint" role="status">{verdict}</p>
        </div>
    }
}

pub(super) fn countries() -> Vec<(String, String)> {
    let known = domain::text::COUNTRIES.iter().map(|country| (country.alpha2.to_owned(), country.name.to_owned()));
    std::iter::once((String::new(), "None".to_owned())).chain(known).collect()
}

pub(super) fn visibilities() -> Vec<(String, String)> {
    Visibility::ALL.iter().map(|choice| (choice.key().to_owned(), choice.label().to_owned())).collect()
}
