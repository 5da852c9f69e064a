use leptos::prelude::*;

/// A picture of the sprite `public/icons.svg`. It says nothing to a screen reader: words stand beside it.
#[component]
pub fn Icon(name: &'static str, #[prop(optional)] large: bool) -> impl IntoView {
    let class = if large { "icon icon--large" } else { "icon" };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}
