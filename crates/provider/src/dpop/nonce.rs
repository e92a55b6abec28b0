//! The server's nonces (RFC 9449 sections 8 and 9). They keep an attacker from
//! making proofs long before using them.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::{clock::UnixTime, digest::Digest};

/// How long a nonce is the current one. The provider accepts it for one more
/// period.
const PERIOD: Duration = Duration::from_secs(180);

const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Derives the nonce for `now` from a secret `key`. Nothing is stored.
pub(super) fn current(key: &str, now: UnixTime) -> String {
    for_period(key, period(now))
}

/// Returns whether `nonce` is that of the current or the previous period.
pub(super) fn is_valid(key: &str, nonce: &str, now: UnixTime) -> bool {
    let presented = Digest::of(nonce);
    let period = period(now);
    [period, period.saturating_sub(1)]
        .iter()
        .any(|period| Digest::of(&for_period(key, *period)).matches(&presented))
}

/// Returns the header that tells a client a nonce.
pub(super) fn header(nonce: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((DPOP_NONCE, HeaderValue::from_str(nonce).ok()?))
}

/// Tells the client a nonce.
pub(crate) fn insert_header(headers: &mut HeaderMap, nonce: &str) {
    headers.extend(header(nonce));
}

fn period(now: UnixTime) -> u64 {
    now.seconds() / PERIOD.as_secs()
}

fn for_period(key: &str, period: u64) -> String {
    let parts = [key.as_bytes(), b"DPoP nonce", &period.to_be_bytes()];
    Digest::of_fields(&parts).base64url()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixTime = UnixTime::from_millis(180_000 * 5);

    #[test]
    fn a_nonce_is_valid_in_its_period_and_the_next() {
        let nonce = current("key", START);
        let last = START.plus(PERIOD * 2 - Duration::from_millis(1));
        assert!(is_valid("key", &nonce, START));
        assert!(is_valid("key", &nonce, last));
        assert_ne!(nonce, current("key", last));
        assert!(!is_valid("key", &nonce, START.plus(PERIOD * 2)));
    }

    #[test]
    fn a_nonce_of_a_later_period_or_of_another_server_is_invalid() {
        let next = current("key", START.plus(PERIOD));
        assert!(!is_valid("key", &next, START));
        assert!(!is_valid("key", &current("other key", START), START));
        assert!(!is_valid("key", "", START));
    }
}
