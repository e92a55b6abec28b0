//! What the headers of both directions have in common.

use http::{HeaderMap, HeaderName, header::UPGRADE};

/// Returns whether the request asks for a WebSocket (RFC 6455, section 4.1).
/// Other upgrade offers may be ignored (RFC 9110, section 7.8).
pub(crate) fn wants_websocket(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-websocket-key") || tokens(headers, UPGRADE).any(|t| t == "websocket")
}

/// Returns whether a header belongs to one connection (RFC 9110, section
/// 7.6.1). Framing is one of these and is set anew for each connection: two
/// programs that disagree about it allow request smuggling.
pub(super) fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "expect"
            | "http2-settings"
            | "keep-alive"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    ) || name.starts_with("proxy-")
}

/// Returns the comma-separated tokens of a header, in lower case.
pub(super) fn tokens(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = String> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|token| token.trim().to_ascii_lowercase())
}

/// Room for headers that are added later: the token, or security headers.
const ROOM: usize = 16;

pub(super) fn keep(headers: HeaderMap, passes: impl Fn(&str) -> bool) -> HeaderMap {
    let mut kept = HeaderMap::with_capacity(headers.len() + ROOM);
    let mut current = None;
    for (name, value) in headers {
        // The iterator gives the name with the first value only.
        if let Some(name) = name {
            current = passes(name.as_str()).then_some(name);
        }
        if let Some(name) = &current {
            kept.append(name.clone(), value);
        }
    }
    kept
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use http::HeaderValue;

    pub(in crate::forward) fn map(lines: &str) -> HeaderMap {
        lines
            .split('|')
            .filter_map(|line| line.trim().split_once(": "))
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, value.parse::<HeaderValue>().unwrap())
            })
            .collect()
    }

    pub(in crate::forward) fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_websocket_is_told_from_other_upgrades() {
        assert!(wants_websocket(&map(
            "upgrade: WebSocket | connection: upgrade"
        )));
        assert!(wants_websocket(&map("upgrade: h2c, websocket")));
        assert!(wants_websocket(&map("sec-websocket-key: x")));
        assert!(!wants_websocket(&map(
            "upgrade: h2c | connection: upgrade, http2-settings"
        )));
        assert!(!wants_websocket(&HeaderMap::new()));
    }
}
