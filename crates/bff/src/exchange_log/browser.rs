//! The leg between browser and server, written down while it is under way.

use crate::{
    bff::Bff, clock::Clock, exchange_log::ExchangeLog, grant::GrantId,
    request_cookies::RequestCookies,
};
use confidant_wire::{Exchange, Parameter, Party, UnixMillis, Value};
use std::sync::Arc;

/// A browser's request that is being answered.
pub struct BrowserExchange {
    exchange_log: ExchangeLog,
    clock: Arc<dyn Clock>,
    grant: GrantId,
    at: UnixMillis,
    id: u64,
}

impl Bff {
    /// Writes down that the browser asks for this. None where nobody is
    /// signed in, or nothing is written down.
    pub async fn record_browser_request(
        &self,
        visit: &RequestCookies,
        method: &str,
        path: &str,
    ) -> Option<BrowserExchange> {
        if !self.0.exchange_log.is_kept() {
            return None;
        }
        let session = self.find(visit).await.ok()??;
        self.start_browser_exchange(&session.grant, method, path)
    }

    /// The same for a session that was found already.
    pub(crate) fn start_browser_exchange(
        &self,
        grant: &GrantId,
        method: &str,
        path: &str,
    ) -> Option<BrowserExchange> {
        if !self.0.exchange_log.is_kept() {
            return None;
        }
        let at = self.0.clock.now();
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
        let id = self.0.exchange_log.exchanged(grant, exchange)?;
        Some(BrowserExchange {
            exchange_log: self.0.exchange_log.clone(),
            clock: self.0.clock.clone(),
            grant: grant.clone(),
            at,
            id,
        })
    }
}

impl BrowserExchange {
    /// Writes down how it was answered, and with how many bytes if that is
    /// known.
    pub fn finish(self, status: u16, bytes: Option<u64>) {
        let took = self.clock.now().saturating_sub(self.at);
        self.exchange_log.amend(&self.grant, self.id, |exchange| {
            exchange.status = Some(status);
            exchange.took = took;
            exchange.bytes = bytes;
        });
    }
}
