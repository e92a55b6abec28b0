//! The guard of the control API, which admits programs on this machine and no
//! browser.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::rejection::ControlRejection;

/// The header that every request must carry.
const DEMO_HEADER: &str = "x-demo";

/// Passes requests of local programs on, and rejects all others.
pub(super) async fn require_local_program(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    match check(peer.map(|ConnectInfo(peer)| *peer), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(rejection) => rejection.into_response(),
    }
}

/// Requires no secret: any program on this machine could read one. The check
/// keeps out other machines, and pages in a browser on this machine. Browsers
/// send `Origin` with every request that changes something, and `X-Demo` to
/// another origin only after a preflight.
fn check(peer: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), ControlRejection> {
    let local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    // A proxy on this machine forwards requests of other machines.
    let proxied =
        headers.contains_key(header::FORWARDED) || headers.contains_key("x-forwarded-for");
    if !local || proxied {
        return Err(ControlRejection::NotLocal);
    }
    if headers.contains_key(header::ORIGIN) {
        return Err(ControlRejection::FromPage);
    }
    if headers.get(DEMO_HEADER).is_some_and(|value| value == "1") {
        Ok(())
    } else {
        Err(ControlRejection::NoHeader)
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

    fn rejection(
        peer: Option<&str>,
        pairs: &[(&'static str, &'static str)],
    ) -> Option<&'static str> {
        let peer = peer.map(|peer| peer.parse().unwrap());
        let result = check(peer, &headers(pairs));
        result.err().map(|rejection| rejection.code())
    }

    #[test]
    fn programs_on_this_machine_are_admitted() {
        for peer in ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5"] {
            assert_eq!(rejection(Some(peer), &[(DEMO_HEADER, "1")]), None);
        }
    }

    #[test]
    fn other_machines_are_rejected_directly_and_through_a_proxy() {
        for peer in [None, Some("192.0.2.1:5"), Some("[::ffff:192.0.2.1]:5")] {
            assert_eq!(rejection(peer, &[(DEMO_HEADER, "1")]), Some("not_local"));
        }
        let local = Some("127.0.0.1:5");
        for name in ["forwarded", "x-forwarded-for"] {
            let proxied = rejection(local, &[(DEMO_HEADER, "1"), (name, "for=192.0.2.1")]);
            assert_eq!(proxied, Some("not_local"));
        }
    }

    #[test]
    fn pages_are_rejected_even_those_of_the_provider() {
        let local = Some("127.0.0.1:5");
        for origin in ["http://127.0.0.1:4000", "null"] {
            let page = rejection(local, &[(DEMO_HEADER, "1"), ("origin", origin)]);
            assert_eq!(page, Some("from_page"));
        }
        assert_eq!(rejection(local, &[]), Some("no_header"));
        assert_eq!(rejection(local, &[(DEMO_HEADER, "0")]), Some("no_header"));
    }
}
