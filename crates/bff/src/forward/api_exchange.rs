//! Requests to APIs, in the exchange log.

use crate::{
    clock::Clock, digest::fingerprint, exchange_log::ExchangeLog, exchange_log::redaction,
    grant::GrantId,
};
use confidant_wire::{Exchange, Parameter, Party, TokenKind, UnixMillis, Value};
use http::{Method, Uri};
use std::sync::Arc;

/// A request to an API, recorded before the response arrives.
pub(super) struct ApiExchange {
    exchange_log: ExchangeLog,
    clock: Arc<dyn Clock>,
    grant: GrantId,
    at: UnixMillis,
    id: u64,
}

impl ApiExchange {
    /// Records a request with this token, unless the log is off.
    pub(super) fn begin(
        exchange_log: &ExchangeLog,
        clock: &Arc<dyn Clock>,
        grant: &GrantId,
        (method, url): (&Method, &Uri),
        token: &str,
    ) -> Option<Self> {
        if !exchange_log.is_on() {
            return None;
        }
        let at = clock.now();
        let mut sent = vec![Parameter {
            name: "authorization".into(),
            value: Value::Token(fingerprint(TokenKind::Access, token)),
        }];
        sent.extend(redaction::pairs(url.query().unwrap_or_default().as_bytes()));
        let exchange = Exchange {
            id: 0,
            from: Party::Server,
            to: Party::Api,
            at,
            took: 0,
            method: method.to_string(),
            path: url.path().to_owned(),
            sent,
            status: None,
            received: Vec::new(),
            bytes: None,
        };
        let id = exchange_log.exchanged(grant, exchange)?;
        Some(Self {
            exchange_log: exchange_log.clone(),
            clock: clock.clone(),
            grant: grant.clone(),
            at,
            id,
        })
    }

    /// Records the status of the response, before its body arrives.
    pub(super) fn finish(&self, status: u16, bytes: Option<u64>) {
        self.exchange_log.amend(&self.grant, self.id, |exchange| {
            exchange.status = Some(status);
            exchange.bytes = bytes;
        });
    }
}

impl Drop for ApiExchange {
    fn drop(&mut self) {
        let took = self.clock.now().saturating_sub(self.at);
        self.exchange_log
            .amend(&self.grant, self.id, |exchange| exchange.took = took);
    }
}
