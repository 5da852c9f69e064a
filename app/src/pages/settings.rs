use super::new_organization::{countries, visibilities};
use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::field::{CheckBox, Field, Select, TextArea};
use crate::ui::form::{Form, Hidden, SubmitButton};
use crate::ui::list::PageHeader;
use crate::viewer::{Viewer, viewer};
use domain::industry::INDUSTRIES;
use domain::policy::{Permission, Role};
use leptos::prelude::*;

#[server]
pub async fn update_organization(
    org: String,
    name: String,
    bio: Option<String>,
    description: Option<String>,
    website: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    country_code: Option<String>,
    industry: Option<String>,
    visibility: Option<String>,
    default_role: Option<String>,
    invitation_ttl_days: Option<i64>,
    members_can_invite: Option<bool>,
) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    let set =
        |text: Option<String>| crate::query::given(text).map_or(domain::patch::Patch::Clear, domain::patch::Patch::Set);
    let patch = domain::org::OrganizationPatch {
        name: Some(name),
        bio: set(bio),
        description: set(description),
        website: set(website),
        email: set(email),
        phone: set(phone),
        country_code: set(country_code),
        industry: set(industry),
        visibility,
        settings: Some(domain::org::SettingsPatch {
            default_role,
            invitation_ttl_days,
            members_can_invite: Some(members_can_invite.unwrap_or(false)),
            ..Default::default()
        }),
        ..Default::default()
    };
    server::service::orgs::update(&app, &caller, patch.into()).await?;
    crate::request::done("Your changes are saved.")
}

#[component]
pub fn SettingsPage() -> impl IntoView {
    let viewer = viewer();
    let form = viewer.may(Permission::OrgUpdate).then(|| view! { <Settings viewer=viewer.clone()/> });
    view! {
        <PageHeader title="Settings" text="How the organization appears, and who may join it."/>
        {form}
        <DangerZone viewer/>
    }
}

#[component]
fn Settings(viewer: Viewer) -> impl IntoView {
    let org = viewer.org;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (country, industry) = (text(&org.country_code), text(&org.industry));
    view! {
        <Form id="settings" action={ServerAction::<UpdateOrganization>::new()} class="section-box">
            <Hidden name="org" value=org.slug.clone()/>
            <section class="section" aria-labelledby="profile">
                <div class="section__intro"><h2 id="profile">"Profile"</h2><p>"Shown to members and on every invitation."</p></div>
                <div class="section__fields">
                    <Field name="name" label="Name" value=org.name.clone() autocomplete="organization"/>
                    <TextArea name="bio" label="Short description" value=text(&org.bio) rows="2" optional=true hint="256 characters at most."/>
                    <TextArea name="description" label="Description" value=text(&org.description) rows="4" optional=true/>
                    <div class="pair">
                        <Field name="website" label="Website" kind="url" value=text(&org.website) autocomplete="url" optional=true/>
                        <Field name="email" label="Contact address" kind="email" value=text(&org.email) autocomplete="email" optional=true/>
                    </div>
                    <div class="pair">
                        <Field name="phone" label="Telephone" kind="tel" value=text(&org.phone) autocomplete="tel" optional=true/>
                        <Select name="country_code" label="Country" options=countries() value=country optional=true/>
                    </div>
                    <Select name="industry" label="Industry" options=industries() value=industry optional=true/>
                </div>
            </section>
            <section class="section" aria-labelledby="joining">
                <div class="section__intro"><h2 id="joining">"Joining"</h2><p>"What applies to new people."</p></div>
                <div class="section__fields">
                    <div class="pair">
                        <Select name="default_role" label="Role for new members" options=roles() value=org.settings.default_role.key()/>
                        <Select
                            name="invitation_ttl_days"
                            label="Invitations expire after"
                            options=days(org.settings.invitation_ttl_days)
                            value=org.settings.invitation_ttl_days.to_string()
                        />
                    </div>
                    <Select
                        name="visibility"
                        label="Who may see the organization"
                        options=visibilities()
                        value=org.visibility.key()
                        hint="Private: others get “not found”. Public: name and description are for everybody, people never are."
                    />
                    <CheckBox
                        name="members_can_invite"
                        label="Members may invite others"
                        checked=org.settings.members_can_invite
                        hint="Only with the role Member."
                    />
                </div>
            </section>
            <div class="form-bar"><span class="form-bar__text"></span><SubmitButton label="Save changes"/></div>
        </Form>
    }
}

#[component]
fn DangerZone(viewer: Viewer) -> impl IntoView {
    let owner = viewer.org.current_user_role == Some(Role::Owner);
    let member = viewer.org.current_user_role.is_some();
    let (leave, transfer) = (viewer.path("/leave"), viewer.path("/transfer"));
    view! {
        <div class="section-box">
            <section class="section" aria-labelledby="danger">
                <div class="section__intro"><h2 id="danger">"Danger zone"</h2><p>"Each asks once more before it happens."</p></div>
                <div class="card card--danger">
                    {(member && !owner).then(|| view! {
                        <div class="danger-row">
                            <div class="danger-row__text">
                                <h3>"Leave the organization"</h3>
                                <p>"You lose access at once. Somebody has to invite you again."</p>
                            </div>
                            <a class="button button--danger" href=leave>"Leave…"</a>
                        </div>
                    })}
                    <div class="danger-row">
                        <div class="danger-row__text">
                            <h3>"Transfer ownership"</h3>
                            <p>{if owner {
                                "Another member becomes the owner; you become an admin, or leave."
                            } else {
                                "Only the owner can do this."
                            }}</p>
                        </div>
                        {if owner {
                            view! { <a class="button button--danger" href=transfer>"Transfer…"</a> }.into_any()
                        } else {
                            view! { <button class="button" type="button" disabled=true>"Transfer…"</button> }.into_any()
                        }}
                    </div>
                </div>
            </section>
        </div>
    }
}

fn roles() -> Vec<(String, String)> {
    let choices = Role::ALL.iter().filter(|role| **role != Role::Owner);
    choices.map(|role| (role.key().to_owned(), role.name().to_owned())).collect()
}

fn industries() -> Vec<(String, String)> {
    let known = INDUSTRIES.iter().map(|choice| (choice.key.to_owned(), choice.label.to_owned()));
    std::iter::once((String::new(), "None".to_owned())).chain(known).collect()
}

/// The usual times, and the present one if it is another.
fn days(present: i64) -> Vec<(String, String)> {
    let mut days = vec![1, 3, 7, 14, 30, present];
    days.sort_unstable();
    days.dedup();
    let words = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    days.into_iter().map(|number| (number.to_string(), words(number))).collect()
}
