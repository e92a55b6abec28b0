//! HTTP towards providers and their APIs: redirects off, a deadline, a body
//! limit, and every exchange written down as it happens.
//!
//! - [`call`]: the adapter through which the protocol libraries speak
//! - [`record`]: what may be written down of a request and its answer

mod call;

pub(crate) use call::Call;

use crate::{clock::Clock, exchange_log::ExchangeLog, grant::GrantId};
use confidant_wire::{Exchange, Party};
use http::{Request, Response};
use std::{sync::Arc, time::Duration};

/// Bytes of an answer that are read before it is refused.
const BODY_LIMIT: usize = 1024 * 1024;

/// An HTTP client; cheap to clone.
#[derive(Clone)]
pub(crate) struct HttpClient {
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
    exchange_log: ExchangeLog,
}

/// Who is asked, and on whose behalf.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestContext<'a> {
    /// The provider, or an API.
    pub to: Party,
    /// The grant in whose journal it is written.
    pub grant: Option<&'a GrantId>,
    /// How long the whole exchange may take.
    pub deadline: Duration,
}

/// No answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request did not reach anybody: surely not processed.
    #[error("no connection")]
    NotSent,
    /// It was sent, and the answer did not come, or not whole.
    #[error("the answer was lost")]
    Lost,
    /// The answer was larger than is reasonable.
    #[error("the answer was too large")]
    TooLarge,
}

impl HttpClient {
    /// A client that writes into this journal.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        exchange_log: ExchangeLog,
        user_agent: &str,
    ) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            // A redirect would carry a secret to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            // A retry behind our back would present a one-time token twice.
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(3))
            .user_agent(user_agent)
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            clock,
            exchange_log,
        })
    }

    /// Sends one request.
    ///
    /// # Errors
    /// When no whole answer came; which error it is says whether the request
    /// may have been processed.
    pub(crate) async fn send(
        &self,
        leg: RequestContext<'_>,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let at = self.clock.now();
        let mut exchange = Exchange {
            id: 0,
            from: Party::Server,
            to: leg.to,
            at,
            took: 0,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            sent: crate::exchange_log::redaction::sent(&request),
            status: None,
            received: Vec::new(),
            bytes: None,
        };
        let result = tokio::time::timeout(leg.deadline, self.exchange(request))
            .await
            .unwrap_or(Err(TransportError::Lost));
        if let Ok(response) = &result {
            exchange.status = Some(response.status().as_u16());
            exchange.received = crate::exchange_log::redaction::received(response);
            exchange.bytes = Some(response.body().len() as u64);
        }
        exchange.took = self.clock.now().saturating_sub(at);
        if let Some(grant) = leg.grant {
            self.exchange_log.exchanged(grant, exchange);
        }
        result
    }

    async fn exchange(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let request = request.map(reqwest::Body::from);
        let request = reqwest::Request::try_from(request).map_err(|_| TransportError::NotSent)?;
        let mut answer = self.client.execute(request).await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                TransportError::NotSent
            } else {
                TransportError::Lost
            }
        })?;
        let mut response = Response::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let body = response.body_mut();
        while let Some(chunk) = answer.chunk().await.map_err(|_| TransportError::Lost)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response)
    }
}
