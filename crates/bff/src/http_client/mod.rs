//! HTTP requests to providers: without redirects, with a deadline and a body
//! limit, each recorded in the exchange log.
//!
//! - `backchannel`: another address of the provider for this server
//! - `call`: the HTTP client of `oauth2`

mod backchannel;
mod call;

pub(crate) use call::Call;

use self::backchannel::Backchannel;
use crate::{
    clock::Clock,
    exchange_log::{ExchangeLog, redaction},
    grant::GrantId,
};
use confidant_protocol::{log_text::log_text, loopback::is_loopback};
use confidant_wire::{Exchange, Party};
use http::{Request, Response};
use std::{sync::Arc, time::Duration};
use url::Url;

/// The largest response body, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// An HTTP client; cheap to clone.
#[derive(Clone)]
pub(crate) struct HttpClient {
    /// For providers on this machine, which no proxy can reach.
    direct: reqwest::Client,
    /// Goes through the proxy that the environment names (`HTTPS_PROXY`,
    /// `HTTP_PROXY`, `NO_PROXY`), if it names one.
    proxied: reqwest::Client,
    clock: Arc<dyn Clock>,
    exchange_log: ExchangeLog,
    backchannel: Option<Backchannel>,
}

/// The destination of a request, and the grant that it concerns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestContext<'a> {
    /// The party that the request is sent to.
    pub(crate) to: Party,
    /// The grant under which the exchange is recorded.
    pub(crate) grant: Option<&'a GrantId>,
    /// How long the whole exchange may take.
    pub(crate) deadline: Duration,
}

/// Why there is no complete response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// There was no connection, so the request was certainly not processed.
    #[error("no connection")]
    NotSent,
    /// The request was sent, and no response or only a part of it came.
    #[error("the response was lost")]
    Lost,
    /// The response is larger than the limit.
    #[error("the response is too large")]
    TooLarge,
}

impl HttpClient {
    /// Creates a client that records its exchanges in this log.
    ///
    /// # Errors
    /// If the TLS library cannot be initialised.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        exchange_log: ExchangeLog,
        user_agent: &str,
    ) -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                // A redirect would send a secret to another address.
                .redirect(reqwest::redirect::Policy::none())
                // A retry inside the library would present a one-time token twice.
                .retry(reqwest::retry::never())
                .connect_timeout(Duration::from_secs(3))
                .user_agent(user_agent)
        };
        Ok(Self {
            direct: builder().no_proxy().build()?,
            proxied: builder().build()?,
            clock,
            exchange_log,
            backchannel: None,
        })
    }

    /// Sends requests to the origin of `issuer` to the origin of `url` instead.
    pub(crate) fn with_backchannel(self, issuer: &Url, url: Url) -> Self {
        Self {
            backchannel: Some(Backchannel::new(issuer, url)),
            ..self
        }
    }

    /// Returns the clock.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Sends one request.
    ///
    /// # Errors
    /// If there is no complete response. The error says whether the request may
    /// have been processed.
    pub(crate) async fn send(
        &self,
        context: RequestContext<'_>,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let at = self.clock.now();
        let mut exchange = Exchange {
            id: 0,
            from: Party::Server,
            to: context.to,
            at,
            took: 0,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            sent: redaction::sent(&request),
            status: None,
            received: Vec::new(),
            bytes: None,
        };
        let result = tokio::time::timeout(context.deadline, self.exchange(request))
            .await
            .unwrap_or(Err(TransportError::Lost));
        if let Ok(response) = &result {
            exchange.status = Some(response.status().as_u16());
            exchange.received = redaction::received(response);
            exchange.bytes = Some(response.body().len() as u64);
        }
        exchange.took = self.clock.now().saturating_sub(at);
        if let Some(grant) = context.grant {
            self.exchange_log.record_exchange(grant, exchange);
        }
        result
    }

    async fn exchange(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let request = request.map(reqwest::Body::from);
        let mut request =
            reqwest::Request::try_from(request).map_err(|_| TransportError::NotSent)?;
        if let Some(backchannel) = &self.backchannel {
            backchannel.apply(request.url_mut());
        }
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let client = match is_loopback(&host) {
            true => &self.direct,
            false => &self.proxied,
        };
        let mut incoming = client.execute(request).await.map_err(|error| {
            let is_not_sent = error.is_connect() || error.is_builder();
            // Without the URL, which may contain a token.
            let cause = causes(&error.without_url());
            tracing::info!(host, cause, "a request to a provider brought no response");
            if is_not_sent {
                TransportError::NotSent
            } else {
                TransportError::Lost
            }
        })?;
        let mut response = Response::new(Vec::new());
        *response.status_mut() = incoming.status();
        *response.headers_mut() = std::mem::take(incoming.headers_mut());
        let body = response.body_mut();
        while let Some(chunk) = incoming.chunk().await.map_err(|_| TransportError::Lost)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

/// Joins an error and its causes.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    log_text(&texts.join(": "))
}
