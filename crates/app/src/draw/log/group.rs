//! Which exchanges belong to what a person did last.

use wire::{Exchange, Party};

fn from_browser(exchange: &Exchange) -> bool {
    exchange.from == Party::Browser
}

/// Whether this is the request for the very page that shows it: its answer
/// is still being written.
pub(super) fn is_this_page(exchange: &Exchange) -> bool {
    from_browser(exchange) && exchange.to == Party::Server && exchange.status.is_none()
}

/// The exchanges since the browser last asked for something; with a form
/// that was sent just before and led there, such as the forced expiry before
/// the call that noticed it.
pub(super) fn latest(exchanges: &[Exchange]) -> &[Exchange] {
    let Some(last) = exchanges.iter().rposition(from_browser) else {
        return exchanges;
    };
    let before = exchanges.get(..last).unwrap_or_default();
    let forms = before
        .iter()
        .rev()
        .take_while(|exchange| from_browser(exchange) && exchange.method == "POST")
        .take(1)
        .count();
    exchanges.get(last - forms..).unwrap_or_default()
}

/// What a group cost, in words: `4 exchanges · 1 token request · 212 ms`.
pub(super) fn summary(exchanges: &[Exchange]) -> String {
    let count = |n: usize, what: &str| match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    };
    let began = exchanges.iter().map(|e| e.at).min().unwrap_or_default();
    let ended = exchanges.iter().map(|e| e.at + e.took).max();
    let tokens = exchanges.iter().filter(|e| e.is_token_request()).count();
    format!(
        "{} · {} · {} ms",
        count(exchanges.len(), "exchange"),
        count(tokens, "token request"),
        ended.unwrap_or_default() - began,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_latest_group_starts_at_the_browsers_last_request() {
        use Party::*;
        let mut log = vec![
            sample::exchange(1, Browser, Server, "POST", "/auth/refresh"),
            sample::exchange(2, Server, Provider, "POST", "/token"),
            sample::exchange(3, Browser, Server, "GET", "/auth/validate"),
            sample::exchange(4, Server, Provider, "POST", "/introspect"),
        ];
        let ids: Vec<_> = latest(&log).iter().map(|e| e.id).collect();
        assert_eq!(ids, [3, 4]);
        log.remove(0);
        log.remove(1);
        assert_eq!(latest(&log).len(), 2, "with no request of the browser: all");
    }

    #[test]
    fn a_forced_expiry_belongs_to_the_call_that_noticed_it() {
        let log = sample::refreshed_call();
        assert_eq!(latest(&log).len(), 4);
    }

    #[test]
    fn a_summary_counts_token_requests_and_spans_the_group() {
        let log = sample::refreshed_call();
        assert_eq!(summary(&log), "4 exchanges · 1 token request · 35 ms");
        assert_eq!(summary(&[]), "0 exchanges · 0 token requests · 0 ms");
    }
}
