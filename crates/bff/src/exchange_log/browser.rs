//! The browser's requests in the exchange log.

use super::ExchangeLog;
use crate::{clock::Clock, grant::GrantId};
use confidant_wire::{Exchange, Parameter, Party, UnixMillis, Value};
use std::sync::Arc;

/// A request of the browser that is being processed.
pub struct BrowserExchange {
    log: ExchangeLog,
    clock: Arc<dyn Clock>,
    grant: GrantId,
    at: UnixMillis,
    id: u64,
}

impl BrowserExchange {
    /// Records the request, unless the log is off.
    pub(crate) fn start(
        log: &ExchangeLog,
        clock: &Arc<dyn Clock>,
        grant: &GrantId,
        method: &str,
        path: &str,
    ) -> Option<Self> {
        if !log.is_on() {
            return None;
        }
        let at = clock.now();
        let exchange = Exchange {
            id: 0,
            from: Party::Browser,
            to: Party::Server,
            at,
            took: 0,
            method: method.to_owned(),
            path: path.to_owned(),
            sent: vec![Parameter {
                name: "cookie".into(),
                value: Value::Secret,
            }],
            status: None,
            received: Vec::new(),
            bytes: None,
        };
        let id = log.record_exchange(grant, exchange)?;
        Some(Self {
            log: log.clone(),
            clock: clock.clone(),
            grant: grant.clone(),
            at,
            id,
        })
    }

    /// Records the status of the response, and its size in bytes if known.
    pub fn finish(self, status: u16, bytes: Option<u64>) {
        let took = self.clock.now().saturating_sub(self.at);
        self.log.update(&self.grant, self.id, |exchange| {
            exchange.status = Some(status);
            exchange.took = took;
            exchange.bytes = bytes;
        });
    }
}
