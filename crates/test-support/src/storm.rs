//! Many requests at one moment.

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

/// What came of one request.
#[derive(Debug)]
pub struct Outcome {
    /// Its answer, or why none came.
    pub answer: Result<Response, Error>,
    /// From the moment of the storm to the end of the answer.
    pub took: Duration,
}

/// Sends `count` requests with this cookie for `path`, each on a connection of
/// its own, to these servers in turn. The connections are open before, as a
/// browser's are, so that all requests leave at one moment.
///
/// # Errors
/// When a connection cannot be opened.
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
    // One more than there are requests: whoever gives the sign.
    let sign = Arc::new(Barrier::new(count + 1));
    let mut callers = Vec::with_capacity(count);
    for mut connection in connections {
        let headers = [("cookie", cookie), ("x-csrf", "1")];
        let request = request(Method::GET, path, &headers, "")?;
        let sign = sign.clone();
        callers.push(tokio::spawn(async move {
            sign.wait().await;
            let began = Instant::now();
            let answer = connection.send(request).await;
            (answer, began, Instant::now())
        }));
    }
    sign.wait().await;
    let began = Instant::now();
    let mut outcomes = Vec::with_capacity(count);
    for caller in callers {
        let (answer, sent, ended) = caller
            .await
            .map_err(|error| Error::because(error.to_string()))?;
        let from = began.min(sent);
        outcomes.push(Outcome {
            answer,
            took: ended.saturating_duration_since(from),
        });
    }
    Ok(outcomes)
}

/// The longest that anybody waited.
pub fn slowest(outcomes: &[Outcome]) -> Duration {
    let times = outcomes.iter().map(|outcome| outcome.took);
    times.max().unwrap_or_default()
}

/// How many got a good answer.
pub fn succeeded(outcomes: &[Outcome]) -> usize {
    outcomes
        .iter()
        .filter(|outcome| matches!(&outcome.answer, Ok(answer) if answer.status.is_success()))
        .count()
}
