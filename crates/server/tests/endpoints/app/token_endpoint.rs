//! A token endpoint whose responses a test can script.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Response, header},
    middleware::{Next, from_fn_with_state},
};
use std::sync::{Arc, Mutex};

/// Counts the requests to the provider's token endpoint, and answers some of them
/// itself.
#[derive(Clone, Default)]
pub(crate) struct TokenEndpoint(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    requests: usize,
    script: Option<(&'static str, ScriptedResponse)>,
}

/// A response that the provider itself does not send.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScriptedResponse {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: &'static str,
}

impl ScriptedResponse {
    pub(crate) fn new(status: u16, body: &'static str) -> Self {
        Self {
            status,
            body,
            ..Self::default()
        }
    }
}

impl TokenEndpoint {
    /// From now on, requests with this text in their body get this response.
    pub(crate) fn respond(&self, to: &'static str, with: ScriptedResponse) {
        self.0.lock().unwrap().script = Some((to, with));
    }

    /// From now on, the provider responds to every request.
    pub(crate) fn recover(&self) {
        self.0.lock().unwrap().script = None;
    }

    /// Returns the number of token requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.0.lock().unwrap().requests
    }

    /// Puts this token endpoint in front of the provider.
    pub(super) fn in_front_of(&self, provider: Router) -> Router {
        provider.layer(from_fn_with_state(self.clone(), intercept))
    }
}

async fn intercept(
    State(endpoint): State<TokenEndpoint>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if request.uri().path() != "/token" {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 100_000).await.unwrap();
    let scripted = {
        let mut inner = endpoint.0.lock().unwrap();
        inner.requests += 1;
        let text = String::from_utf8_lossy(&body);
        inner
            .script
            .filter(|(part, _)| text.contains(part))
            .map(|(_, scripted)| scripted)
    };
    let Some(scripted) = scripted else {
        let request = Request::from_parts(parts, Body::from(body));
        return next.run(request).await;
    };
    let mut response = Response::builder().status(scripted.status);
    if let Some(seconds) = scripted.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    if !scripted.body.is_empty() {
        response = response.header(header::CONTENT_TYPE, "application/json");
    }
    response.body(Body::from(scripted.body)).unwrap()
}
