//! An exchange in words.

use confidant_wire::{Exchange, Parameter, Party, Value};

/// Returns a party's name.
pub(super) fn party(party: Party) -> &'static str {
    match party {
        Party::Browser => "Browser",
        Party::Server => "Server",
        Party::Provider => "Provider",
        Party::Api => "API",
    }
}

/// Returns a parameter's value, as text.
pub(super) fn value(parameter: &Parameter) -> String {
    match &parameter.value {
        Value::Text(text) => text.clone(),
        Value::Token(fingerprint) => fingerprint.to_string(),
        Value::Secret => "kept secret".to_owned(),
    }
}

/// Whether this is the session cookie, which is no token. The log shows no more of
/// it than that it was sent.
fn is_cookie(parameter: &Parameter) -> bool {
    parameter.name == "cookie"
}

/// Whether a message carries a token, a code or a credential.
pub(super) fn carries_secret(parameters: &[Parameter]) -> bool {
    parameters
        .iter()
        .any(|parameter| !is_cookie(parameter) && !matches!(parameter.value, Value::Text(_)))
}

/// Returns what a request asks for.
pub(super) fn request(exchange: &Exchange) -> String {
    let grant = exchange
        .sent
        .iter()
        .find(|parameter| parameter.name == "grant_type")
        .map(|parameter| format!(", {}", value(parameter)));
    let Exchange { method, path, .. } = exchange;
    format!("{method} {path}{}", grant.unwrap_or_default())
}

/// Returns what an answer says.
pub(super) fn answer(exchange: &Exchange) -> String {
    match exchange.status {
        Some(status) => format!("{status}{}", brought(&exchange.received)),
        None if super::group::is_this_page(exchange) => "this page".to_owned(),
        None => "no answer".to_owned(),
    }
}

/// Returns which tokens an answer brought.
fn brought(received: &[Parameter]) -> &'static str {
    let has = |name| received.iter().any(|parameter| parameter.name == name);
    match (has("access_token"), has("refresh_token")) {
        (true, true) => ", new pair",
        (true, false) => ", new access token",
        (false, _) => "",
    }
}

/// Returns a credential in words. Basic authentication carries the client's secret.
fn credential(name: &str) -> String {
    match name {
        "authorization" => "client secret".to_owned(),
        name => name.replace('_', " "),
    }
}

/// Returns the secrets that a message carries, by their fingerprints.
pub(super) fn secrets(parameters: &[Parameter]) -> String {
    let names: Vec<_> = parameters
        .iter()
        .filter(|parameter| !is_cookie(parameter))
        .filter_map(|parameter| match &parameter.value {
            Value::Text(_) => None,
            Value::Token(fingerprint) => Some(fingerprint.to_string()),
            Value::Secret => Some(credential(&parameter.name)),
        })
        .collect();
    match (names.is_empty(), parameters.iter().any(is_cookie)) {
        (false, _) => names.join(" + "),
        (true, true) => "cookie, no token".to_owned(),
        (true, false) => "no token".to_owned(),
    }
}

/// Cuts a text to this many characters.
pub(super) fn fit(text: String, room: usize) -> String {
    if text.chars().count() <= room {
        return text;
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_refresh_names_its_grant_and_the_tokens_it_carries() {
        let log = samples::refreshed_call();
        let refresh = &log[2];
        assert_eq!(request(refresh), "POST /token, refresh_token");
        assert_eq!(secrets(&refresh.sent), "rt·88d1f2 + client secret");
        assert_eq!(secrets(&refresh.received), "at·7f3a9c + rt·19c2e0");
        assert_eq!(answer(refresh), "200, new pair");
        assert_eq!(secrets(&log[0].sent), "no token");
    }

    #[test]
    fn a_cookie_is_named_and_is_no_token() {
        let cookie = [Parameter {
            name: "cookie".to_owned(),
            value: Value::Secret,
        }];
        assert_eq!(secrets(&cookie), "cookie, no token");
        assert!(!carries_secret(&cookie));
    }

    #[test]
    fn only_a_request_of_the_browser_can_be_this_page() {
        let mut log = samples::refreshed_call();
        assert_eq!(answer(&log[1]), "this page");
        log[3].status = None;
        assert_eq!(answer(&log[3]), "no answer");
    }

    #[test]
    fn a_long_label_is_cut_at_a_character_and_shows_it() {
        assert_eq!(fit("GET /käse".to_owned(), 7), "GET /k…");
        assert_eq!(fit("GET /".to_owned(), 5), "GET /");
    }
}
