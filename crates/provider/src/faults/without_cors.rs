//! Answers that a page cannot read, because their CORS headers are missing.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::Response,
};

use super::{middleware::log_fault, plan::RequestInfo, rule::Fault};
use crate::{endpoints::endpoint, provider::Provider};

/// On an answer that is to go without.
#[derive(Clone, Copy)]
struct WithoutCors;

/// The answer, to be sent without CORS headers. Those are not on it yet: the
/// layer that adds them lies around the one that says so.
pub(super) fn mark(mut response: Response) -> Response {
    response.extensions_mut().insert(WithoutCors);
    response
}

/// Takes the CORS headers off where that is planned. Preflights are decided
/// about here, since no layer within sees them.
pub(crate) async fn strip_cors_headers(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let preflight = endpoint(request.uri().path());
    let preflight = preflight.filter(|_| request.method() == Method::OPTIONS);
    let hits = preflight.filter(|endpoint| {
        provider.settings(|settings| settings.faults.matches_preflight(endpoint))
    });
    if let Some(endpoint) = hits {
        let call = RequestInfo {
            endpoint,
            client: None,
            grant_type: None,
        };
        log_fault(&provider, &call, Fault::WithoutCors {});
    }
    let mut response = next.run(request).await;
    if hits.is_some() || response.extensions().get::<WithoutCors>().is_some() {
        strip(response.headers_mut());
    }
    response
}

fn strip(headers: &mut HeaderMap) {
    let names = headers.keys().cloned().collect::<Vec<_>>();
    for name in names {
        if name.as_str().starts_with("access-control-") {
            headers.remove(name);
        }
    }
}
