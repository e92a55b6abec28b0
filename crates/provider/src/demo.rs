//! What the demo shows of itself: decisions and counts of requests.

use axum::{Json, extract::State, http::header, response::IntoResponse};

use crate::{
    pages::{decisions::decisions_page, layout::Page},
    provider::Provider,
};

/// `GET /demo`: the decisions for a person to read.
pub(crate) async fn page(State(provider): State<Provider>) -> Page {
    provider.read(|state, _| decisions_page(state.decisions.entries().rev()))
}

/// `GET /demo/decisions`: the decisions as JSON, the oldest first.
pub(crate) async fn decisions(State(provider): State<Provider>) -> impl IntoResponse {
    let entries: Vec<_> = provider.read(|state, _| state.decisions.entries().cloned().collect());
    ([(header::CACHE_CONTROL, "no-store")], Json(entries))
}

/// `GET /demo/requests`: how many requests there were.
pub(crate) async fn requests(State(provider): State<Provider>) -> impl IntoResponse {
    let counts = provider.read(|state, _| state.requests.clone());
    ([(header::CACHE_CONTROL, "no-store")], Json(counts))
}
