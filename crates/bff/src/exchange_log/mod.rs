//! The recent HTTP exchanges of each grant, for the sequence diagram: in memory,
//! bounded, and with fingerprints instead of secrets.
//!
//! - [`redaction`]: what may be recorded of a request and its response
//! - `browser`: the browser's requests

mod browser;
pub(crate) mod redaction;

pub use browser::BrowserExchange;

use crate::grant::GrantId;
use confidant_wire::Exchange;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The number of exchanges kept for each grant.
const MAX_EXCHANGES: usize = 200;
/// The number of grants kept. The least recently used one is removed first.
const MAX_GRANTS: usize = 1000;

#[derive(Default)]
struct Entry {
    /// The value of [`Entries::uses`] at the last use of this entry.
    last_use: u64,
    last_id: u64,
    exchanges: VecDeque<Exchange>,
}

#[derive(Default)]
struct Entries {
    /// Counts uses, to find the least recently used entry.
    uses: u64,
    by_grant: HashMap<GrantId, Entry>,
}

/// The exchange log; cheap to clone. Records nothing if it is switched off.
#[derive(Clone, Default)]
pub(crate) struct ExchangeLog(Option<Arc<Mutex<Entries>>>);

impl ExchangeLog {
    /// Creates an empty log, or one that records nothing.
    pub(crate) fn new(is_on: bool) -> Self {
        Self(is_on.then(Arc::default))
    }

    /// Whether it records anything.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn entries(&self) -> Option<MutexGuard<'_, Entries>> {
        let entries = self.0.as_ref()?;
        Some(entries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records an exchange and returns its id.
    pub(crate) fn record_exchange(&self, grant: &GrantId, mut exchange: Exchange) -> Option<u64> {
        let mut entries = self.entries()?;
        let entry = entries.entry(grant);
        entry.last_id += 1;
        exchange.id = entry.last_id;
        if entry.exchanges.len() == MAX_EXCHANGES {
            entry.exchanges.pop_front();
        }
        entry.exchanges.push_back(exchange);
        Some(entry.last_id)
    }

    /// Completes an exchange that was recorded before it ended.
    pub(crate) fn update(&self, grant: &GrantId, id: u64, update: impl FnOnce(&mut Exchange)) {
        if let Some(mut entries) = self.entries()
            && let Some(entry) = entries.by_grant.get_mut(grant)
            && let Some(exchange) = entry
                .exchanges
                .iter_mut()
                .find(|exchange| exchange.id == id)
        {
            update(exchange);
        }
    }

    /// Returns what is recorded of the grant, in the order in which the requests
    /// were sent.
    pub(crate) fn exchanges(&self, grant: &GrantId) -> Vec<Exchange> {
        let Some(mut entries) = self.entries() else {
            return Vec::new();
        };
        let entry = entries.entry(grant);
        let mut exchanges: Vec<_> = entry.exchanges.iter().cloned().collect();
        exchanges.sort_by_key(|exchange| (exchange.at, exchange.id));
        exchanges
    }

    /// Copies the exchanges of a grant to the grant that replaces it.
    pub(crate) fn copy_to(&self, from: &GrantId, to: &GrantId) {
        if let Some(mut entries) = self.entries() {
            let Entry {
                last_id, exchanges, ..
            } = entries.entry(from);
            let (last_id, exchanges) = (*last_id, exchanges.clone());
            let successor = entries.entry(to);
            (successor.last_id, successor.exchanges) = (last_id, exchanges);
        }
    }

    /// Removes what is recorded of the grant.
    pub(crate) fn remove(&self, grant: &GrantId) {
        if let Some(mut entries) = self.entries() {
            entries.by_grant.remove(grant);
        }
    }
}

impl Entries {
    fn entry(&mut self, grant: &GrantId) -> &mut Entry {
        self.uses += 1;
        let uses = self.uses;
        if self.by_grant.len() >= MAX_GRANTS
            && !self.by_grant.contains_key(grant)
            && let Some(oldest) = self
                .by_grant
                .iter()
                .min_by_key(|(_, entry)| entry.last_use)
                .map(|(id, _)| id.clone())
        {
            self.by_grant.remove(&oldest);
        }
        let entry = self.by_grant.entry(grant.clone()).or_default();
        entry.last_use = uses;
        entry
    }
}
