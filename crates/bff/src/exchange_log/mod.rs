//! What travelled lately, for the sequence diagram: in memory, bounded, and
//! with fingerprints only.

mod browser;
pub(crate) mod redaction;

pub use browser::BrowserExchange;

use crate::grant::GrantId;
use confidant_wire::{Change, Exchange, Report};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Exchanges kept for one grant.
const PER_GRANT: usize = 200;
/// Grants kept; the one that was quiet for the longest goes first.
const GRANTS: usize = 1000;

#[derive(Default)]
struct Entry {
    touched: u64,
    next: u64,
    exchanges: VecDeque<Exchange>,
    change: Option<Change>,
}

#[derive(Default)]
struct Entries {
    clock: u64,
    by_grant: HashMap<GrantId, Entry>,
}

/// The journal; cheap to clone. Switched off it takes nothing in.
#[derive(Clone, Default)]
pub struct ExchangeLog(Option<Arc<Mutex<Entries>>>);

impl ExchangeLog {
    /// A journal that is kept, or one that is not.
    pub fn new(kept: bool) -> Self {
        Self(kept.then(Arc::default))
    }

    /// Whether it takes anything in.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn entries(&self) -> Option<MutexGuard<'_, Entries>> {
        let entries = self.0.as_ref()?;
        Some(entries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes an exchange down and says under which number.
    pub fn exchanged(&self, grant: &GrantId, mut exchange: Exchange) -> Option<u64> {
        let mut entries = self.entries()?;
        let entry = entries.of(grant);
        entry.next += 1;
        exchange.id = entry.next;
        if entry.exchanges.len() == PER_GRANT {
            entry.exchanges.pop_front();
        }
        entry.exchanges.push_back(exchange);
        Some(entry.next)
    }

    /// Amends an exchange that was written down before it was over.
    pub fn amend(&self, grant: &GrantId, id: u64, amend: impl FnOnce(&mut Exchange)) {
        if let Some(mut entries) = self.entries()
            && let Some(entry) = entries.by_grant.get_mut(grant)
            && let Some(exchange) = entry.exchanges.iter_mut().find(|known| known.id == id)
        {
            amend(exchange);
        }
    }

    /// Remembers the grant's last change of token.
    pub fn changed(&self, grant: &GrantId, change: Change) {
        if let Some(mut entries) = self.entries() {
            entries.of(grant).change = Some(change);
        }
    }

    /// What is known of the grant, in the order in which requests left.
    pub fn report(&self, grant: &GrantId) -> Report {
        let Some(mut entries) = self.entries() else {
            return Report::default();
        };
        let entry = entries.of(grant);
        let mut exchanges: Vec<_> = entry.exchanges.iter().cloned().collect();
        exchanges.sort_by_key(|exchange| (exchange.at, exchange.id));
        Report {
            change: entry.change.clone(),
            exchanges,
        }
    }

    /// Lets what is known of one grant be known of another that takes its
    /// place.
    pub fn copy_to(&self, from: &GrantId, to: &GrantId) {
        if let Some(mut entries) = self.entries() {
            let Entry {
                next, exchanges, ..
            } = entries.of(from);
            let (next, exchanges) = (*next, exchanges.clone());
            let heir = entries.of(to);
            (heir.next, heir.exchanges) = (next, exchanges);
        }
    }

    /// Forgets the grant.
    pub fn forget(&self, grant: &GrantId) {
        if let Some(mut entries) = self.entries() {
            entries.by_grant.remove(grant);
        }
    }
}

impl Entries {
    fn of(&mut self, grant: &GrantId) -> &mut Entry {
        self.clock += 1;
        let clock = self.clock;
        if self.by_grant.len() >= GRANTS
            && !self.by_grant.contains_key(grant)
            && let Some(quiet) = self
                .by_grant
                .iter()
                .min_by_key(|(_, entry)| entry.touched)
                .map(|(id, _)| id.clone())
        {
            self.by_grant.remove(&quiet);
        }
        let entry = self.by_grant.entry(grant.clone()).or_default();
        entry.touched = clock;
        entry
    }
}
