//! Sign-ins under way, by state. Each tab keeps its own, so several at once,
//! in several tabs or in one, do not get in each other's way.

use confidant_protocol::ReturnTo;
use serde::{Deserialize, Serialize};

/// So many are kept in one tab, the newest.
const KEPT: usize = 8;

/// A sign-in that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The `state` of its authorization request.
    pub(crate) state: String,
    /// The nonce that the ID token must name.
    pub(crate) nonce: String,
    /// The PKCE code verifier; empty once the state was used.
    pub(crate) verifier: String,
    /// Where the person wanted to go.
    pub(crate) return_to: ReturnTo,
    /// Whether nobody was to be asked: `prompt=none`.
    pub(crate) silent: bool,
}

/// The sign-ins of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PendingSignIns(Vec<Pending>);

/// What is known of a state.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was given out and not used yet.
    Fresh(Pending),
    /// It was used before.
    Used,
    /// Nobody here knows it.
    Unknown,
}

impl PendingSignIns {
    /// Reads what was stored; what cannot be read is as good as none.
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

    pub(crate) fn add(&mut self, pending: Pending) {
        self.0.push(pending);
        let surplus = self.0.len().saturating_sub(KEPT);
        self.0.drain(..surplus);
    }

    /// Uses the state up. It stays known, without its secrets, so that the
    /// back button can be told from an attack.
    pub(crate) fn take(&mut self, state: &str) -> Taken {
        let Some(known) = self.0.iter_mut().find(|known| known.state == state) else {
            return Taken::Unknown;
        };
        if known.verifier.is_empty() {
            return Taken::Used;
        }
        let taken = known.clone();
        known.verifier.clear();
        known.nonce.clear();
        Taken::Fresh(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(state: &str) -> Pending {
        Pending {
            state: state.into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: "/".parse().unwrap(),
            silent: false,
        }
    }

    #[test]
    fn a_state_works_once_and_only_where_it_was_given_out() {
        let mut all = PendingSignIns::default();
        all.add(pending("a"));
        all.add(pending("b"));
        assert_eq!(all.take("a"), Taken::Fresh(pending("a")));
        assert_eq!(all.take("a"), Taken::Used);
        assert_eq!(all.take("c"), Taken::Unknown);
        let mut again = PendingSignIns::read(Some(&all.write()));
        assert_eq!(again.take("a"), Taken::Used);
        assert_eq!(again.take("b"), Taken::Fresh(pending("b")));
        assert!(!again.write().contains("\"v\""));
    }

    #[test]
    fn the_newest_are_kept_and_garbage_is_none() {
        let mut all = PendingSignIns::read(Some("{\"somebody\":\"else\"}"));
        for number in 0..KEPT + 1 {
            all.add(pending(&number.to_string()));
        }
        assert_eq!(all.take("0"), Taken::Unknown);
        assert_eq!(all.take("1"), Taken::Fresh(pending("1")));
    }
}
