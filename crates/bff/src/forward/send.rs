//! One request to an API, and the beginning of its answer.

use super::{
    error::ForwardError,
    request_body::{Outgoing, Progress},
};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use std::{error::Error, pin::pin, time::Duration};
use tokio::time::{Instant, timeout_at};

/// How long it may take to reach an API.
const CONNECT: Duration = Duration::from_secs(3);

/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(60);

/// The client for all APIs. It keeps connections and does nothing else of its
/// own accord: it follows no redirect, and sends again only what has not left.
///
/// It is the one beneath the transport for providers, which costs half as much
/// again for each request.
pub(super) type Client = legacy::Client<HttpsConnector<HttpConnector>, Outgoing>;

/// A client that trusts whom this machine trusts.
///
/// # Errors
/// When the TLS library cannot be set up.
pub(super) fn client() -> Result<Client, Box<dyn Error + Send + Sync>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT));
    tcp.set_nodelay(true);
    let connector = HttpsConnectorBuilder::new()
        .try_with_platform_verifier()?
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector))
}

/// Sends a request and waits for the head of its answer. `patience` is how
/// long nothing at all may happen: while a large body still moves, the API is
/// not expected to answer.
///
/// # Errors
/// When no answer begins.
pub(super) async fn send(
    client: &Client,
    request: Request<Outgoing>,
    progress: &Progress,
    patience: Duration,
) -> Result<Response<Incoming>, ForwardError> {
    let mut answer = pin!(client.request(request));
    let answer = loop {
        let end = progress.moved() + patience;
        match timeout_at(end, answer.as_mut()).await {
            Ok(answer) => break answer,
            Err(_) if progress.moved() + patience > Instant::now() => {}
            Err(_) => return Err(ForwardError::Silent),
        }
    };
    match answer {
        // Nothing was asked to be upgraded.
        Ok(answer) if answer.status().is_informational() => Err(ForwardError::Unreachable),
        Ok(answer) => Ok(answer),
        Err(error) => {
            let cause = error.source().map(ToString::to_string);
            tracing::warn!(%error, cause, "an API gave no answer");
            Err(progress.stopped_by().unwrap_or(ForwardError::Unreachable))
        }
    }
}
