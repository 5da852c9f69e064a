use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::field::{CheckBox, Field, Select};
use crate::ui::form::{Form, Hidden, SubmitButton};
use crate::ui::list::PageHeader;
use crate::ui::load::Load;
use crate::viewer::viewer;
use domain::member::Member;
use domain::policy::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn transfer_ownership(
    org: String,
    new_owner_uid: Option<String>,
    previous_owner_role: String,
    then_leave: Option<bool>,
) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    let transfer = domain::member::Transfer {
        new_owner_uid: crate::query::given(new_owner_uid),
        previous_owner_role: Some(domain::member::RoleKey::Key(previous_owner_role)),
        then_leave: then_leave.unwrap_or(false),
        ..Default::default()
    };
    let transferred = server::service::ownership::transfer(&app, &caller, transfer.into()).await?;
    let notice = format!("{} owns the organization now.", transferred.new_owner.display_name());
    let stays = transferred.previous_owner.is_some();
    let path = if stays { format!("/organizations/{}/settings", caller.slug) } else { "/organizations".to_owned() };
    crate::request::go(&path, Some(notice))
}

/// Members who could take over: the first by name, before them the one whose page led here.
#[server]
pub async fn list_candidates(org: String, chosen: Option<String>) -> PageResult<Vec<Member>> {
    let (app, caller) = crate::request::request(&org).await?;
    let query = domain::member::MembersQuery { limit: Some("100".to_owned()), ..Default::default() };
    let page = server::service::members::list(&app, &caller, &query).await?;
    let able = |member: &Member| member.role != Role::Owner && member.status == domain::member::MemberStatus::Active;
    let mut candidates: Vec<Member> = page.data.into_iter().filter(able).collect();
    if let Some(chosen) = chosen {
        let member = server::service::members::get(&app, &caller, &chosen).await?;
        candidates.retain(|candidate| candidate.user_id != member.user_id);
        candidates.insert(0, member);
    }
    Ok(candidates)
}

#[server]
pub async fn leave_organization(org: String, confirm: String) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    require_confirmation(&confirm, &caller.slug)?;
    server::service::members::leave(&app, &caller).await?;
    crate::request::go("/organizations", Some("You left the organization.".to_owned()))
}

#[cfg(feature = "ssr")]
fn require_confirmation(typed: &str, slug: &str) -> domain::error::Result<()> {
    if typed.trim().eq_ignore_ascii_case(slug) {
        return Ok(());
    }
    let rule = format!("Type {slug} to confirm.");
    Err(domain::error::Error::field("confirm", domain::code::Code::ConfirmationMismatch, rule))
}

#[component]
pub fn TransferPage() -> impl IntoView {
    let viewer = viewer();
    let org = viewer.org.slug.clone();
    let chosen = param(&use_query_map().get_untracked(), "to");
    let candidates = Resource::new_blocking(|| (), {
        let (org, chosen) = (org.clone(), chosen.clone());
        move |()| list_candidates(org.clone(), chosen.clone())
    });
    let chosen = chosen.unwrap_or_default();
    view! {
        <PageHeader title="Transfer ownership" text="Exactly one person owns the organization. Both of you are told by mail."/>
        <Load from=candidates show=move |list| view! { <TransferForm org=org.clone() list chosen=chosen.clone()/> }/>
    }
}

#[component]
fn TransferForm(org: String, list: Vec<Member>, chosen: String) -> impl IntoView {
    let back = format!("/organizations/{org}/settings");
    let people = list
        .into_iter()
        .map(|member| (member.user_id.to_string(), format!("{} ({})", member.display_name(), member.email)));
    let people = std::iter::once((String::new(), "Choose a member".to_owned())).chain(people).collect::<Vec<_>>();
    let roles = (Role::ALL.iter().filter(|role| **role != Role::Owner))
        .map(|role| (role.key().to_owned(), role.name().to_owned()))
        .collect::<Vec<_>>();
    view! {
        <Form id="transfer" action={ServerAction::<TransferOwnership>::new()} class="section-box">
            <Hidden name="org" value=org/>
            <section class="section" aria-labelledby="who">
                <div class="section__intro"><h2 id="who">"Who takes over"</h2><p>"An active member."</p></div>
                <div class="section__fields">
                    <Select name="new_owner_uid" label="New owner" options=people value=chosen/>
                    <Select name="previous_owner_role" label="Your role afterwards" options=roles value="admin"/>
                    <CheckBox name="then_leave" label="Leave the organization at once" checked=false hint="Somebody would have to invite you again."/>
                </div>
            </section>
            <div class="form-bar">
                <span class="form-bar__text">"Only the new owner can undo this."</span>
                <a class="button" href=back>"Cancel"</a>
                <SubmitButton label="Transfer ownership" class="button button--danger"/>
            </div>
        </Form>
    }
}

#[component]
pub fn LeavePage() -> impl IntoView {
    let viewer = viewer();
    let (org, back) = (viewer.org.slug.clone(), viewer.path("/settings"));
    let text = format!("You lose access to {} at once. Somebody has to invite you again.", viewer.org.name);
    view! {
        <PageHeader title="Leave the organization" text/>
        <Form id="leave" action={ServerAction::<LeaveOrganization>::new()} class="section-box">
            <Hidden name="org" value=org.clone()/>
            <section class="section" aria-labelledby="sure">
                <div class="section__intro"><h2 id="sure">"Are you sure?"</h2><p>"Type "<span class="mono">{org}</span>" to confirm."</p></div>
                <div class="section__fields"><Field name="confirm" label="Slug of the organization" autocomplete="off"/></div>
            </section>
            <div class="form-bar">
                <span class="form-bar__text"></span>
                <a class="button" href=back>"Cancel"</a>
                <SubmitButton label="Leave" class="button button--danger"/>
            </div>
        </Form>
    }
}
