//! PendingSignIn sign-ins, by state. Each tab stores its own, so several sign-ins at
//! once, in several tabs or in one, do not disturb each other.

use confidant_protocol::ReturnTo;
use serde::{Deserialize, Serialize};

/// How many pending sign-ins one tab keeps: the newest.
const CAPACITY: usize = 8;

/// A sign-in that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingSignIn {
    /// The `state` of its authorization request.
    pub(crate) state: String,
    /// The nonce that the ID token must name.
    pub(crate) nonce: String,
    /// The PKCE code verifier; empty once the state was used.
    pub(crate) verifier: String,
    /// Where the user wanted to go.
    pub(crate) return_to: ReturnTo,
    /// Whether the request had `prompt=none`.
    pub(crate) silent: bool,
}

/// The sign-ins of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PendingSignIns(Vec<PendingSignIn>);

/// The result of looking a state up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// It belongs to this sign-in and was not used before.
    Unused(PendingSignIn),
    /// It was used before.
    Used,
    /// This tab did not issue it.
    Unknown,
}

impl PendingSignIns {
    /// Reads the stored text; unreadable text counts as none.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        Self(
            stored
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
        )
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    pub(crate) fn add(&mut self, pending: PendingSignIn) {
        self.0.push(pending);
        let surplus = self.0.len().saturating_sub(CAPACITY);
        self.0.drain(..surplus);
    }

    /// Uses a state up. It stays known, without its secrets, so that the back
    /// button can be told from an attack.
    pub(crate) fn take(&mut self, state: &str) -> Lookup {
        let Some(known) = self.0.iter_mut().find(|known| known.state == state) else {
            return Lookup::Unknown;
        };
        if known.verifier.is_empty() {
            return Lookup::Used;
        }
        let taken = known.clone();
        known.verifier.clear();
        known.nonce.clear();
        Lookup::Unused(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(state: &str) -> PendingSignIn {
        PendingSignIn {
            state: state.into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: "/".parse().unwrap(),
            silent: false,
        }
    }

    #[test]
    fn a_state_works_once_and_only_in_its_own_tab() {
        let mut all = PendingSignIns::default();
        all.add(pending("a"));
        all.add(pending("b"));
        assert_eq!(all.take("a"), Lookup::Unused(pending("a")));
        assert_eq!(all.take("a"), Lookup::Used);
        assert_eq!(all.take("c"), Lookup::Unknown);
        let mut again = PendingSignIns::read(Some(&all.write()));
        assert_eq!(again.take("a"), Lookup::Used);
        assert_eq!(again.take("b"), Lookup::Unused(pending("b")));
        assert!(!again.write().contains("\"v\""));
    }

    #[test]
    fn the_newest_are_kept_and_unreadable_text_counts_as_none() {
        let mut all = PendingSignIns::read(Some("{\"other\":\"data\"}"));
        for number in 0..CAPACITY + 1 {
            all.add(pending(&number.to_string()));
        }
        assert_eq!(all.take("0"), Lookup::Unknown);
        assert_eq!(all.take("1"), Lookup::Unused(pending("1")));
    }
}
