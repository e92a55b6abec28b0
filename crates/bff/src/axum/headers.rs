//! Security headers: what every answer tells the browser, unless the answer
//! says otherwise.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use futures::{TryFutureExt, future::MapOk};
use std::task::{Context, Poll};
use tower::{Layer, Service};

/// Set where the answer has none. Pages bring a content policy of their own;
/// files a caching policy.
const DEFAULTS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Adds security headers to every answer that does not set them itself:
/// a content policy that allows nothing, `no-store`, `nosniff`, isolation from
/// other origins, a referrer policy and, for https, HSTS (RFC 6797).
#[derive(Clone, Copy, Debug)]
pub struct SecurityHeadersLayer {
    https: bool,
}

impl SecurityHeadersLayer {
    /// `https` says whether browsers reach the application by https.
    pub(crate) fn new(https: bool) -> Self {
        Self { https }
    }
}

impl<S> Layer<S> for SecurityHeadersLayer {
    type Service = SecurityHeaders<S>;

    fn layer(&self, inner: S) -> SecurityHeaders<S> {
        SecurityHeaders {
            inner,
            https: self.https,
        }
    }
}

/// The service that [`SecurityHeadersLayer`] makes of another.
#[derive(Clone, Debug)]
pub struct SecurityHeaders<S> {
    inner: S,
    https: bool,
}

impl<S> Service<Request> for SecurityHeaders<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = MapOk<S::Future, Box<dyn FnOnce(Response) -> Response + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (referrer, https) = (referrer(request.uri().path()), self.https);
        self.inner
            .call(request)
            .map_ok(Box::new(move |mut response| {
                complete(response.headers_mut(), referrer, https);
                response
            }))
    }
}

/// Returns how much of an address the page's own requests carry on. The
/// address of the callback page holds the authorization code; not even the
/// application's own requests may carry that.
fn referrer(path: &str) -> HeaderValue {
    if path.trim_end_matches('/').ends_with("/callback") {
        HeaderValue::from_static("no-referrer")
    } else {
        HeaderValue::from_static("same-origin")
    }
}

/// Completes the answer to a forwarded request.
pub(super) fn complete_api(headers: &mut HeaderMap, https: bool) {
    // Opened as a document, an answer has no origin and no script.
    let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; \
                  frame-ancestors 'none'; sandbox";
    let policy = HeaderValue::from_static(policy);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let referrer = HeaderValue::from_static("same-origin");
    complete(headers, referrer, https);
}

fn complete(headers: &mut HeaderMap, referrer: HeaderValue, https: bool) {
    headers.reserve(DEFAULTS.len() + 2);
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::REFERRER_POLICY).or_insert(referrer);
    if https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_own_policy_is_kept() {
        let mut headers = HeaderMap::new();
        let own = HeaderValue::from_static("default-src 'self'");
        headers.insert(header::CONTENT_SECURITY_POLICY, own.clone());
        complete(&mut headers, referrer("/"), false);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], own);
        assert_eq!(
            headers
                .get_all(header::CONTENT_SECURITY_POLICY)
                .iter()
                .count(),
            1
        );
    }

    #[test]
    fn https_is_pinned_only_where_people_use_it() {
        for (https, pinned) in [(true, true), (false, false)] {
            let mut headers = HeaderMap::new();
            complete(&mut headers, referrer("/"), https);
            assert_eq!(
                headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
                pinned
            );
        }
    }

    #[test]
    fn the_address_with_the_code_is_never_a_referrer() {
        for (path, policy) in [
            ("/callback", "no-referrer"),
            ("/browser/callback/", "no-referrer"),
            ("/callbacks", "same-origin"),
        ] {
            let mut headers = HeaderMap::new();
            complete(&mut headers, referrer(path), false);
            assert_eq!(headers[header::REFERRER_POLICY], policy);
        }
    }
}
