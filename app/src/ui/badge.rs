use domain::policy::Role;
use leptos::prelude::*;

/// A role. The ordinary one is silent.
#[component]
pub fn RoleBadge(role: Role) -> impl IntoView {
    let class = match role {
        Role::Owner => "badge badge--solid",
        Role::Admin => "badge badge--accent",
        Role::Member => "badge badge--plain",
        Role::Billing | Role::Viewer => "badge badge--outline",
    };
    view! { <span class=class>{role.name()}</span> }
}
