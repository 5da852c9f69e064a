use crate::error::{PageError, PageResult};
use crate::ui::icon::Icon;
use domain::code::Code;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shows what a resource brings. Waiting and failing look the same everywhere; while something is loaded again the
/// old stays on the page.
#[component]
pub fn Load<T, V, S>(from: Resource<PageResult<T>>, show: S) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    V: IntoView + 'static,
    S: Fn(T) -> V + Clone + Send + Sync + 'static,
{
    let content = move || {
        let show = show.clone();
        Suspend::new(async move {
            match from.await {
                Ok(value) => show(value).into_any(),
                Err(PageError(error)) => view! { <Failure code=error.code()/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Waiting>{content}</Transition> }
}

#[component]
fn Waiting() -> impl IntoView {
    view! { <p class="muted" role="status">"Loading…"</p> }
}

/// Why something cannot be shown, in the words of its help page.
#[component]
pub fn Failure(code: Code) -> impl IntoView {
    view! {
        <div class="notice notice--danger" role="alert">
            <Icon name="error"/>
            <p class="notice__text">
                <strong>{code.title()}"."</strong>" "
                <a href=format!("/problems/{}", code.slug()) rel="external">"What this means"</a>
            </p>
        </div>
    }
}
