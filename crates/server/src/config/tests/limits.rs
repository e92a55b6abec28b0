//! Limits, proxies and the operator's listener.

use super::*;
use crate::config::{ConnectionLimits, RequestLimits};
use std::time::Duration;

#[test]
fn limits_are_read_and_the_others_keep_their_defaults() {
    let proxies =
        "trusted_proxies = [\"10.0.0.0/8\", \"192.0.2.1\"]\nforwarded_header = \"forwarded\"\n";
    let text = format!("{proxies}{SMALL}")
        + "[operator]\nlisten = \"127.0.0.1:9090\"\n[limits]\nconnections = 7\nidle = \"90s\"\n";
    let variables = [("CONFIDANT_LIMITS__REQUESTS_PER_SESSION", "0")];
    let config = load(&text, &variables).unwrap();
    assert_eq!(config.operator_listen, Some(([127, 0, 0, 1], 9090).into()));
    let connections = ConnectionLimits {
        total: 7,
        idle: Duration::from_secs(90),
        ..ConnectionLimits::default()
    };
    assert_eq!(config.connection_limits, connections);
    let requests = RequestLimits {
        per_session: 0,
        ..RequestLimits::default()
    };
    assert_eq!(config.request_limits, requests);
    let proxies = &config.trusted_proxies;
    assert_eq!(proxies.header.name(), "forwarded");
    for (address, trusted) in [
        ("10.9.9.9", true),
        ("192.0.2.1", true),
        ("192.0.2.2", false),
    ] {
        assert_eq!(
            proxies.contains(address.parse().unwrap()),
            trusted,
            "{address}"
        );
    }
}

#[test]
fn limits_that_make_no_sense_are_refused_with_their_key() {
    let refused = refusal(
        "trusted_proxies = [\"proxy.internal\"]\n[limits]\nconnections = 0\nrequests = 2000000\n",
        &[("CONFIDANT_LIMITS__SIGN_INS", "many")],
    );
    for expected in [
        "trusted_proxies[0]: \"proxy.internal\" is no address and no network",
        "limits.connections: expected a whole number from 1 to 1000000",
        "limits.requests: expected a whole number from 0 to 1000000",
        "CONFIDANT_LIMITS__SIGN_INS",
    ] {
        assert!(refused.contains(expected), "{refused}");
    }
}
