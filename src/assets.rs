//! The files of the site, carried in the binary: copied alone into an empty folder it serves pages that hydrate.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "target/site"]
struct Files;

/// What the address of a file promises: below the versioned folder it never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_A_WHILE: &str = "public, max-age=3600";

/// The folder of script, wasm and styles. Its name changes with their content, so browsers may keep them for ever.
pub(crate) fn pkg() -> &'static str {
    static PKG: OnceLock<String> = OnceLock::new();
    PKG.get_or_init(|| {
        let mut hash = Sha256::new();
        for name in Files::iter().filter(|name| name.starts_with("pkg/")) {
            hash.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
        }
        let version: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/pkg/{version}")
    })
}

/// A file of the versioned folder.
pub(crate) async fn versioned(Path((version, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if pkg() != format!("/pkg/{version}") {
        return StatusCode::NOT_FOUND.into_response();
    }
    send(&format!("pkg/{file}"), &headers, FOR_EVER)
}

/// A file beside it, such as the icon.
pub(crate) fn plain(name: &str, headers: &HeaderMap) -> Response {
    send(name, headers, FOR_A_WHILE)
}

/// Whether there is such a public file.
pub(crate) fn names() -> impl Iterator<Item = String> {
    Files::iter()
        .map(|name| name.into_owned())
        .filter(|name| !name.contains('/') && !name.ends_with(".br") && !name.ends_with(".gz"))
}

/// Sends the smallest form that the browser takes.
fn send(name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(kind) = kind(name) else { return StatusCode::NOT_FOUND.into_response() };
    let takes = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| takes.split(',').any(|taken| taken.trim().split(';').next() == Some(*encoding)))
        .find_map(|(encoding, ending)| Files::get(&format!("{name}.{ending}")).map(|file| (file, Some(encoding))));
    let Some((file, encoding)) = packed.or_else(|| Files::get(name).map(|file| (file, None))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = body(file).into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn body(file: EmbeddedFile) -> Vec<u8> {
    file.data.into_owned()
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
