//! The leg between server and API, written down while it is under way.

use crate::{
    clock::Clock, digest::fingerprint, grant::GrantId, journal::Journal, transport::record,
};
use confidant_wire::{Exchange, Parameter, Party, TokenKind, UnixMillis, Value};
use http::{Method, Uri};
use std::sync::Arc;

/// A request to an API that is being answered.
pub(super) struct ApiLeg {
    journal: Journal,
    clock: Arc<dyn Clock>,
    grant: GrantId,
    at: UnixMillis,
    id: u64,
}

impl ApiLeg {
    /// Writes down that this is asked with this token. None where nothing is
    /// written down.
    pub(super) fn begin(
        journal: &Journal,
        clock: &Arc<dyn Clock>,
        grant: &GrantId,
        (method, url): (&Method, &Uri),
        token: &str,
    ) -> Option<Self> {
        if !journal.is_kept() {
            return None;
        }
        let at = clock.now();
        let mut sent = vec![Parameter {
            name: "authorization".into(),
            value: Value::Token(fingerprint(TokenKind::Access, token)),
        }];
        sent.extend(record::pairs(url.query().unwrap_or_default().as_bytes()));
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
        let id = journal.exchanged(grant, exchange)?;
        Some(Self {
            journal: journal.clone(),
            clock: clock.clone(),
            grant: grant.clone(),
            at,
            id,
        })
    }

    /// Writes down the status of the answer, whose body is still to come.
    pub(super) fn answered(&self, status: u16, bytes: Option<u64>) {
        self.journal.amend(&self.grant, self.id, |exchange| {
            exchange.status = Some(status);
            exchange.bytes = bytes;
        });
    }
}

impl Drop for ApiLeg {
    fn drop(&mut self) {
        let took = self.clock.now().saturating_sub(self.at);
        self.journal
            .amend(&self.grant, self.id, |exchange| exchange.took = took);
    }
}
