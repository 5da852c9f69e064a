use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::badge::RoleBadge;
use crate::ui::date::Day;
use crate::ui::field::{Field, Select, TextArea};
use crate::ui::form::{Form, Hidden, RowForm, SubmitButton};
use crate::ui::icon::Icon;
use crate::ui::list::{EmptyState, PageHeader, Pager};
use crate::ui::load::Load;
use crate::ui::menu::RowMenu;
use crate::viewer::{Viewer, viewer};
use domain::invitation::{DeliveryState, Invitation, InvitationStatus, InvitationsQuery};
use domain::page::{Many, Page};
use domain::policy::{Authority, Permission, Role};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::hooks::use_query_map;

#[server(input = Json)]
pub async fn list_invitations(org: String, query: InvitationsQuery) -> PageResult<Page<Invitation>> {
    let (app, caller) = crate::request::request(&org).await?;
    Ok(server::service::invitations::list(&app, &caller, &query).await?)
}

#[server]
pub async fn invite(
    org: String,
    email: String,
    name: Option<String>,
    role: String,
    message: Option<String>,
) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    let new = domain::invitation::NewInvitation {
        email: email.trim().to_owned(),
        name: crate::query::given(name),
        role: Some(domain::member::RoleKey::Key(role)),
        message: crate::query::given(message),
        ..Default::default()
    };
    let (invitation, _) = server::service::invitations::create(&app, &caller, new.into(), Default::default()).await?;
    crate::request::done(format!("An invitation is on its way to {}.", invitation.email))
}

#[server]
pub async fn resend_invitation(org: String, invitation: String) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    let resend = domain::invitation::Resend::default();
    let sent = server::service::invitations::resend(&app, &caller, &invitation, resend.into()).await?;
    crate::request::done(format!("The invitation to {} is sent again.", sent.email))
}

#[server]
pub async fn revoke_invitation(org: String, invitation: String, email: String) -> PageResult<Done> {
    let (app, caller) = crate::request::request(&org).await?;
    server::service::invitations::revoke(&app, &caller, &invitation).await?;
    crate::request::done(format!("The invitation to {email} is withdrawn."))
}

/// What the rows of the list can do.
#[derive(Clone, Copy)]
struct Actions {
    invite: ServerAction<Invite>,
    resend: ServerAction<ResendInvitation>,
    revoke: ServerAction<RevokeInvitation>,
}

#[component]
pub fn InvitationsPage() -> impl IntoView {
    let viewer = viewer();
    let actions = Actions { invite: ServerAction::new(), resend: ServerAction::new(), revoke: ServerAction::new() };
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        let status = param(&params, "status").unwrap_or_else(|| "pending".to_owned());
        let (search, cursor) = (param(&params, "q"), param(&params, "cursor"));
        InvitationsQuery { search, status: Some(Many(vec![status])), cursor, ..Default::default() }
    });
    let changed =
        move || (actions.invite.version().get(), actions.resend.version().get(), actions.revoke.version().get());
    let org = viewer.org.slug.clone();
    let invitations = Resource::new_blocking(
        move || (query.get(), changed()),
        move |(query, _)| list_invitations(org.clone(), query),
    );
    let may_invite = viewer.may(Permission::InviteWrite);
    view! {
        <PageHeader title="Invitations" text="People who were asked to join."/>
        <div class="stack">
            {may_invite.then(|| view! { <InviteForm viewer=viewer.clone() action=actions.invite/> })}
            <Tabs path=viewer.path("/invitations")/>
            <Load from=invitations show=move |page| view! { <InvitationTable page viewer=viewer.clone() actions/> }/>
        </div>
    }
}

#[component]
fn InviteForm(viewer: Viewer, action: ServerAction<Invite>) -> impl IntoView {
    let authority = Authority { own: viewer.org.current_user_permissions, platform: false };
    let roles = (Role::ALL.iter())
        .filter(|role| **role != Role::Owner && authority.may_grant(**role).is_ok())
        .map(|role| (role.key().to_owned(), role.name().to_owned()))
        .collect::<Vec<_>>();
    view! {
        <section class="card invite" aria-labelledby="invite-heading">
            <header class="card__header"><h2 id="invite-heading">"Invite somebody"</h2></header>
            <div class="card__body">
                <Form id="invite" action=action class="stack" clears=true>
                    <Hidden name="org" value=viewer.org.slug.clone()/>
                    <div class="invite__grid">
                        <div class="stack">
                            <Field name="email" label="E-mail address" kind="email" autocomplete="off"/>
                            <Field name="name" label="Name" autocomplete="off" optional=true/>
                        </div>
                        <Select name="role" label="Role" options=roles value=viewer.org.settings.default_role.key()/>
                    </div>
                    <TextArea name="message" label="Message" rows="2" optional=true hint="It stands in the mail as plain text."/>
                    <div class="button-row"><SubmitButton label="Send the invitation"/></div>
                </Form>
            </div>
        </section>
    }
}

const TABS: &[(&str, &str)] =
    &[("pending", "Pending"), ("expired", "Expired"), ("accepted", "Accepted"), ("all", "All")];

