use crate::ui::entry::EntryCard;
use leptos::prelude::*;

/// For addresses that lead nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    crate::error::page_is_missing();
    view! {
        <EntryCard title="Nothing here" text="The address leads nowhere, or to something you may not see.">
            <a class="button button--primary button--wide" href="/" rel="external">"To your organizations"</a>
        </EntryCard>
    }
}
