//! The frame of the dashboard: the switcher, the navigation, who is signed in.

use crate::flash::Notice;
use crate::ui::avatar::Avatar;
use crate::ui::icon::Icon;
use crate::ui::load::Load;
use crate::ui::notice::Notices;
use crate::viewer::{Person, Viewer, load_person, load_viewer};
use domain::policy::Permission;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

/// Pages of one person: the organizations, the account.
#[component]
pub fn PersonLayout() -> impl IntoView {
    let person = Resource::new_blocking(|| (), |()| load_person());
    view! { <Load from=person show=|person| view! { <PersonFrame person/> }/> }
}

#[component]
fn PersonFrame(person: Person) -> impl IntoView {
    provide_context(person.clone());
    view! {
        <Frame person=person title="Guildhall".to_owned() role=None nav_label="Yours" links=PersonLinks>
            <Outlet/>
        </Frame>
    }
}

/// Pages of one organization.
#[component]
pub fn OrgLayout() -> impl IntoView {
    let params = use_params_map();
    let org = Memo::new(move |_| params.read().get("org").unwrap_or_default());
    let viewer = Resource::new_blocking(move || org.get(), load_viewer);
    view! { <Load from=viewer show=|viewer| view! { <OrgFrame viewer/> }/> }
}

#[component]
fn OrgFrame(viewer: Viewer) -> impl IntoView {
    provide_context(viewer.clone());
    let title = viewer.org.name.clone();
    let role = viewer.org.current_user_role.map(|role| role.name());
    let person = viewer.person.clone();
    view! {
        <Frame person title role nav_label="Organization" links=move || view! { <OrgLinks viewer=viewer.clone()/> }>
            <Outlet/>
        </Frame>
    }
}

/// Only what the viewer may see is in the navigation.
#[component]
fn OrgLinks(viewer: Viewer) -> impl IntoView {
    let counts = live_counts(&viewer);
    let (members, open) = (Signal::derive(move || counts.get().0), Signal::derive(move || counts.get().1));
    let link = |shown: bool, page: &str, icon: &'static str, label: &'static str, count: Option<Signal<i64>>| {
        let href = viewer.path(page);
        shown.then(|| view! { <NavLink href icon label count=count/> })
    };
    let (reads, invites) = (viewer.may(Permission::MemberRead), viewer.may(Permission::InviteRead));
    view! {
        <ul class="nav__list">
            {link(true, "", "home", "Overview", None)}
            {link(reads, "/members", "people", "Members", Some(members))}
            {link(invites, "/invitations", "mail", "Invitations", Some(open))}
        </ul>
        <div>
            <h2 class="nav__heading" id="nav-manage">"Manage"</h2>
            <ul class="nav__list" aria-labelledby="nav-manage">
                {link(true, "/settings", "settings", "Settings", None)}
            </ul>
        </div>
    }
}

/// How many members and open invitations there are: counted anew after each change and on each page that is opened.
fn live_counts(viewer: &Viewer) -> Signal<(i64, i64)> {
    let before = (viewer.org.member_count, viewer.org.pending_member_count);
    let slug = viewer.org.slug.clone();
    let again = Action::new(|slug: &String| load_viewer(slug.clone()));
    let (path, Notice { done, .. }) = (use_location().pathname, expect_context());
    Effect::new(move |first: Option<()>| {
        path.track();
        done.track();
        if first.is_some() {
            again.dispatch(slug.clone());
        }
    });
    let counted = move || {
        let Viewer { org, .. } = again.value().get()?.ok()?;
        Some((org.member_count, org.pending_member_count))
    };
    Signal::derive(move || counted().unwrap_or(before))
}

#[component]
fn NavLink(
    href: String,
    icon: &'static str,
    label: &'static str,
    #[prop(optional_no_strip)] count: Option<Signal<i64>>,
) -> impl IntoView {
    let path = use_location().pathname;
    let current = {
        let href = href.clone();
        move || (path.get().trim_end_matches('/') == href).then_some("page")
    };
    view! {
        <li>
            <a class="nav__link" href=href aria-current=current>
                <Icon name=icon/>
                {label}
                {count.map(|count| view! { <span class="nav__count">{count}</span> })}
            </a>
        </li>
    }
}

#[component]
fn PersonLinks() -> impl IntoView {
    view! {
        <ul class="nav__list">
            <NavLink href="/organizations".to_owned() icon="home" label="Organizations"/>
            <NavLink href="/account".to_owned() icon="settings" label="Account"/>
        </ul>
    }
}

#[component]
fn Frame(
    person: Person,
    title: String,
    role: Option<&'static str>,
    nav_label: &'static str,
    #[prop(into)] links: ViewFn,
    children: Children,
) -> impl IntoView {
    let switcher = (person.clone(), title.clone());
    view! {
        <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
        <div class="shell">
            <header class="shell__bar">
                <button class="button button--quiet button--icon" type="button" popovertarget="side" aria-label="Open navigation">
                    <Icon name="menu" large=true/>
                </button>
                <Avatar name=title.clone() square=true size="sm"/>
                <span class="shell__bar-title"><bdi>{title}</bdi></span>
            </header>
            <div class="shell__side" id="side" popover="auto">
                <Switcher person=switcher.0 title=switcher.1/>
                <nav class="nav" aria-label=nav_label>{links.run()}</nav>
                <PersonMenu person role/>
            </div>
            <main class="shell__main" id="main">
                <Notices/>
                {children()}
            </main>
        </div>
    }
}

#[component]
fn Switcher(person: Person, title: String) -> impl IntoView {
    view! {
        <div class="switcher-box">
            <button class="switcher" type="button" popovertarget="organizations">
                <Avatar name=title.clone() square=true/>
                <span class="switcher__text"><span class="switcher__name"><bdi>{title}</bdi></span></span>
                <Icon name="updown"/>
            </button>
            <div class="menu menu--start" id="organizations" popover="auto">
                <p class="menu__heading">"Your organizations"</p>
                {person.organizations.into_iter().map(|place| view! {
                    <a class="menu__item" href=format!("/organizations/{}", place.slug) rel="external">
                        <Avatar name=place.name.clone() square=true size="xs"/>
                        <bdi>{place.name}</bdi>
                    </a>
                }).collect_view()}
                <hr class="menu__line"/>
                <a class="menu__item" href="/organizations" rel="external"><Icon name="box"/>"All organizations"</a>
                <a class="menu__item" href="/organizations/new" rel="external"><Icon name="plus"/>"New organization"</a>
            </div>
        </div>
    }
}

#[component]
fn PersonMenu(person: Person, role: Option<&'static str>) -> impl IntoView {
    view! {
        <div class="nav__foot">
            <button class="switcher" type="button" popovertarget="me">
                <Avatar name=person.name.clone()/>
                <span class="switcher__text">
                    <span class="switcher__name"><bdi>{person.name}</bdi></span>
                    <span class="switcher__sub">{role.map_or(person.email, str::to_owned)}</span>
                </span>
                <Icon name="updown"/>
            </button>
            <div class="menu menu--start" id="me" popover="auto">
                <a class="menu__item" href="/account" rel="external"><Icon name="settings"/>"Account"</a>
                <hr class="menu__line"/>
                <a class="menu__item" href="/sign-out" rel="external"><Icon name="signout"/>"Sign out"</a>
            </div>
        </div>
    }
}
