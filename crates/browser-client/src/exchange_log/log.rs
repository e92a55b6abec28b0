//! The log itself, as it is stored.

use confidant_wire::{Change, Exchange, Report};
use serde::{Deserialize, Serialize};

/// How many exchanges are kept: the newest.
const CAPACITY: usize = 100;

/// The newest exchanges, and the last change of the token.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Log {
    next: u64,
    report: Report,
}

impl Log {
    /// Reads the stored text; unreadable text counts as none.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        stored
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Adds an exchange.
    pub(crate) fn add(&mut self, mut exchange: Exchange) {
        self.next += 1;
        exchange.id = self.next;
        let exchanges = &mut self.report.exchanges;
        // In the order in which the requests were sent; this one ended last.
        let earlier = exchanges.iter().rposition(|known| known.at <= exchange.at);
        exchanges.insert(earlier.map_or(0, |at| at + 1), exchange);
        let surplus = exchanges.len().saturating_sub(CAPACITY);
        exchanges.drain(..surplus);
    }

    /// Adds what a worker reports.
    pub(crate) fn add_report(&mut self, report: Report) {
        for exchange in report.exchanges {
            self.add(exchange);
        }
        self.report.change = report.change;
    }

    /// Sets the last change of the token.
    pub(crate) fn set_change(&mut self, change: Option<Change>) {
        self.report.change = change;
    }

    /// Returns the contents, in the order in which the requests were sent.
    pub(crate) fn into_report(self) -> Report {
        self.report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sent_at;

    #[test]
    fn the_newest_exchanges_are_kept_across_a_reload() {
        let mut text = None;
        for at in 0..CAPACITY as u64 + 2 {
            let mut log = Log::read(text.as_deref());
            log.add(sent_at(at));
            text = Some(log.write());
        }
        let exchanges = Log::read(text.as_deref()).into_report().exchanges;
        assert_eq!((exchanges.len(), exchanges[0].id), (CAPACITY, 3));
    }

    #[test]
    fn unreadable_text_is_an_empty_log() {
        let report = Log::read(Some("{\"next\":")).into_report();
        assert_eq!(report, Report::default());
    }
}
