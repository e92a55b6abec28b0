//! One request to an API, and the beginning of its answer.

use super::{
    connector::Connector,
    error::ForwardError,
    request_body::{Outgoing, Progress},
};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::{
        legacy::{self, connect::HttpConnector},
        proxy::matcher::Matcher,
    },
    rt::{TokioExecutor, TokioTimer},
};
use std::{error::Error, pin::pin, time::Duration};
use tokio::time::{Instant, timeout_at};

/// How long a connection to an API may take to open.
const CONNECT: Duration = Duration::from_secs(3);

/// How long a connection may be quiet before it is probed.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// How long an unused connection is kept open.
const IDLE: Duration = Duration::from_secs(60);

/// The HTTP client for all APIs. It keeps connections open, follows no redirect,
/// and sends a request again only if nothing of it has been sent.
///
/// `reqwest`, which the requests to providers use, is built on this client and
/// costs half as much again for each request.
pub(super) type Client = legacy::Client<HttpsConnector<Connector>, Outgoing>;

/// Returns a client that trusts the certificates of this machine.
///
/// # Errors
/// When the TLS library cannot be set up.
pub(super) fn client() -> Result<Client, Box<dyn Error + Send + Sync>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT));
    tcp.set_nodelay(true);
    // Notices that an API is gone whose event stream has no other limit.
    tcp.set_keepalive(Some(KEEPALIVE));
    let connector = HttpsConnectorBuilder::new()
        .try_with_platform_verifier()?
        .https_or_http()
        .enable_http1()
        .wrap_connector(Connector::new(tcp, Matcher::from_env()));
    Ok(legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector))
}

/// Sends a request and waits for the head of the response. `timeout` limits the
/// time in which no data moves: while a large body is still being sent, the API
/// need not answer.
///
/// # Errors
/// When no response begins.
pub(super) async fn send(
    client: &Client,
    request: Request<Outgoing>,
    progress: &Progress,
    timeout: Duration,
) -> Result<Response<Incoming>, ForwardError> {
    let mut answer = pin!(client.request(request));
    let answer = loop {
        let end = progress.moved() + timeout;
        match timeout_at(end, answer.as_mut()).await {
            Ok(answer) => break answer,
            Err(_) if progress.moved() + timeout > Instant::now() => {}
            Err(_) => return Err(ForwardError::Silent),
        }
    };
    match answer {
        // The request asked for no upgrade.
        Ok(answer) if answer.status().is_informational() => Err(ForwardError::Unreachable),
        Ok(answer) => Ok(answer),
        Err(error) => {
            let cause = error.source().map(ToString::to_string);
            tracing::warn!(%error, cause, "an API gave no answer");
            Err(progress.stopped_by().unwrap_or(ForwardError::Unreachable))
        }
    }
}
