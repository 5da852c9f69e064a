//! The browser's half: takes over the pages that the server has rendered.

#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::leave_by_loading();
    leptos::mount::hydrate_body(app::App);
}
