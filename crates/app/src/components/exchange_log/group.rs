//! Which exchanges belong to the user's last action.

use confidant_wire::{Exchange, Party, Value};

/// The end of the path at which the server hands a page its token.
const HAND_OUT: &str = "/mediated/token";

fn from_browser(exchange: &Exchange) -> bool {
    exchange.from == Party::Browser
}

/// Whether this is the request whose answer shows it: that answer is still being
/// written.
pub(super) fn is_this_page(exchange: &Exchange) -> bool {
    from_browser(exchange) && exchange.to == Party::Server && exchange.status.is_none()
}

/// Returns the exchanges since the browser's last request, with a form that was
/// sent just before and led there, such as the forced expiry before the call
/// that noticed it.
pub(super) fn latest(exchanges: &[Exchange]) -> &[Exchange] {
    let Some(last) = exchanges.iter().rposition(from_browser) else {
        return exchanges;
    };
    exchanges.get(start(exchanges, last)..).unwrap_or_default()
}

/// Returns where the group starts to which the browser's request at `last` belongs.
fn start(exchanges: &[Exchange], last: usize) -> usize {
    let before = exchanges.get(..last).unwrap_or_default();
    if let Some(at) = silent_authorization(before) {
        let led_there = exchanges[..at].iter().rposition(from_browser);
        return led_there.map_or(at, |last| start(&exchanges[..at], last));
    }
    // A page that calls by itself was handed its token before; the server's
    // own requests for that lie in between.
    let handed = before.iter().rposition(from_browser);
    if let Some(handed) = handed.filter(|at| before[*at].path.ends_with(HAND_OUT))
        && exchanges[last].to != Party::Server
    {
        return start(exchanges, handed);
    }
    let forms = before
        .iter()
        .rev()
        .take_while(|exchange| from_browser(exchange) && exchange.method == "POST")
        .take(1)
        .count();
    last - forms
}

/// Returns where a silent authorization starts that these exchanges end with.
fn silent_authorization(exchanges: &[Exchange]) -> Option<usize> {
    let mut asked = exchanges
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, exchange)| from_browser(exchange));
    let finish = asked
        .next()
        .filter(|(_, exchange)| exchange.method == "POST");
    let (at, authorization) = finish.and_then(|_| asked.next())?;
    carries(authorization, "prompt", "none").then_some(at)
}

fn carries(exchange: &Exchange, name: &str, text: &str) -> bool {
    exchange
        .sent
        .iter()
        .any(|sent| sent.name == name && matches!(&sent.value, Value::Text(value) if value == text))
}

/// Returns how a refresh of the latest group succeeded at the second attempt;
/// none if it did at the first.
pub(crate) fn retries(exchanges: &[Exchange]) -> Option<String> {
    let refreshes: Vec<_> = latest(exchanges)
        .iter()
        .filter(|exchange| carries(exchange, "grant_type", "refresh_token"))
        .collect();
    let (first, last) = match refreshes.as_slice() {
        [first, .., last] if last.status == Some(200) => (first, last),
        _ => return None,
    };
    let fate = match first.status {
        None => "got no answer".to_owned(),
        Some(200) => "got an answer that could not be read".to_owned(),
        Some(status) => format!("was answered with {status}"),
    };
    let pause = last.at.saturating_sub(first.at + first.took);
    let soon = if pause < 100 {
        "at once"
    } else {
        "after a moment"
    };
    Some(format!(
        "The first request {fate}, so the same one was sent again {soon}, and that one went through."
    ))
}

/// Summarises a group: `4 exchanges · 1 token request · 212 ms`.
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
    use crate::samples;

    #[test]
    fn the_latest_group_starts_at_the_browsers_last_request() {
        use Party::*;
        let mut log = vec![
            samples::exchange(1, Browser, Server, "POST", "/auth/refresh"),
            samples::exchange(2, Server, Provider, "POST", "/token"),
            samples::exchange(3, Browser, Server, "GET", "/auth/validate"),
            samples::exchange(4, Server, Provider, "POST", "/introspect"),
        ];
        let ids: Vec<_> = latest(&log).iter().map(|e| e.id).collect();
        assert_eq!(ids, [3, 4]);
        log.remove(0);
        log.remove(1);
        assert_eq!(latest(&log).len(), 2, "with no request of the browser: all");
    }

    #[test]
    fn a_forced_expiry_belongs_to_the_call_that_noticed_it() {
        let log = samples::refreshed_call();
        assert_eq!(latest(&log).len(), 4);
    }

    #[test]
    fn a_silent_way_back_belongs_to_the_page_that_it_led_to() {
        use Party::*;
        let mut log = samples::refreshed_call();
        let mut authorization = samples::exchange(5, Browser, Provider, "GET", "/authorize");
        authorization.sent = vec![samples::text("prompt", "none")];
        log.extend([
            authorization.clone(),
            samples::exchange(6, Browser, Server, "POST", "/auth/login/finish"),
            samples::exchange(7, Server, Provider, "POST", "/token"),
            samples::exchange(8, Browser, Server, "GET", "/bff/profile"),
        ]);
        assert_eq!(latest(&log).len(), 8, "with what led there");
        log[4].sent.clear();
        assert_eq!(latest(&log)[0].id, 8, "a sign-in is a story of its own");
    }

    #[test]
    fn a_second_attempt_is_reported_with_the_fate_of_the_first() {
        let mut log = samples::refreshed_call();
        assert_eq!(retries(&log), None);
        let mut lost = log[2].clone();
        for (status, fate) in [
            (None, "got no answer"),
            (Some(200), "could not be read"),
            (Some(503), "was answered with 503"),
        ] {
            lost.status = status;
            log.insert(2, lost.clone());
            let sentence = retries(&log).unwrap();
            assert!(sentence.contains(fate), "{sentence}");
            log.remove(2);
        }
        log[2].status = None;
        log.insert(2, lost);
        assert_eq!(retries(&log), None, "neither went through");
    }

    #[test]
    fn a_summary_counts_token_requests_and_spans_the_group() {
        let log = samples::refreshed_call();
        assert_eq!(summary(&log), "4 exchanges · 1 token request · 35 ms");
        assert_eq!(summary(&[]), "0 exchanges · 0 token requests · 0 ms");
    }

    #[test]
    fn a_call_belongs_with_the_token_that_was_handed_out_for_it() {
        use Party::*;
        let exchanges = [
            samples::exchange(1, Browser, Server, "POST", "/auth/login/finish"),
            samples::exchange(2, Server, Provider, "POST", "/token"),
            samples::exchange(3, Browser, Server, "POST", "/auth/expire"),
            samples::exchange(4, Browser, Server, "POST", "/auth/mediated/token"),
            samples::exchange(5, Server, Provider, "POST", "/token"),
            samples::exchange(6, Browser, Provider, "GET", "/userinfo"),
        ];
        let ids: Vec<_> = latest(&exchanges)
            .iter()
            .map(|exchange| exchange.id)
            .collect();
        assert_eq!(ids, [3, 4, 5, 6]);
    }
}
