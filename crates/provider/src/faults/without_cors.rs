//! Answers that a page cannot read, because their CORS headers are missing.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::Response,
};

use super::{layer::log, plan::Call, rule::Fault};
use crate::{endpoints::endpoint, provider::Provider};

/// On an answer that is to go without.
#[derive(Clone, Copy)]
struct Marked;

/// The answer, to be sent without CORS headers. Those are not on it yet: the
/// layer that adds them lies around the one that says so.
pub(super) fn marked(mut response: Response) -> Response {
    response.extensions_mut().insert(Marked);
    response
}

/// Takes the CORS headers off where that is planned. Preflights are decided
/// about here, since no layer within sees them.
pub(crate) async fn without_cors(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let preflight = endpoint(request.uri().path());
    let preflight = preflight.filter(|_| request.method() == Method::OPTIONS);
    let struck = preflight.filter(|endpoint| {
        provider.settings(|settings| settings.faults.strikes_preflight(endpoint))
    });
    if let Some(endpoint) = struck {
        let call = Call {
            endpoint,
            client: None,
            grant_type: None,
        };
        log(&provider, &call, Fault::WithoutCors {});
    }
    let mut response = next.run(request).await;
    if struck.is_some() || response.extensions().get::<Marked>().is_some() {
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
