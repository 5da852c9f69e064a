use crate::ui::icon::Icon;
use leptos::prelude::*;

/// What can be done with one row: a button with three dots that opens a list.
#[component]
pub fn RowMenu(
    #[prop(into)] id: String,
    /// Whose row it is, for screen readers.
    #[prop(into)]
    of: String,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="menu-anchor">
            <button
                class="button button--quiet button--icon button--small"
                type="button"
                popovertarget=id.clone()
                aria-label=format!("Actions for {of}")
            >
                <Icon name="dots"/>
            </button>
        </span>
        <div class="menu" id=id popover="auto">{children()}</div>
    }
}
