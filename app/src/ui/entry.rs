//! Pages outside the dashboard: they load no script.

use crate::ui::notice::Notices;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page around a card in the middle.
#[component]
pub fn EntryPage(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=title/>
        <div class="entry">
            <header class="entry__top">
                <a class="entry__brand" href="/" rel="external">
                    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M1 15V9H4V5H6V1H10V5H12V9H15V15H10V12A2 2 0 0 0 6 12V15Z"></path>
                    </svg>
                    "Guildhall"
                </a>
            </header>
            <main class="entry__main" id="main">{children()}</main>
            <footer class="entry__foot"><span>"Guildhall, on its operator’s own server"</span></footer>
        </div>
    }
}

/// A card with a heading.
#[component]
pub fn EntryCard(#[prop(into)] title: String, #[prop(into)] text: String, children: Children) -> impl IntoView {
    view! {
        <EntryPage title=title.clone()>
            <div class="entry__card">
                <div class="entry__title"><h1 tabindex="-1">{title}</h1><p>{text}</p></div>
                <Notices/>
                {children()}
            </div>
        </EntryPage>
    }
}
