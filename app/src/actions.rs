//! The way from a request to the server functions: every one of them, and what all have in common.

use crate::forms::keep_outcome;
use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::routing::post;
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use server::App;

/// All server functions, each under a path of its own below `/actions`.
pub fn router(app: App) -> Router {
    let context = move || provide_context(app.clone());
    let call = move |request: Request| handle_server_fns_with_context(context.clone(), request);
    Router::new().route("/actions/{*name}", post(call)).layer(middleware::from_fn(keep_outcome))
}
