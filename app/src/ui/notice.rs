use crate::flash::Notice;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// Says what has been done or refused. The places are always there, so that screen readers hear what comes into
/// them.
#[component]
pub fn Notices() -> impl IntoView {
    let Notice { done, refused } = expect_context();
    view! {
        <div class="notices" role="status">
            {move || done.get().map(|text| view! {
                <p class="notice notice--success"><Icon name="check"/><span class="notice__text">{text}</span></p>
            })}
        </div>
        <div class="notices" role="alert">
            {move || refused.get().map(|text| view! {
                <p class="notice notice--danger"><Icon name="error"/><span class="notice__text">{text}"."</span></p>
            })}
        </div>
    }
}
