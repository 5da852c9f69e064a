use crate::error::PageResult;
use crate::flash::Done;
use crate::ui::avatar::Avatar;
use crate::ui::badge::RoleBadge;
use crate::ui::date::Day;
use crate::ui::field::Select;
use crate::ui::form::{Form, Hidden, SubmitButton};
use crate::ui::list::PageHeader;
use crate::ui::load::Load;
use crate::viewer::{Viewer, viewer};
use domain::member::{Member, RemovalPreview};
use domain::policy::{Authority, Permission, Role};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// A member, and what a removal would take along; nothing for those who may not remove this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    member: Member,
    removal: Option<RemovalPreview>,
}

/// Both at once: what is loaded inside of what was loaded would come to the browser under another number.
#[server]
pub async fn show_member(org: String, member: String) -> PageResult<Shown> {
    use domain::error::Error;
    use server::service::members;
    let (app, caller) = crate::request::request(&org).await?;
    let removal = match members::preview_removal(&app, &caller, &member).await {
        Ok(preview) => Some(preview),
        Err(Error::Refused(_)) => None,
        Err(broken) => return Err(broken.into()),
    };
    Ok(Shown { member: members::get(&app, &caller, &member).await?, removal })
}

#[server]
pub async fn change_role(org: String, member: String, role: String) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    let patch = domain::member::MemberPatch::of_role(domain::member::RoleKey::Key(role));
    let member = server::service::members::change(&app, &caller, &member, patch.into()).await?;
    crate::request::done(format!("{} has the role {} now.", member.display_name(), member.role.name()))
}

#[server]
pub async fn remove_member(org: String, member: String, name: String) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    server::service::members::remove(&app, &caller, &member).await?;
    crate::request::go(&format!("/organizations/{}/members", caller.slug), Some(format!("{name} was removed.")))
}

#[component]
pub fn MemberPage() -> impl IntoView {
    let viewer = viewer();
    let params = use_params_map();
    let org = viewer.org.slug.clone();
    let change = ServerAction::<ChangeRole>::new();
    let member = Resource::new_blocking(
        move || (params.read().get("member").unwrap_or_default(), change.version().get()),
        move |(member, _)| show_member(org.clone(), member),
    );
    view! { <Load from=member show=move |shown| view! { <Profile shown viewer=viewer.clone() change/> }/> }
}

#[component]
fn Profile(shown: Shown, viewer: Viewer, change: ServerAction<ChangeRole>) -> impl IntoView {
    let Shown { member, removal } = shown;
    let name = member.display_name();
    let transfer = (viewer.may(Permission::OrgTransfer) && member.role != Role::Owner)
        .then(|| viewer.path(&format!("/transfer?to={}", member.user_id)));
    let refusal = refusal(&viewer, &member);
    let manage = viewer.may(Permission::MemberWrite).then(|| match refusal {
        Some(why) => view! { <p class="notice"><span class="notice__text">{why}</span></p> }.into_any(),
        None => view! { <Manage member=member.clone() viewer=viewer.clone() change/> }.into_any(),
    });
    let removal = removal.filter(|_| refusal.is_none()).map(|preview| {
        let (org, member) = (viewer.org.slug.clone(), member.clone());
        view! { <Removal org member preview/> }
    });
    view! {
        <PageHeader title=name.clone() text=format!("Member of {}.", viewer.org.name)>
            {transfer.map(|href| view! { <a class="button" href=href>"Make owner…"</a> })}
            <a class="button" href=viewer.path("/members")>"All members"</a>
        </PageHeader>
        <div class="stack">
            <section class="card" aria-label="Profile">
                <div class="card__body">
                    <div class="person"><Avatar name=name size="lg"/><RoleBadge role=member.role/></div>
                    <dl class="facts">
                        <dt>"Address"</dt><dd>{member.email}</dd>
                        {member.username.map(|username| view! { <dt>"Username"</dt><dd class="mono">{username}</dd> })}
                        <dt>"Role"</dt><dd>{member.role.name()}": "{member.role.about()}</dd>
                        <dt>"Joined"</dt><dd><Day at=member.joined_at/></dd>
                    </dl>
                </div>
            </section>
            {manage}
            {removal}
        </div>
    }
}

/// Why this member cannot be changed from here, if so.
fn refusal(viewer: &Viewer, member: &Member) -> Option<&'static str> {
    let authority = Authority { own: viewer.org.current_user_permissions, platform: false };
    if member.role == Role::Owner {
        Some("The owner can only be changed by a transfer of ownership.")
    } else if member.user_id == viewer.person.id {
        Some("Another admin has to change your role.")
    } else if authority.may_manage(member.role).is_err() {
        Some("This member may do more than you.")
    } else {
        None
    }
}

#[component]
fn Manage(member: Member, viewer: Viewer, change: ServerAction<ChangeRole>) -> impl IntoView {
    let authority = Authority { own: viewer.org.current_user_permissions, platform: false };
    let roles = (Role::ALL.iter())
        .filter(|role| **role != Role::Owner && authority.may_grant(**role).is_ok())
        .map(|role| (role.key().to_owned(), role.name().to_owned()))
        .collect::<Vec<_>>();
    let (org, id) = (viewer.org.slug.clone(), member.user_id.to_string());
    view! {
        <section class="card" aria-labelledby="role-heading">
            <header class="card__header"><h2 id="role-heading">"Role"</h2></header>
            <div class="card__body">
                <Form id="role" action=change class="stack">
                    <Hidden name="org" value=org/>
                    <Hidden name="member" value=id/>
                    <Select name="role" label="Role" options=roles value=member.role.key()/>
                    <div class="button-row"><SubmitButton label="Change the role"/></div>
                </Form>
            </div>
        </section>
    }
}

#[component]
fn Removal(org: String, member: Member, preview: RemovalPreview) -> impl IntoView {
    let remove = ServerAction::<RemoveMember>::new();
    let (id, name) = (member.user_id.to_string(), member.display_name());
    view! {
        <section class="card card--danger" aria-labelledby="removal">
            <details class="disclosure card__body">
                <summary id="removal">"Remove from the organization…"</summary>
                <p>"Access ends at once. Only a new invitation brings the person back."</p>
                <p>{consequences(&preview)}</p>
                <Form id="remove" action=remove>
                    <Hidden name="org" value=org/>
                    <Hidden name="member" value=id/>
                    <Hidden name="name" value=name.clone()/>
                    <SubmitButton label=format!("Remove {name}") class="button button--danger"/>
                </Form>
            </details>
        </section>
    }
}

fn consequences(preview: &RemovalPreview) -> String {
    let count = |number: i64, one: &str, many: &str| {
        if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
    };
    format!(
        "Withdrawn with it: {}. Without power here from then on: {}.",
        count(preview.pending_invitations, "open invitation", "open invitations"),
        count(preview.personal_tokens, "personal token", "personal tokens"),
    )
}
