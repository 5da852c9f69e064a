use crate::error::PageResult;
use crate::query::param;
use crate::ui::avatar::Avatar;
use crate::ui::badge::RoleBadge;
use crate::ui::date::Day;
use crate::ui::icon::Icon;
use crate::ui::list::{EmptyState, PageHeader, Pager};
use crate::ui::load::Load;
use crate::ui::menu::RowMenu;
use crate::viewer::{Viewer, viewer};
use domain::member::{Member, MemberStatus, MembersQuery};
use domain::page::{Many, Page};
use domain::policy::{Permission, Role};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

#[server(input = Json)]
pub async fn list_members(org: String, query: MembersQuery) -> PageResult<Page<Member>> {
    let (app, caller) = crate::request::request(&org).await?;
    Ok(server::service::members::list(&app, &caller, &query).await?)
}

#[component]
pub fn MembersPage() -> impl IntoView {
    let viewer = viewer();
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        MembersQuery {
            search: param(&params, "q"),
            role: param(&params, "role").map(|role| Many(vec![role])),
            sort: param(&params, "sort"),
            cursor: param(&params, "cursor"),
            ..Default::default()
        }
    });
    let org = viewer.org.slug.clone();
    let members = Resource::new_blocking(move || query.get(), move |query| list_members(org.clone(), query));
    let invite = viewer.may(Permission::InviteWrite).then(|| viewer.path("/invitations"));
    view! {
        <PageHeader title="Members" text="Everyone who can sign in to this organization, and what they may do.">
            {invite.map(|href| view! { <a class="button button--primary" href=href><Icon name="userplus"/>"Invite people"</a> })}
        </PageHeader>
        <Toolbar path=viewer.path("/members")/>
        <Load from=members show=move |page| view! { <MemberTable page viewer=viewer.clone()/> }/>
    }
}

/// A plain form that asks for the list again; while one types, the address follows by itself.
#[component]
fn Toolbar(path: String) -> impl IntoView {
    let params = use_query_map().get_untracked();
    let (typed, role) = (param(&params, "q").unwrap_or_default(), param(&params, "role").unwrap_or_default());
    let navigate = use_navigate();
    let search = {
        let path = path.clone();
        leptos::leptos_dom::helpers::debounce(std::time::Duration::from_millis(250), move |text: String| {
            let mut params = use_query_map().get_untracked();
            params.remove("cursor");
            params.remove("q");
            if !text.trim().is_empty() {
                params.replace("q", text);
            }
            let to = format!("{path}{}", params.to_query_string());
            navigate(&to, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        })
    };
    let on_search = {
        let mut search = search;
        move |event| search(event_target_value(&event))
    };
    view! {
        <div class="toolbar-box">
            <form class="toolbar" role="search" aria-label="Members" method="get" action=path>
                <label class="toolbar__search input-box">
                    <Icon name="search"/>
                    <span class="visually-hidden">"Search members"</span>
                    <input
                        class="input"
                        type="search"
                        name="q"
                        value=typed
                        placeholder="Name, username or address"
                        autocomplete="off"
                        on:input=on_search
                    />
                </label>
                <span class="toolbar__filter">
                    <span class="select">
                        <select class="input" name="role" aria-label="Role">
                            <option value="">"All roles"</option>
                            {Role::ALL.iter().map(|choice| view! {
                                <option value=choice.key() selected=choice.key() == role>{choice.name()}</option>
                            }).collect_view()}
                        </select>
                        <Icon name="down"/>
                    </span>
                </span>
                <button class="button" type="submit">"Apply"</button>
            </form>
        </div>
    }
}

#[component]
fn MemberTable(page: Page<Member>, viewer: Viewer) -> impl IntoView {
    let count = page.data.len();
    if count == 0 {
        let path = viewer.path("/members");
        return view! {
            <p class="visually-hidden" role="status">"Nobody found"</p>
            <EmptyState icon="people" title="Nobody matches" text="Search for less, or for another role.">
                <a class="button" href=path>"Show everybody"</a>
            </EmptyState>
        }
        .into_any();
    }
    let shown = format!("{count} of {} members", viewer.org.member_count);
    view! {
        <div class="table-box">
            <table class="table table--cards table--plain" role="table">
                <caption class="visually-hidden">"Members by name"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Person"</th>
                        <th role="columnheader" scope="col" class="table__w-role">"Role"</th>
                        <th role="columnheader" scope="col" class="table__w-date">"Joined"</th>
                        <th role="columnheader" scope="col" class="table__menu"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {page.data.into_iter().map(|member| view! { <MemberRow member viewer=viewer.clone()/> }).collect_view()}
                </tbody>
            </table>
            <Pager shown previous=page.prev_cursor next=page.next_cursor/>
        </div>
    }
    .into_any()
}

#[component]
fn MemberRow(member: Member, viewer: Viewer) -> impl IntoView {
    let name = member.display_name();
    let href = viewer.path(&format!("/members/{}", member.user_id));
    let oneself = member.user_id == viewer.person.id;
    view! {
        <tr role="row">
            <td role="cell" class="table__person">
                <div class="person">
                    <Avatar name=name.clone()/>
                    <span class="person__text">
                        <a class="person__name" href=href.clone() title=name.clone()>
                            <bdi>{name.clone()}</bdi>{oneself.then(|| view! { " "<span class="muted">"(you)"</span> })}
                        </a>
                        <span class="person__sub">{member.email}</span>
                    </span>
                </div>
            </td>
            <td role="cell" class="table__lead" data-label="Role">
                <span class="chips">
                    <RoleBadge role=member.role/>
                    {(member.status == MemberStatus::Suspended)
                        .then(|| view! { <span class="badge badge--warning">"Suspended"</span> })}
                </span>
            </td>
            <td role="cell" data-label="Joined" class="table__end nowrap muted"><Day at=member.joined_at/></td>
            <td role="cell" class="table__menu">
                <RowMenu id=format!("row-{}", member.member_id) of=name>
                    <a class="menu__item" href=href><Icon name="eye"/>"Open"</a>
                    {oneself.then(|| view! {
                        <a class="menu__item menu__item--danger" href=viewer.path("/leave")><Icon name="signout"/>"Leave organization…"</a>
                    })}
                </RowMenu>
            </td>
        </tr>
    }
}
