//! The server's nonces (RFC 9449 sections 8 and 9): proofs cannot be made
//! long before they are used.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::{clock::UnixTime, digest::Digest};

/// How long a nonce is the current one; for as long again it is accepted.
const PERIOD: Duration = Duration::from_secs(180);

/// The header that brings a nonce.
const HEADER: HeaderName = HeaderName::from_static("dpop-nonce");

/// The nonce that is current at `now`, made of a secret `key`. None is kept.
pub(crate) fn current(key: &str, now: UnixTime) -> String {
    for_period(key, period(now))
}

/// Whether `nonce` is the current one or the one before.
pub(crate) fn is_valid(key: &str, nonce: &str, now: UnixTime) -> bool {
    let presented = Digest::of(nonce);
    let period = period(now);
    [period, period.saturating_sub(1)]
        .iter()
        .any(|period| Digest::of(&for_period(key, *period)).matches(&presented))
}

/// Sends `nonce` with an answer.
pub(crate) fn insert_header(headers: &mut HeaderMap, nonce: &str) {
    if let Ok(nonce) = HeaderValue::from_str(nonce) {
        headers.insert(HEADER, nonce);
    }
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
    fn a_nonce_is_good_while_it_is_current_and_while_the_next_one_is() {
        let nonce = current("key", START);
        let last = START.plus(PERIOD * 2 - Duration::from_millis(1));
        assert!(is_valid("key", &nonce, START));
        assert!(is_valid("key", &nonce, last));
        assert_ne!(nonce, current("key", last));
        assert!(!is_valid("key", &nonce, START.plus(PERIOD * 2)));
    }

    #[test]
    fn a_nonce_of_the_future_or_of_another_server_is_not_good() {
        let next = current("key", START.plus(PERIOD));
        assert!(!is_valid("key", &next, START));
        assert!(!is_valid("key", &current("other key", START), START));
        assert!(!is_valid("key", "", START));
    }
}
