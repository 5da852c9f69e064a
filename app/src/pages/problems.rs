use crate::ui::entry::EntryCard;
use domain::code::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What an error code means: `type` of every problem of the API leads here.
#[component]
pub fn ProblemPage() -> impl IntoView {
    let slug = use_params_map().get_untracked().get("code").unwrap_or_default();
    match Code::named(&slug.replace('-', "_")).filter(|code| code.slug() == slug) {
        Some(code) => view! {
            <EntryCard title=code.title() text=advice(code.status())>
                <dl class="facts">
                    <dt>"Code"</dt><dd class="mono">{code.name()}</dd>
                    <dt>"Status"</dt><dd>{code.status()}</dd>
                </dl>
                <a class="button button--wide" href="/" rel="external">"To your organizations"</a>
            </EntryCard>
        }
        .into_any(),
        None => view! { <super::not_found::NotFoundPage/> }.into_any(),
    }
}

/// What to do, which depends on the kind of refusal.
fn advice(status: u16) -> &'static str {
    match status {
        401 => "Nobody, or nobody we know, is signed in. Sign in, or send a valid access token.",
        403 => "We know who asks, and this person or token may not do it. Somebody with more rights can help.",
        404 => "It does not exist, or it belongs to an organization that the caller is not in.",
        409 => "It does not go together with how things are now. Look at the present state, then try again.",
        410 => "It was there once and is over. Ask whoever sent it for a new one.",
        422 => "Everything could be read, but a field breaks a rule. The answer names the field and the rule.",
        429 | 503 => "Wait a moment, then try again.",
        500 => "This is our fault, not yours. The operator finds the cause in the log under the request’s id.",
        _ => "The request was not formed as it has to be. The title says what is wrong with it.",
    }
}
