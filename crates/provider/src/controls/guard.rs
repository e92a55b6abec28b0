//! Who may use the control API: programs on this machine, and no browser.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error::ControlApiError;

/// What every call has to carry.
const DEMO_HEADER: &str = "x-demo";

/// Lets a call through, or refuses it.
pub(super) async fn require_local_program(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    match check(peer.map(|ConnectInfo(peer)| *peer), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// There is no secret to show, because whoever runs programs here could read
/// it. What has to be kept out are other machines, and pages in a browser on
/// this one: those send `Origin` whenever they change something, and cannot
/// send `X-Demo` to another origin unasked.
fn check(peer: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), ControlApiError> {
    let local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    // A proxy on this machine has our address and somebody else's request.
    let proxied =
        headers.contains_key(header::FORWARDED) || headers.contains_key("x-forwarded-for");
    if !local || proxied {
        return Err(ControlApiError::NotLocal);
    }
    if headers.contains_key(header::ORIGIN) {
        return Err(ControlApiError::FromPage);
    }
    match headers.get(DEMO_HEADER).is_some_and(|value| value == "1") {
        true => Ok(()),
        false => Err(ControlApiError::NoHeader),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn refused(peer: Option<&str>, pairs: &[(&'static str, &'static str)]) -> Option<&'static str> {
        let peer = peer.map(|peer| peer.parse().unwrap());
        let result = check(peer, &headers(pairs));
        result.err().map(|problem| problem.code())
    }

    #[test]
    fn programs_on_this_machine_may() {
        for peer in ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5"] {
            assert_eq!(refused(Some(peer), &[(DEMO_HEADER, "1")]), None);
        }
    }

    #[test]
    fn other_machines_may_not_directly_or_through_a_proxy() {
        for peer in [None, Some("192.0.2.1:5"), Some("[::ffff:192.0.2.1]:5")] {
            assert_eq!(refused(peer, &[(DEMO_HEADER, "1")]), Some("not_local"));
        }
        let local = Some("127.0.0.1:5");
        for name in ["forwarded", "x-forwarded-for"] {
            let proxied = refused(local, &[(DEMO_HEADER, "1"), (name, "for=192.0.2.1")]);
            assert_eq!(proxied, Some("not_local"));
        }
    }

    #[test]
    fn pages_may_not_even_from_the_provider_itself() {
        let local = Some("127.0.0.1:5");
        for origin in ["http://127.0.0.1:4000", "null"] {
            let page = refused(local, &[(DEMO_HEADER, "1"), ("origin", origin)]);
            assert_eq!(page, Some("from_page"));
        }
        assert_eq!(refused(local, &[]), Some("no_header"));
        assert_eq!(refused(local, &[(DEMO_HEADER, "0")]), Some("no_header"));
    }
}
