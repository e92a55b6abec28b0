//! Which address a request comes from.

use crate::{
    config::{ForwardedHeader, TrustedProxies},
    connections::peer,
};
use axum::{extract::Request, http::HeaderMap};
use confidant_bff::ClientAddress;
use std::net::{IpAddr, SocketAddr};

/// Returns the address of the client: that of the connection or, if a trusted
/// proxy holds the connection, the one that this proxy names.
pub(super) fn client_address(request: &Request, proxies: &TrustedProxies) -> Option<ClientAddress> {
    let peer = peer(request)?;
    Some(ClientAddress(resolve(peer, request.headers(), proxies)))
}

/// Reads the proxies' header from its end, where the nearest proxy writes. The
/// first address that is no trusted proxy's is the client's: what stands before
/// it may be the client's own invention.
fn resolve(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    if !proxies.contains(peer) {
        return peer;
    }
    // By bytes: a client may send any, and the proxy adds its entry to the same
    // line.
    let entries: Vec<&[u8]> = headers
        .get_all(proxies.header.name())
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .collect();
    let mut nearest = peer;
    for entry in entries.into_iter().rev() {
        let entry = std::str::from_utf8(entry).ok();
        let parsed = entry.and_then(|entry| match proxies.header {
            ForwardedHeader::XForwardedFor => parse_node(entry),
            ForwardedHeader::Forwarded => parse_forwarded(entry),
        });
        // A proxy that names no address hides what stands behind it.
        let Some(address) = parsed else { break };
        nearest = address;
        if !proxies.contains(address) {
            break;
        }
    }
    nearest
}

/// Returns the address of `for` in an element of the header `Forwarded` (RFC
/// 7239, section 5.2).
fn parse_forwarded(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    parse_node(node.trim().trim_matches('"'))
}

/// Parses an address with or without a port: `192.0.2.1`, `192.0.2.1:80`,
/// `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn parse_node(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let bare = || node.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || Some(node.parse::<SocketAddr>().ok()?.ip());
    let address: Option<IpAddr> = node.parse().ok().or_else(bare).or_else(with_port);
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn resolved(proxies: &[&str], name: &'static str, values: &[&str]) -> String {
        let mut proxies: TrustedProxies = proxies.iter().copied().collect();
        if name == "forwarded" {
            proxies.header = ForwardedHeader::Forwarded;
        }
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        // A client's own invention.
        headers.append("x-real-ip", HeaderValue::from_static("6.6.6.6"));
        resolve("10.0.0.1".parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_no_header_counts() {
        for name in ["x-forwarded-for", "forwarded"] {
            let values = ["1.2.3.4", "for=1.2.3.4"];
            assert_eq!(resolved(&[], name, &values), "10.0.0.1");
            assert_eq!(resolved(&["10.0.0.2"], name, &values), "10.0.0.1");
        }
    }

    #[test]
    fn the_nearest_address_that_is_no_proxys_is_the_clients() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        let name = "x-forwarded-for";
        for (values, expected) in [
            (&["1.2.3.4"][..], "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
            (&["6.6.6.6", "1.2.3.4, 10.9.9.9"], "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4:5555, 2001:db8::7"], "1.2.3.4"),
            (&["1.2.3.4, [2001:db8::7]:80"], "1.2.3.4"),
            (&["::ffff:1.2.3.4"], "1.2.3.4"),
            // Only proxies: the farthest one.
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            // What a proxy does not say is not guessed.
            (&["6.6.6.6, unknown, 10.2.2.2"], "10.2.2.2"),
            (&["6.6.6.6, "], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(resolved(&proxies, name, values), expected, "{values:?}");
        }
    }

    #[test]
    fn a_byte_that_is_no_text_hides_no_entry_of_a_proxy() {
        let proxies: TrustedProxies = ["10.0.0.0/8"].into_iter().collect();
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"\xff, 1.2.3.4").unwrap();
        headers.append("x-forwarded-for", value);
        let resolved = resolve("10.0.0.1".parse().unwrap(), &headers, &proxies);
        assert_eq!(resolved.to_string(), "1.2.3.4");
    }

    #[test]
    fn the_standard_header_is_read_where_the_settings_say_so() {
        let proxies = ["10.0.0.0/8"];
        for (value, expected) in [
            ("for=6.6.6.6, for=1.2.3.4;proto=https", "1.2.3.4"),
            ("by=10.0.0.9; For=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("for=\"_hidden\"", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ] {
            assert_eq!(
                resolved(&proxies, "forwarded", &[value]),
                expected,
                "{value}"
            );
        }
        // A client may send the other one.
        let other = resolved(&proxies, "x-forwarded-for", &["1.2.3.4"]);
        assert_eq!(other, "1.2.3.4");
    }
}