#[component]
fn Tabs(path: String) -> impl IntoView {
    let params = use_query_map();
    let current = move || param(&params.read(), "status").unwrap_or_else(|| "pending".to_owned());
    view! {
        <nav class="tabs" aria-label="Invitations by state">
            {TABS.iter().map(|(status, label)| view! {
                <a
                    class="tabs__link"
                    href=format!("{path}?status={status}")
                    aria-current=move || (current() == *status).then_some("page")
                >
                    {*label}
                </a>
            }).collect_view()}
        </nav>
    }
}

#[component]
fn InvitationTable(page: Page<Invitation>, viewer: Viewer, actions: Actions) -> impl IntoView {
    if page.data.is_empty() {
        return view! {
            <EmptyState icon="mail" title="No invitations" text="Invitations of this kind are listed here.">""</EmptyState>
        }
        .into_any();
    }
    let shown = format!("{} shown", page.data.len());
    view! {
        <div class="table-box">
            <table class="table table--cards table--plain" role="table">
                <caption class="visually-hidden">"Invitations, newest first"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Address"</th>
                        <th role="columnheader" scope="col" class="table__w-role">"Role"</th>
                        <th role="columnheader" scope="col" class="table__w-state">"State"</th>
                        <th role="columnheader" scope="col" class="table__w-date">"Expires"</th>
                        <th role="columnheader" scope="col" class="table__menu"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {page.data.into_iter().map(|invitation| view! {
                        <InvitationRow invitation viewer=viewer.clone() actions/>
                    }).collect_view()}
                </tbody>
            </table>
            <Pager shown previous=page.prev_cursor next=page.next_cursor/>
        </div>
    }
    .into_any()
}

#[component]
fn InvitationRow(invitation: Invitation, viewer: Viewer, actions: Actions) -> impl IntoView {
    let by = invitation.invited_by.as_ref().and_then(|inviter| inviter.full_name.clone());
    let sub = match (invitation.name.clone(), by) {
        (Some(name), Some(by)) => format!("{name} · by {by}"),
        (Some(name), None) => name,
        (None, Some(by)) => format!("by {by}"),
        (None, None) => String::new(),
    };
    let email = invitation.email.clone();
    let open = matches!(invitation.status, InvitationStatus::Pending | InvitationStatus::Expired);
    let menu = (open && viewer.may(Permission::InviteWrite))
        .then(|| view! { <InvitationMenu invitation=invitation.clone() viewer actions/> });
    view! {
        <tr role="row">
            <td role="cell" class="table__person">
                <span class="person__text">
                    <span class="person__name" title=email.clone()>{email.clone()}</span>
                    <span class="person__sub"><bdi>{sub}</bdi></span>
                </span>
            </td>
            <td role="cell" data-label="Role"><RoleBadge role=invitation.role/></td>
            <td role="cell" class="table__lead" data-label="State"><State invitation=invitation.clone()/></td>
            <td role="cell" data-label="Expires" class="table__end nowrap muted"><Day at=invitation.expires_at/></td>
            <td role="cell" class="table__menu">{menu}</td>
        </tr>
    }
}

/// While it is open, how far the mail has come; afterwards how it ended.
#[component]
fn State(invitation: Invitation) -> impl IntoView {
    let (class, icon, words) = match (invitation.status, invitation.delivery.state) {
        (InvitationStatus::Accepted, _) => ("state state--success", "check", "Accepted"),
        (InvitationStatus::Declined, _) => ("state", "close", "Declined"),
        (InvitationStatus::Revoked, _) => ("state", "ban", "Withdrawn"),
        (InvitationStatus::Expired, _) => ("state state--warning", "clock", "Expired"),
        (InvitationStatus::Pending, DeliveryState::Queued) => ("state", "clock", "Being sent"),
        (InvitationStatus::Pending, DeliveryState::Sent) => ("state state--success", "check", "Sent"),
        (InvitationStatus::Pending, DeliveryState::Failed) => ("state state--danger", "error", "Could not be sent"),
        (InvitationStatus::Pending, DeliveryState::Skipped) => ("state", "link", "Not mailed"),
    };
    view! {
        <span class="cell-stack">
            <span class=class><Icon name=icon/>{words}</span>
            {invitation.delivery.reason.map(|reason| view! { <span class="person__sub">{reason}</span> })}
        </span>
    }
}

#[component]
fn InvitationMenu(invitation: Invitation, viewer: Viewer, actions: Actions) -> impl IntoView {
    let (org, id, email) = (viewer.org.slug, invitation.id.to_string(), invitation.email);
    let (org2, id2) = (org.clone(), id.clone());
    view! {
        <RowMenu id=format!("row-{id}") of=format!("the invitation to {email}")>
            {invitation.accept_url.map(|url| view! {
                <label class="menu__item menu__item--stack">
                    <span class="text-sm muted">"Link to hand over"</span>
                    <input class="input" type="text" readonly=true value=url aria-label="Invitation link"/>
                </label>
            })}
            <RowForm action=actions.resend>
                <Hidden name="org" value=org/>
                <Hidden name="invitation" value=id/>
                <SubmitButton label="Send again" class="menu__item"/>
            </RowForm>
            <RowForm action=actions.revoke>
                <Hidden name="org" value=org2/>
                <Hidden name="invitation" value=id2/>
                <Hidden name="email" value=email/>
                <SubmitButton label="Withdraw" class="menu__item menu__item--danger"/>
            </RowForm>
        </RowMenu>
    }
}
