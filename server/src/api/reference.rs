//! A page to read the document of the API by. Its files are in the binary, and nothing of it asks another host.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::{Config, serve};

const PAGE: &str = "/api/docs/";
/// Scripts and styles of its own alone, and the one piece of style that its script puts in, by its hash; pictures are
/// written into the styles.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
                      img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; \
                      base-uri 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> =
    // The validator would be a page of somebody else.
    LazyLock::new(|| Arc::new(Config::new(["/api/v1/openapi.json"]).validator_url("none")));

pub(super) fn routes() -> Router {
    Router::new()
        .route("/api/docs", get(async || Redirect::permanent(PAGE)))
        .route(PAGE, get(async || file("index.html")))
        .route("/api/docs/{file}", get(async |Path(name): Path<String>| file(&name)))
}

fn file(name: &str) -> Response {
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "public, max-age=3600")];
    match serve(name, Arc::clone(&CONFIG)) {
        Ok(Some(file)) => {
            (headers, [(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, name, "a file of the reference page could not be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
