use crate::flash::Notice;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// Says what has been done. The place is always there, so that screen readers hear what comes into it.
#[component]
pub fn Notices() -> impl IntoView {
    let Notice(notice) = expect_context();
    view! {
        <div role="status">
            {move || notice.get().map(|text| view! {
                <p class="notice notice--success"><Icon name="check"/><span class="notice__text">{text}</span></p>
            })}
        </div>
    }
}
