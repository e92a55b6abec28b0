//! Responses without CORS headers, which no page can read.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::Response,
};

use super::log::log_fault;
use crate::{
    endpoints::endpoint,
    faults::{plan::RequestInfo, rule::Fault},
    provider::Provider,
};

/// Marks a response that must not have CORS headers.
#[derive(Clone, Copy)]
struct WithoutCors;

/// Marks `response`. The CORS layer runs later and adds its headers; then
/// [`strip_cors_headers`] removes them.
pub(super) fn without_cors(mut response: Response) -> Response {
    response.extensions_mut().insert(WithoutCors);
    response
}

/// Removes the CORS headers of marked responses. Also applies the plan to
/// preflights, because the CORS layer answers them itself.
pub(crate) async fn strip_cors_headers(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let endpoint = endpoint(request.uri().path());
    let faulty_preflight = endpoint.filter(|endpoint| {
        request.method() == Method::OPTIONS
            && provider.settings(|settings| settings.faults.matches_preflight(endpoint))
    });
    if let Some(endpoint) = faulty_preflight {
        let info = RequestInfo {
            endpoint,
            client: None,
            grant_type: None,
        };
        log_fault(&provider, &info, Fault::WithoutCors {});
    }
    let mut response = next.run(request).await;
    let is_marked = response.extensions().get::<WithoutCors>().is_some();
    if faulty_preflight.is_some() || is_marked {
        remove_cors_headers(response.headers_mut());
    }
    response
}

fn remove_cors_headers(headers: &mut HeaderMap) {
    let names = headers.keys().cloned().collect::<Vec<_>>();
    for name in names {
        if name.as_str().starts_with("access-control-") {
            headers.remove(name);
        }
    }
}
