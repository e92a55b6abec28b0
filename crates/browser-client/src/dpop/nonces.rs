//! The nonces of servers, by origin (RFC 9449, section 8.2), and the difference
//! between this browser's clock and theirs. The tab stores them: after a reload
//! that saves a round trip.

use serde::{Deserialize, Serialize};

/// What servers require of the next proof.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Nonces {
    by_origin: Vec<(String, String)>,
    /// Seconds to add to this browser's clock.
    #[serde(default)]
    skew: i64,
}

impl Nonces {
    /// Reads the stored text; unreadable text counts as none.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        stored
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the nonce for a request to this URL.
    pub(crate) fn nonce(&self, url: &str) -> Option<&str> {
        let origin = origin(url);
        let known = self.by_origin.iter().find(|(known, _)| known == origin);
        known.map(|(_, nonce)| nonce.as_str())
    }

    /// Remembers the newest nonce of the URL's origin. Returns whether it
    /// changed.
    pub(crate) fn learn(&mut self, url: &str, nonce: &str) -> bool {
        let differs = self.nonce(url) != Some(nonce);
        let origin = origin(url);
        self.by_origin.retain(|(known, _)| known != origin);
        self.by_origin.push((origin.to_owned(), nonce.to_owned()));
        differs
    }

    /// Returns the time for a proof in Unix seconds. `wall` is this browser's
    /// clock in milliseconds.
    pub(crate) fn time(&self, wall: u64) -> u64 {
        (wall / 1000).saturating_add_signed(self.skew)
    }

    /// Adopts a server's clock. Returns whether that makes a difference.
    pub(crate) fn set_clock(&mut self, wall: u64, date: u64) -> bool {
        let skew = (date / 1000) as i64 - (wall / 1000) as i64;
        let differs = skew.abs_diff(self.skew) > 2;
        self.skew = skew;
        differs
    }
}

/// Returns the origin of an absolute URL.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let length = url[start..].find(['/', '?', '#']);
    length.map_or(url, |length| &url[..start + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_origin_has_its_own_nonce() {
        let mut nonces = Nonces::default();
        assert!(nonces.learn("http://op.test:1/token", "a"));
        assert!(!nonces.learn("http://op.test:1/userinfo?x", "a"));
        assert!(nonces.learn("http://op.test:2", "b"));
        let nonces = Nonces::read(Some(&nonces.write()));
        assert_eq!(nonces.nonce("http://op.test:1/x"), Some("a"));
        assert_eq!(nonces.nonce("http://op.test:2/x"), Some("b"));
        assert_eq!(nonces.nonce("http://op.test/x"), None);
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_the_server_s() {
        let mut nonces = Nonces::default();
        assert!(nonces.set_clock(1_000_000, 4_600_000));
        assert_eq!(nonces.time(2_000_000), 5_600);
        assert!(!nonces.set_clock(2_000_000, 5_600_000));
        assert!(nonces.set_clock(5_600_000, 2_000_000));
        assert_eq!(nonces.time(5_600_000), 2_000);
    }
}
