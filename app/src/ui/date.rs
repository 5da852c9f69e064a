use domain::time::Timestamp;
use leptos::prelude::*;

/// A day, the full time behind it; in UTC, the same on the server and in the browser.
#[component]
pub fn Day(at: Timestamp) -> impl IntoView {
    let text = at.civil().strftime("%-d %b %Y").to_string();
    view! { <time datetime=at.to_string() title=full(at)>{text}</time> }
}

/// A day with its time of day.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string()>{full(at)}</time> }
}

fn full(at: Timestamp) -> String {
    at.civil().strftime("%-d %B %Y, %H:%M UTC").to_string()
}
