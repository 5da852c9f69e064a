use crate::query::with_cursor;
use crate::ui::icon::Icon;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

/// The way to the neighbouring parts of a list. `shown` says what is on the page.
#[component]
pub fn Pager(#[prop(into)] shown: String, previous: Option<String>, next: Option<String>) -> impl IntoView {
    let (path, params) = (use_location().pathname.get_untracked(), use_query_map().get_untracked());
    let link = |cursor: Option<String>, label: &'static str, forward: bool| {
        let icon = move || view! { <Icon name=if forward { "right" } else { "left" }/> };
        let content = move || {
            if forward { view! { {label}{icon()} }.into_any() } else { view! { {icon()}{label} }.into_any() }
        };
        match cursor {
            Some(cursor) => {
                let href = with_cursor(&path, &params, &cursor);
                view! { <a class="button button--small" href=href>{content()}</a> }.into_any()
            }
            None => view! { <span class="button button--small" aria-disabled="true">{content()}</span> }.into_any(),
        }
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{shown}</span>
            <span class="pager__links">{link(previous, "Previous", false)}{link(next, "Next", true)}</span>
        </nav>
    }
}

/// What would be here, why it is worth it, one thing to do.
#[component]
pub fn EmptyState(
    icon: &'static str,
    title: &'static str,
    #[prop(into)] text: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon name=icon large=true/>
            <h2>{title}</h2>
            <p>{text}</p>
            <div class="button-row">{children()}</div>
        </div>
    }
}

/// The title of a page, one sentence, and what to do first.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <leptos_meta::Title text=title.clone()/>
        <header class="page-header">
            <div class="page-header__row">
                <div class="page-header__text"><h1 tabindex="-1"><bdi>{title}</bdi></h1><p>{text}</p></div>
                {children.map(|children| view! { <div class="page-header__actions">{children()}</div> })}
            </div>
        </header>
    }
}
