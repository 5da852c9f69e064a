use crate::error::PageResult;
use crate::flash::Done;
use crate::query::param;
use crate::ui::avatar::Avatar;
use crate::ui::badge::RoleBadge;
use crate::ui::date::Day;
use crate::ui::form::{Hidden, RowForm, SubmitButton};
use crate::ui::icon::Icon;
use crate::ui::list::{EmptyState, PageHeader, Pager};
use crate::ui::load::Load;
use crate::viewer::Person;
use domain::invitation::Invitation;
use domain::org::{Organization, OrganizationsQuery};
use domain::page::Page;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::hooks::use_query_map;

#[server(input = Json)]
pub async fn list_organizations(query: OrganizationsQuery) -> PageResult<Page<Organization>> {
    let (app, principal) = crate::request::person().await?;
    Ok(server::service::orgs::list(&app, &principal, &query).await?)
}

/// Open invitations of one's own address; nobody sees them before the address is proved.
#[server]
pub async fn list_own_invitations() -> PageResult<Vec<Invitation>> {
    let (app, principal) = crate::request::person().await?;
    if !principal.email_verified {
        return Ok(Vec::new());
    }
    let query = domain::invitation::OwnInvitationsQuery::default();
    Ok(server::service::invitations::list_own(&app, &principal, &query).await?.data)
}

#[server]
pub async fn accept_own_invitation(invitation: String) -> PageResult<Done> {
    let (app, principal) = crate::request::person().await?;
    let accepted = server::service::acceptance::accept_own(&app, &principal, &invitation).await?;
    let organization = accepted.organization;
    crate::request::go(
        &format!("/organizations/{}", organization.slug),
        Some(format!("Welcome to {}.", organization.name)),
    )
}

#[server]
pub async fn decline_own_invitation(invitation: String) -> PageResult<Done> {
    let (app, principal) = crate::request::person().await?;
    server::service::acceptance::decline_own(&app, &principal, &invitation).await?;
    crate::request::done("The invitation is declined.")
}

#[server]
pub async fn go_home() -> PageResult<()> {
    let (_, principal) = crate::request::anyone().await?;
    leptos_axum::redirect(if principal.is_some() { "/organizations" } else { "/sign-in" });
    Ok(())
}

/// The front door leads on.
#[component]
pub fn HomePage() -> impl IntoView {
    let way = Resource::new_blocking(|| (), |()| go_home());
    view! { <Load from=way show=|()| view! { <a href="/organizations">"To your organizations"</a> }/> }
}

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        OrganizationsQuery { search: param(&params, "q"), cursor: param(&params, "cursor"), ..Default::default() }
    });
    let person = expect_context::<Person>();
    let decline = ServerAction::<DeclineOwnInvitation>::new();
    let organizations = Resource::new_blocking(move || query.get(), list_organizations);
    let invitations = Resource::new_blocking(move || decline.version().get(), |_| list_own_invitations());
    view! {
        <PageHeader title="Organizations" text="Where you are a member, and where you are invited.">
            <a class="button button--primary" href="/organizations/new"><Icon name="plus"/>"New organization"</a>
        </PageHeader>
        <div class="stack">
            {(!person.email_verified).then(|| view! { <UnprovedAddress email=person.email.clone()/> })}
            <Load from=invitations show=move |list| view! { <OwnInvitations list decline/> }/>
            <Search/>
            <Load from=organizations show=|page| view! { <OrganizationList page/> }/>
        </div>
    }
}

#[component]
fn Search() -> impl IntoView {
    let typed = param(&use_query_map().get_untracked(), "q").unwrap_or_default();
    view! {
        <div class="toolbar-box">
            <form class="toolbar" role="search" aria-label="Organizations" method="get" action="/organizations">
                <label class="toolbar__search input-box">
                    <Icon name="search"/>
                    <span class="visually-hidden">"Search organizations"</span>
                    <input class="input" type="search" name="q" value=typed placeholder="Name or slug" autocomplete="off"/>
                </label>
                <button class="button" type="submit">"Search"</button>
            </form>
        </div>
    }
}

#[component]
fn UnprovedAddress(email: String) -> impl IntoView {
    view! {
        <div class="notice notice--warning">
            <Icon name="alert"/>
            <p class="notice__text">
                <strong>"Confirm your address."</strong>
                " Open the link that we mailed to "{email}
                ". Until then you cannot make organizations or see other invitations. "
                <a href="/account">"Send the link again"</a>
            </p>
        </div>
    }
}

#[component]
fn OwnInvitations(list: Vec<Invitation>, decline: ServerAction<DeclineOwnInvitation>) -> impl IntoView {
    if list.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="card" aria-labelledby="own-invitations">
            <header class="card__header"><h2 id="own-invitations">"You are invited"</h2></header>
            <ul class="rows">
                {list.into_iter().map(|invitation| view! { <OwnInvitation invitation decline/> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn OwnInvitation(invitation: Invitation, decline: ServerAction<DeclineOwnInvitation>) -> impl IntoView {
    let (to_accept, to_decline) = (invitation.id.to_string(), invitation.id.to_string());
    let name = invitation.organization.map(|organization| organization.name).unwrap_or_default();
    let accept = ServerAction::<AcceptOwnInvitation>::new();
    view! {
        <li class="rows__row">
            <Avatar name=name.clone() square=true/>
            <span class="rows__text">
                <strong><bdi>{name}</bdi></strong>
                <span class="muted text-sm">"As "{invitation.role.name()}", open until "<Day at=invitation.expires_at/></span>
            </span>
            <span class="button-row">
                <RowForm action=accept>
                    <Hidden name="invitation" value=to_accept/>
                    <SubmitButton label="Accept"/>
                </RowForm>
                <RowForm action=decline>
                    <Hidden name="invitation" value=to_decline/>
                    <SubmitButton label="Decline" class="button"/>
                </RowForm>
            </span>
        </li>
    }
}

#[component]
fn OrganizationList(page: Page<Organization>) -> impl IntoView {
    if page.data.is_empty() {
        return view! {
            <EmptyState icon="box" title="No organizations" text="Make one, or wait for somebody to invite you.">
                <a class="button" href="/organizations/new"><Icon name="plus"/>"New organization"</a>
            </EmptyState>
        }
        .into_any();
    }
    let shown = format!("{} shown", page.data.len());
    view! {
        <section class="card" aria-label="Your organizations">
            <ul class="rows">
                {page.data.into_iter().map(|org| view! { <OrganizationRow org/> }).collect_view()}
            </ul>
        </section>
        <Pager shown previous=page.prev_cursor next=page.next_cursor/>
    }
    .into_any()
}

#[component]
fn OrganizationRow(org: Organization) -> impl IntoView {
    let href = format!("/organizations/{}", org.slug);
    let people = if org.member_count == 1 { "1 member".to_owned() } else { format!("{} members", org.member_count) };
    view! {
        <li class="rows__row">
            <Avatar name=org.name.clone() square=true/>
            <span class="rows__text">
                <a class="rows__link" href=href><bdi>{org.name}</bdi></a>
                <span class="muted text-sm"><span class="mono">{org.slug}</span>" · "{people}</span>
            </span>
            {org.current_user_role.map(|role| view! { <RoleBadge role/> })}
        </li>
    }
}
