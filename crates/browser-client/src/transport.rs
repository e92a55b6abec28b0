//! Requests to the provider and the APIs, recorded in the exchange log.

use crate::{
    exchange_log::{ExchangeLog, exchange::exchange},
    http::{Request, Response, TransportError},
    platform::Platform,
};
use confidant_wire::Party;

/// How long a provider has for a response, in milliseconds, with all proofs
/// that it asks for. Twice that is less than other tabs wait for the lock.
const PROVIDER_LIMIT: u32 = 10_000;
/// How long an API has for a response, in milliseconds.
const API_LIMIT: u32 = 30_000;

/// Sends requests and records them.
#[derive(Clone)]
pub(crate) struct Transport<P> {
    platform: P,
    log: ExchangeLog<P>,
}

impl<P: Platform> Transport<P> {
    pub(crate) fn new(platform: P, log: ExchangeLog<P>) -> Self {
        Self { platform, log }
    }

    /// Sends a request.
    pub(crate) async fn send(
        &self,
        to: Party,
        request: &Request,
    ) -> Result<Response, TransportError> {
        self.send_within(limit(to), to, request).await
    }

    /// Sends a request that may take `limit` milliseconds.
    pub(crate) async fn send_within(
        &self,
        limit: u32,
        to: Party,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let sent = self.platform.now();
        let result = self.platform.fetch(request, limit).await;
        let took = self.platform.now().steady.saturating_sub(sent.steady);
        let exchange = exchange(to, request, &result, sent.wall, took);
        self.log.update(|log| log.add(exchange));
        result
    }
}

/// Returns how long a recipient has for a response, in milliseconds.
pub(crate) fn limit(to: Party) -> u32 {
    if to == Party::Api {
        API_LIMIT
    } else {
        PROVIDER_LIMIT
    }
}
