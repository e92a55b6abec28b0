//! The tab's journal. It is kept as text in the tab's storage, so that it
//! survives the redirect to the provider and a reload.

use confidant_wire::{Change, Exchange, Report};
use serde::{Deserialize, Serialize};

/// So many exchanges are kept, the newest.
const KEPT: usize = 100;

/// What is kept.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    next: u64,
    report: Report,
}

impl Journal {
    /// Reads what was stored; what cannot be read is as good as none.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        stored
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Writes an exchange down.
    pub(crate) fn exchanged(&mut self, mut exchange: Exchange) {
        self.next += 1;
        exchange.id = self.next;
        let exchanges = &mut self.report.exchanges;
        // In the order in which they left; this one ended last.
        let earlier = exchanges.iter().rposition(|known| known.at <= exchange.at);
        exchanges.insert(earlier.map_or(0, |at| at + 1), exchange);
        let surplus = exchanges.len().saturating_sub(KEPT);
        exchanges.drain(..surplus);
    }

    /// Writes down what a worker did.
    pub(crate) fn take(&mut self, news: Report) {
        news.exchanges.into_iter().for_each(|it| self.exchanged(it));
        self.report.change = news.change;
    }

    /// Remembers the last change of token.
    pub(crate) fn changed(&mut self, change: Option<Change>) {
        self.report.change = change;
    }

    /// What is known, in the order in which requests left.
    pub(crate) fn into_report(self) -> Report {
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_wire::Party;

    fn exchange(at: u64) -> Exchange {
        Exchange {
            id: 0,
            from: Party::Browser,
            to: Party::Provider,
            at,
            took: 1,
            method: "GET".into(),
            path: "/".into(),
            sent: Vec::new(),
            status: None,
            received: Vec::new(),
            bytes: None,
        }
    }

    #[test]
    fn the_newest_exchanges_are_kept_across_a_reload() {
        let mut text = None;
        for at in 0..KEPT as u64 + 2 {
            let mut journal = Journal::read(text.as_deref());
            journal.exchanged(exchange(at));
            text = Some(journal.write());
        }
        let exchanges = Journal::read(text.as_deref()).into_report().exchanges;
        assert_eq!((exchanges.len(), exchanges[0].id), (KEPT, 3));
    }

    #[test]
    fn garbage_is_an_empty_journal() {
        let report = Journal::read(Some("{\"next\":")).into_report();
        assert_eq!(report, Report::default());
    }
}
