//! The defence against cross-site request forgery (RFC 10017, section
//! 6.1.3.3).
//!
//! A request that changes something is either a script's or a program's, and
//! carries the header `X-CSRF: 1`, or it is a plain form, which cannot carry
//! one, and the browser vouches for where it comes from. A request that the
//! browser reports as another site's is refused whatever else it carries.
//!
//! The `SameSite=Strict` session cookie is a defence of its own; this one
//! holds where another origin is the same *site*, such as another port of one
//! host.

use super::navigation::is_navigation;
use crate::{BffError, settings::Paths};
use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method,
        header::{HOST, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::future::{Either, Ready, ready};
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Layer, Service};

/// The header that only the application's own scripts, and programs, send
/// (RFC 10017, section 6.1.3.3.2). Another site's script would need permission
/// by CORS first, and gets none.
pub const HEADER: &str = "x-csrf";

/// Refuses cross-site requests with 403 and the code `cross_site`.
///
/// - Requests to forwarded APIs need the header `X-CSRF: 1`, whatever their
///   method.
/// - Requests to the library's own endpoints are refused to other origins,
///   whatever their method. Those that only scripts read need the header, too.
/// - Other requests pass when their method is safe (RFC 9110, section 9.2.1):
///   a link from another site may lead to a page.
/// - Everything else needs the header `X-CSRF: 1`, or is a plain form of the
///   application's own origin.
#[derive(Clone, Debug)]
pub struct CsrfLayer(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    own_origin: String,
    api_prefix: String,
    auth_prefix: String,
}

impl CsrfLayer {
    /// Protects an application at this origin, spelled as browsers spell it.
    pub(crate) fn new(own_origin: String, paths: &Paths) -> Self {
        Self(Arc::new(Rules {
            own_origin,
            api_prefix: format!("{}/", paths.api),
            auth_prefix: format!("{}/", paths.auth),
        }))
    }
}

impl<S> Layer<S> for CsrfLayer {
    type Service = CsrfService<S>;

    fn layer(&self, inner: S) -> CsrfService<S> {
        CsrfService {
            inner,
            rules: self.0.clone(),
        }
    }
}

/// The service that [`CsrfLayer`] makes of another.
#[derive(Clone, Debug)]
pub struct CsrfService<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S> Service<Request> for CsrfService<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.rules.verdict(&request).error(&self.rules.own_origin) {
            None => Either::Left(self.inner.call(request)),
            Some(error) => Either::Right(ready(Ok(error.into_response()))),
        }
    }
}

impl Rules {
    fn verdict(&self, request: &Request) -> Verdict {
        let (headers, path) = (request.headers(), request.uri().path());
        if path.starts_with(&self.api_prefix) {
            return verdict_of_call(headers, &self.own_origin);
        }
        // Pages change nothing, the sign-in page included: a link on another site
        // may lead to it, and browsers call the redirect there cross-site, too.
        let name = path.strip_prefix(&self.auth_prefix);
        if request.method().is_safe() && matches!(name, None | Some("login")) {
            return Verdict::Accept;
        }
        verdict(request.method(), headers, &self.own_origin)
    }
}

/// Checks a request to a forwarded API as the layer does.
pub(super) fn check_api_request(headers: &HeaderMap, own_origin: &str) -> Result<(), BffError> {
    verdict_of_call(headers, own_origin)
        .error(own_origin)
        .map_or(Ok(()), Err)
}

/// Refuses requests without [`HEADER`], whatever their method.
pub(super) async fn require_header(request: Request, next: Next) -> Response {
    if is_marked(request.headers()) {
        next.run(request).await
    } else {
        BffError::CsrfHeaderMissing.into_response()
    }
}

/// Whether a request may proceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Accept,
    /// The request comes from another origin.
    CrossSite,
    /// The request comes from the application itself, opened under another
    /// address.
    OtherAddress,
    /// Nothing shows where the request comes from, and [`HEADER`] is missing.
    HeaderMissing,
}

/// The origin of a request, according to the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Own,
    /// The host that the request went to, which is not that of the public URL.
    OtherAddress,
    Other,
    Unknown,
}

impl Verdict {
    fn error(self, own_origin: &str) -> Option<BffError> {
        match self {
            Self::Accept => None,
            Self::OtherAddress => Some(BffError::OtherAddress(own_origin.to_owned())),
            Self::CrossSite => Some(BffError::CrossSite),
            Self::HeaderMissing => Some(BffError::CsrfHeaderMissing),
        }
    }
}

/// Judges a request to a forwarded API. No form leads there, so every request
/// needs [`HEADER`], whatever its method: an API may change state on a GET.
fn verdict_of_call(headers: &HeaderMap, own_origin: &str) -> Verdict {
    match source(headers, own_origin) {
        Source::Other => Verdict::CrossSite,
        Source::OtherAddress => Verdict::OtherAddress,
        _ if is_marked(headers) => Verdict::Accept,
        Source::Own | Source::Unknown => Verdict::HeaderMissing,
    }
}

/// Judges any other request by its method and headers.
fn verdict(method: &Method, headers: &HeaderMap, own_origin: &str) -> Verdict {
    let source = source(headers, own_origin);
    match source {
        Source::Other => Verdict::CrossSite,
        Source::OtherAddress => Verdict::OtherAddress,
        _ if method.is_safe() || is_marked(headers) => Verdict::Accept,
        Source::Own if is_navigation(headers) => Verdict::Accept,
        Source::Own | Source::Unknown => Verdict::HeaderMissing,
    }
}

fn is_marked(headers: &HeaderMap) -> bool {
    all(headers, HEADER, |value| value == b"1") == Some(true)
}

/// Reads `Sec-Fetch-Site` first: a page with the policy `no-referrer`, such as
/// the callback page, posts its form with `Origin: null`.
fn source(headers: &HeaderMap, own_origin: &str) -> Source {
    let site = all(headers, "sec-fetch-site", |site| {
        // `none` is the user: an address typed in, a bookmark, a reload.
        site == b"same-origin" || site == b"none"
    });
    let origin = all(headers, ORIGIN.as_str(), |origin| {
        origin == own_origin.as_bytes()
    });
    let opaque = all(headers, ORIGIN.as_str(), |origin| origin == b"null") == Some(true);
    match (site, origin) {
        (Some(true), Some(false)) if opaque => Source::Own,
        (Some(true) | None, Some(false)) if is_of_host(headers) => Source::OtherAddress,
        (Some(false), _) | (_, Some(false)) => Source::Other,
        (Some(true), _) | (None, Some(true)) => Source::Own,
        (None, None) => Source::Unknown,
    }
}

/// Whether the one `Origin` is that of the host to which the request went.
fn is_of_host(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).map(HeaderValue::as_bytes) else {
        return false;
    };
    all(headers, ORIGIN.as_str(), |origin| {
        let schemes = [&b"http://"[..], b"https://"];
        schemes
            .iter()
            .any(|scheme| origin.strip_prefix(*scheme) == Some(host))
    }) == Some(true)
}

/// Returns whether every value of a header passes; `None` without a value.
fn all(headers: &HeaderMap, name: &str, passes: impl Fn(&[u8]) -> bool) -> Option<bool> {
    headers.contains_key(name).then(|| {
        headers
            .get_all(name)
            .iter()
            .all(|value| passes(value.as_bytes()))
    })
}

#[cfg(test)]
mod tests;
