//! One request to an API, and the beginning of its answer.

use super::{obstacle::Obstacle, upload::Progress};
use http::Response;
use reqwest::{Body, Client, Request};
use std::{pin::pin, time::Duration};
use tokio::time::{Instant, timeout_at};

/// How long it may take to reach an API.
const CONNECT: Duration = Duration::from_secs(3);

/// The client for all APIs: it keeps connections, and does nothing of its own
/// accord.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        // A redirect would carry the token to wherever it points.
        .redirect(reqwest::redirect::Policy::none())
        // Only we know whether a request may be sent again.
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .no_proxy()
        .build()
}

/// Sends a request and waits for the head of its answer. `patience` is how
/// long nothing at all may happen: while a large body still moves, the API is
/// not expected to answer.
///
/// # Errors
/// When no answer begins.
pub(super) async fn send(
    client: &Client,
    request: Request,
    progress: &Progress,
    patience: Duration,
) -> Result<Response<Body>, Obstacle> {
    let mut answer = pin!(client.execute(request));
    let answer = loop {
        let end = progress.moved() + patience;
        match timeout_at(end, answer.as_mut()).await {
            Ok(answer) => break answer,
            Err(_) if progress.moved() + patience > Instant::now() => {}
            Err(_) => return Err(Obstacle::Silent),
        }
    };
    match answer {
        // Nothing was asked to be upgraded.
        Ok(answer) if answer.status().is_informational() => Err(Obstacle::Unreachable),
        Ok(answer) => Ok(answer.into()),
        Err(error) => {
            // Its URL may hold what is nobody's business.
            tracing::warn!(error = %error.without_url(), "an API gave no answer");
            Err(progress.stopped_by().unwrap_or(Obstacle::Unreachable))
        }
    }
}
