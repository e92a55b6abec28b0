//! The nonces that servers gave, by origin (RFC 9449, section 8.2), and how
//! far our clock is from theirs. Kept in the tab: a reload saves a round trip.

use serde::{Deserialize, Serialize};

/// What servers told us for the next proof.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Nonces {
    by_origin: Vec<(String, String)>,
    /// Seconds to add to our clock.
    #[serde(default)]
    skew: i64,
}

impl Nonces {
    /// Reads what was stored; what cannot be read is as good as none.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        stored
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The nonce for a request to this URL.
    pub(crate) fn nonce(&self, url: &str) -> Option<&str> {
        let origin = origin(url);
        let known = self.by_origin.iter().find(|(known, _)| known == origin);
        known.map(|(_, nonce)| nonce.as_str())
    }

    /// Remembers the newest nonce of that URL's origin, and whether it is
    /// another than before.
    pub(crate) fn learn(&mut self, url: &str, nonce: &str) -> bool {
        let differs = self.nonce(url) != Some(nonce);
        let origin = origin(url);
        self.by_origin.retain(|(known, _)| known != origin);
        self.by_origin.push((origin.to_owned(), nonce.to_owned()));
        differs
    }

    /// The time for a proof in Unix seconds, `wall` being our clock in
    /// milliseconds.
    pub(crate) fn time(&self, wall: u64) -> u64 {
        (wall / 1000).saturating_add_signed(self.skew)
    }

    /// Sets our clock by a server's, and says whether that makes a difference.
    pub(crate) fn set_clock(&mut self, wall: u64, date: u64) -> bool {
        let skew = (date / 1000) as i64 - (wall / 1000) as i64;
        let differs = skew.abs_diff(self.skew) > 2;
        self.skew = skew;
        differs
    }
}

/// The origin of an absolute URL.
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
    fn a_wrong_clock_is_set_by_the_servers() {
        let mut nonces = Nonces::default();
        assert!(nonces.set_clock(1_000_000, 4_600_000));
        assert_eq!(nonces.time(2_000_000), 5_600);
        assert!(!nonces.set_clock(2_000_000, 5_600_000));
        assert!(nonces.set_clock(5_600_000, 2_000_000));
        assert_eq!(nonces.time(5_600_000), 2_000);
    }
}
