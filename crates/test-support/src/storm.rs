//! Many requests at the same moment.

use crate::{
    Error,
    http::{Connection, Response, request},
};
use http::Method;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Barrier;

/// The outcome of one request.
#[derive(Debug)]
pub struct Outcome {
    /// The response, or the reason why there is none.
    pub response: Result<Response, Error>,
    /// The time from the start of the storm to the end of the response.
    pub took: Duration,
}

/// Sends `count` GET requests for `path` with this cookie to the servers in turn.
/// Each request has a connection of its own. All connections are open before the
/// first request is sent, as a browser keeps them open, so that the requests
/// leave at the same moment.
///
/// # Errors
/// If a connection cannot be opened.
pub async fn storm(
    servers: &[SocketAddr],
    count: usize,
    path: &str,
    cookie: &str,
) -> Result<Vec<Outcome>, Error> {
    let mut connections = Vec::with_capacity(count);
    for server in servers.iter().cycle().take(count) {
        connections.push(Connection::open(*server).await?);
    }
    // The requests, and the task that releases them.
    let barrier = Arc::new(Barrier::new(count + 1));
    let mut callers = Vec::with_capacity(count);
    for mut connection in connections {
        let headers = [("cookie", cookie), ("x-csrf", "1")];
        let request = request(Method::GET, path, &headers, "")?;
        let barrier = barrier.clone();
        callers.push(tokio::spawn(async move {
            barrier.wait().await;
            let sent = Instant::now();
            let response = connection.send(request).await;
            (response, sent, Instant::now())
        }));
    }
    barrier.wait().await;
    let began = Instant::now();
    let mut outcomes = Vec::with_capacity(count);
    for caller in callers {
        let (response, sent, ended) = caller
            .await
            .map_err(|error| Error::message(error.to_string()))?;
        outcomes.push(Outcome {
            response,
            took: ended.saturating_duration_since(began.min(sent)),
        });
    }
    Ok(outcomes)
}

/// Returns the longest time that a caller waited.
pub fn slowest(outcomes: &[Outcome]) -> Duration {
    let times = outcomes.iter().map(|outcome| outcome.took);
    times.max().unwrap_or_default()
}

/// Returns the number of requests with a 2xx response.
pub fn succeeded(outcomes: &[Outcome]) -> usize {
    let is_success = |outcome: &&Outcome| matches!(&outcome.response, Ok(response) if response.status.is_success());
    outcomes.iter().filter(is_success).count()
}
