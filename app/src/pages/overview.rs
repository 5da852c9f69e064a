use crate::ui::icon::Icon;
use crate::ui::list::PageHeader;
use crate::viewer::{Viewer, viewer};
use domain::org::Organization;
use domain::policy::Permission;
use leptos::prelude::*;

/// The organization at a glance.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let viewer = viewer();
    let org = viewer.org.clone();
    let text = org.bio.clone().unwrap_or_else(|| format!("The organization {}.", org.slug));
    let invite = viewer.may(Permission::InviteWrite).then(|| viewer.path("/invitations"));
    view! {
        <PageHeader title=org.name.clone() text>
            {invite.map(|href| view! { <a class="button button--primary" href=href><Icon name="userplus"/>"Invite people"</a> })}
        </PageHeader>
        <div class="stack">
            <Figures viewer=viewer.clone()/>
            <div class="split-box">
                <div class="split">
                    <div class="stack"><Profile org=org.clone()/></div>
                    <div class="stack"><Checklist viewer/></div>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Figures(viewer: Viewer) -> impl IntoView {
    let org = viewer.org.clone();
    let seats = org.member_limit.map_or("No limit of seats".to_owned(), |limit| format!("of {limit} seats"));
    let figure = |label: &'static str, page: &str, permission, value: i64, note: String| {
        let href = viewer.may(permission).then(|| viewer.path(page));
        let label = match href {
            Some(href) => view! { <a href=href>{label}</a> }.into_any(),
            None => label.into_any(),
        };
        view! {
            <div class="stat">
                <dt class="stat__label">{label}</dt>
                <dd class="stat__value">{value}</dd>
                <dd class="stat__note">{note}</dd>
            </div>
        }
    };
    view! {
        <div class="stats-box">
            <dl class="stats">
                {figure("People", "/members", Permission::MemberRead, org.member_count, seats)}
                {figure(
                    "Open invitations",
                    "/invitations",
                    Permission::InviteRead,
                    org.pending_member_count,
                    "Not answered yet".to_owned(),
                )}
            </dl>
        </div>
    }
}

#[component]
fn Profile(org: Organization) -> impl IntoView {
    let website = org.website.clone();
    let country = org.country_code.as_deref().and_then(domain::text::Country::find).map(|country| country.name);
    let industry = org.industry.as_deref().and_then(domain::industry::find).map(|choice| choice.label);
    let row = |label: &'static str, value: Option<String>| {
        value.map(|value| view! { <dt>{label}</dt><dd><bdi>{value}</bdi></dd> })
    };
    view! {
        <section class="card" aria-labelledby="profile">
            <header class="card__header"><h2 id="profile">"Profile"</h2></header>
            <div class="card__body">
                {org.description.map(|text| view! { <p class="prose">{text}</p> })}
                <dl class="facts">
                    <dt>"Slug"</dt><dd class="mono">{org.slug}</dd>
                    <dt>"Visibility"</dt><dd>{org.visibility.label()}</dd>
                    {website.map(|url| view! {
                        <dt>"Website"</dt>
                        <dd><a href=url.clone() rel="external noopener nofollow">{url.clone()}</a></dd>
                    })}
                    {row("Country", country.map(str::to_owned))}
                    {row("Industry", industry.map(str::to_owned))}
                    {row("Contact", org.email)}
                    {row("Telephone", org.phone)}
                </dl>
            </div>
        </section>
    }
}

/// What a young organization still lacks.
#[component]
fn Checklist(viewer: Viewer) -> impl IntoView {
    if !viewer.may(Permission::OrgUpdate) {
        return ().into_any();
    }
    let org = &viewer.org;
    let steps = [
        (org.bio.is_some(), "Say what you do", "People see it on their invitation", "/settings"),
        (
            org.pending_member_count > 0 || org.member_count > 1,
            "Invite somebody",
            "An invitation takes a minute",
            "/invitations",
        ),
        (org.member_count > 1, "See the first one join", "Then make a second admin", "/members"),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count();
    if done == steps.len() {
        return ().into_any();
    }
    let items = steps.into_iter().map(|(done, label, hint, page)| {
        let href = viewer.path(page);
        view! {
            <li class="checklist__item" data-done=done.then_some("")>
                <span class="checklist__tick">{done.then(|| view! { <Icon name="check"/> })}</span>
                <a href=href>{label}</a>
                <span class="checklist__hint">{hint}</span>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="set-up">
            <header class="card__header">
                <h2 id="set-up">"Set up"</h2>
                <span class="muted text-sm num push">{format!("{done} of 3")}</span>
            </header>
            <div class="card__body">
                <progress class="meter" value=done.to_string() max="3" aria-labelledby="set-up"></progress>
                <ul class="checklist">{items.collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}
