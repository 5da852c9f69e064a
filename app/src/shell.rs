//! The HTML document around every page.

use crate::App;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Where the site's files are, and whether this page takes its script along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Folder of script, wasm and styles; its name changes with their content.
    pub pkg: String,
    /// Pages for people who are not signed in work without any script.
    pub hydrates: bool,
}

#[component]
pub fn Shell(options: LeptosOptions) -> impl IntoView {
    let site = use_context::<Site>().unwrap_or(Site { pkg: "/pkg".to_owned(), hydrates: true });
    let styles = format!("{}/guildhall.css", site.pkg);
    let hydrates = site.hydrates;
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/mark.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=styles/>
                {hydrates.then(|| view! { <AutoReload options/><Scripts pkg=site.pkg/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Loads the script and the wasm file beside it, and starts both.
#[component]
fn Scripts(pkg: String) -> impl IntoView {
    let (script, wasm) = (format!("{pkg}/guildhall.js"), format!("{pkg}/guildhall.wasm"));
    // Both files are asked for at once, by the script itself: a page without scripts asks for neither.
    let start = format!(
        "const wasm = fetch('{wasm}'); import('{script}').then(page => \
         page.default({{ module_or_path: wasm }}).then(() => page.hydrate()));"
    );
    view! {
        <script type="module" nonce=use_nonce()>{start}</script>
    }
}
