//! Answers to the configured host name alone: links and cookies belong to it.

use crate::App;
use crate::api::problem;
use crate::visit;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::code::Code;

pub(super) async fn require(
    State(app): State<App>,
    Extension(known): Extension<visit::Request>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path().starts_with("/health/") {
        return next.run(request).await;
    }
    let Some(host) = host(&request) else { return problem(&Code::BadRequest.into(), &known.id) };
    let ours = app.config.public_url.authority().to_ascii_lowercase();
    if host.as_str().eq_ignore_ascii_case(&ours) || is_default_port(&app, &host) {
        return next.run(request).await;
    }
    if app.config.is_loopback() && is_loopback(&host) && is_page(&request) {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return Redirect::temporary(&app.config.link(path)).into_response();
    }
    problem(&Code::UnknownHost.into(), &known.id)
}

/// The `Host` field, which in HTTP/1.1 is there once and well formed (RFC 9112 section 3.2).
fn host(request: &Request) -> Option<Authority> {
    let mut fields = request.headers().get_all(header::HOST).iter();
    let (field, more) = (fields.next()?, fields.next());
    let authority: Authority = field.to_str().ok()?.parse().ok()?;
    let plain = more.is_none() && !authority.as_str().contains('@') && !authority.host().is_empty();
    let port = authority.as_str() == authority.host() || authority.port_u16().is_some();
    // A target in absolute form names the host a second time.
    let same = request.uri().authority().is_none_or(|target| *target == authority);
    (plain && port && same).then_some(authority)
}

/// `good.test:443` is `good.test` over TLS.
fn is_default_port(app: &App, host: &Authority) -> bool {
    let url = &app.config.public_url;
    url.host_str().is_some_and(|ours| host.host().eq_ignore_ascii_case(ours))
        && host.port_u16() == url.port_or_known_default()
}

fn is_loopback(host: &Authority) -> bool {
    let name = host.host().trim_matches(['[', ']']);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A page that somebody opens, not a call of a program.
fn is_page(request: &Request) -> bool {
    let html = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    *request.method() == Method::GET
        && !request.uri().path().starts_with("/api")
        && html.is_some_and(|accept| accept.contains("text/html"))
}
