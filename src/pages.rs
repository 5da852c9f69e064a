//! The whole router: the API, the server functions, the pages, the files of the site.

use crate::assets;
use app::App as Pages;
use app::actions;
use app::forms::bring_flash;
use app::shell::{Shell, Site};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes as _, generate_route_list_with_exclusions_and_ssg_and_context};
use server::App;

/// Beginnings of paths whose pages load no script.
const PLAIN: &[&str] = &[
    "/setup",
    "/sign-in",
    "/sign-out",
    "/sign-up",
    "/forgot-password",
    "/reset-password/",
    "/verify-email/",
    "/confirm-password",
    "/invitations/",
    "/problems/",
];
/// Of these, pages that carry a secret or take one: no cache keeps them.
const SECRET: &[&str] =
    &["/setup", "/sign-", "/reset-password/", "/verify-email/", "/confirm-password", "/invitations/"];

/// Everything that the program answers.
pub(crate) fn router(app: App) -> Router {
    let options =
        LeptosOptions::builder().output_name("guildhall").site_root("target/site").site_pkg_dir("pkg").build();
    let context = {
        let app = app.clone();
        move || provide_context(app.clone())
    };
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(Pages, None, context.clone());
    let render = {
        let options = options.clone();
        move || view! { <Shell options=options.clone()/> }
    };
    let page_context = move || {
        context();
        describe_page();
    };
    let missing = leptos_axum::render_app_async_with_context(page_context.clone(), render.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, routes, page_context, render)
        .fallback(missing)
        .layer(middleware::from_fn(bring_flash))
        .layer(middleware::from_fn_with_state(app.clone(), page_headers))
        .with_state(options);
    let answers = server::api::router(app.clone()).merge(actions::router(app.clone()));
    let router = answers.merge(files()).fallback_service(pages);
    server::page_layers(router, &app)
}

fn files() -> Router {
    let router = Router::new().route("/pkg/{version}/{*file}", get(assets::versioned));
    assets::names().fold(router, |router, name| {
        router.route(&format!("/{name}"), get(move |headers: HeaderMap| async move { assets::plain(&name, &headers) }))
    })
}

/// Tells the shell where the site's files are, and whether this page takes its script along.
fn describe_page() {
    let parts = use_context::<axum::http::request::Parts>();
    let path = parts.as_ref().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let hydrates = (path.starts_with("/organizations") || path == "/account")
        && !PLAIN.iter().any(|plain| path.starts_with(plain));
    provide_context(Site { pkg: assets::pkg().to_owned(), hydrates });
    if let Some(nonce) = parts.and_then(|parts| parts.extensions.get::<PageNonce>().cloned()) {
        provide_context(Nonce::from_value(nonce.0));
    }
}

/// Made for each page: only scripts that carry it run.
#[derive(Clone)]
struct PageNonce(String);

async fn page_headers(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let nonce = PageNonce(server::random_nonce());
    let policy = policy(&nonce.0);
    request.extensions_mut().insert(nonce);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(&method, &uri)));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Encoding"));
    if uri.path().starts_with("/invitations/") || !app.config.is_https() {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
    response
}

fn caching(method: &Method, uri: &Uri) -> &'static str {
    let secret = SECRET.iter().any(|start| uri.path().starts_with(start));
    if secret || *method != Method::GET { "no-store" } else { "private, no-cache" }
}

fn policy(nonce: &str) -> String {
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws://127.0.0.1:3001" } else { "" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: https:; connect-src 'self'{reload}; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'; object-src 'none'"
    )
}
