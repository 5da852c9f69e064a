use domain::initials::{initials, palette_step};
use leptos::prelude::*;

/// Initials on the color of a name. Round is a person, square an organization; the name itself stands beside it.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    #[prop(optional)] square: bool,
    /// One of `xs`, `sm`, `lg`, `xl`.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    let shape = if square { " avatar--square" } else { "" };
    let size = if size.is_empty() { String::new() } else { format!(" avatar--{size}") };
    view! {
        <span class=format!("avatar{shape}{size}") data-color=palette_step(&name).to_string() aria-hidden="true">
            {initials(&name)}
        </span>
    }
}
