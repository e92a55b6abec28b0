//! `/demo`: the decision log and the request counts.

use axum::{Json, extract::State, http::header, response::IntoResponse};

use crate::{
    pages::{decisions::decisions_page, layout::Page},
    provider::Provider,
};

/// `GET /demo`: shows the decision log to a user.
pub(crate) async fn page(State(provider): State<Provider>) -> Page {
    provider.read(|state, _| decisions_page(state.decisions.entries().rev()))
}

/// `GET /demo/decisions`: returns the decision log, from the oldest to the
/// newest entry.
pub(crate) async fn decisions(State(provider): State<Provider>) -> impl IntoResponse {
    let entries: Vec<_> = provider.read(|state, _| state.decisions.entries().cloned().collect());
    ([(header::CACHE_CONTROL, "no-store")], Json(entries))
}

/// `GET /demo/requests`: returns the request counts.
pub(crate) async fn requests(State(provider): State<Provider>) -> impl IntoResponse {
    let counts = provider.read(|state, _| state.requests.clone());
    ([(header::CACHE_CONTROL, "no-store")], Json(counts))
}
