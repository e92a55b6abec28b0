//! The leg between browser and server, written down while it is under way.

use crate::{bff::Bff, clock::Clock, grant::GrantId, journal::Journal, visit::Visit};
use confidant_wire::{Exchange, Parameter, Party, UnixMillis, Value};
use std::sync::Arc;

/// A browser's request that is being answered.
pub struct BrowserLeg {
    journal: Journal,
    clock: Arc<dyn Clock>,
    grant: GrantId,
    at: UnixMillis,
    id: u64,
}

impl Bff {
    /// Writes down that the browser asks for this. None where nobody is
    /// signed in, or nothing is written down.
    pub async fn browser_asks(
        &self,
        visit: &Visit,
        method: &str,
        path: &str,
    ) -> Option<BrowserLeg> {
        if !self.0.journal.is_kept() {
            return None;
        }
        let session = self.find(visit).await.ok()??;
        self.note_browser(&session.grant, method, path)
    }

    /// The same for a session that was found already.
    pub(crate) fn note_browser(
        &self,
        grant: &GrantId,
        method: &str,
        path: &str,
    ) -> Option<BrowserLeg> {
        if !self.0.journal.is_kept() {
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
        let id = self.0.journal.exchanged(grant, exchange)?;
        Some(BrowserLeg {
            journal: self.0.journal.clone(),
            clock: self.0.clock.clone(),
            grant: grant.clone(),
            at,
            id,
        })
    }
}

impl BrowserLeg {
    /// Writes down how it was answered, and with how many bytes if that is
    /// known.
    pub fn answered(self, status: u16, bytes: Option<u64>) {
        let took = self.clock.now().saturating_sub(self.at);
        self.journal.amend(&self.grant, self.id, |exchange| {
            exchange.status = Some(status);
            exchange.took = took;
            exchange.bytes = bytes;
        });
    }
}
