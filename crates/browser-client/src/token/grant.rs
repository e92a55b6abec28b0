//! What is kept of a grant: one refresh token, the newest access token, and
//! how things stand with them.

use confidant_protocol::{Reuse, TokenResponse};
use confidant_wire::Claims;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A grant as it is stored.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// Tells grants apart.
    pub(crate) id: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) token_type: String,
    pub(crate) scopes: Vec<String>,
    /// When the token was asked for, by this browser's clock.
    pub(crate) sent_at: u64,
    /// Its life in seconds.
    pub(crate) expires_in: Option<u64>,
    pub(crate) extras: Claims,
    /// Counts refresh tokens, from 1.
    pub(crate) generation: u64,
    /// Counts access tokens, from 1.
    pub(crate) serial: u64,
    /// A forced expiry.
    #[serde(default)]
    pub(crate) expired: bool,
    /// Whether the refresh token may be spent: an answer was lost.
    #[serde(default)]
    pub(crate) doubtful: bool,
    /// The flight that was announced and has not landed.
    #[serde(default)]
    pub(crate) intent: Option<String>,
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) since: u64,
}

/// Who signed in.
pub(crate) struct Identity {
    pub(crate) subject: String,
    pub(crate) name: String,
}

impl Grant {
    /// The grant that a code gave. `sent_at` is when it was asked for.
    pub(crate) fn new(
        id: String,
        answer: TokenResponse,
        asked: &[String],
        identity: Identity,
        sent_at: u64,
    ) -> Self {
        Self {
            id,
            access_token: answer.access_token,
            refresh_token: answer.refresh_token,
            token_type: answer.token_type,
            scopes: answer.scopes.unwrap_or_else(|| asked.to_vec()),
            sent_at,
            expires_in: answer.expires_in,
            extras: answer.extras,
            generation: 1,
            serial: 1,
            expired: false,
            doubtful: false,
            intent: None,
            subject: identity.subject,
            name: identity.name,
            since: sent_at,
        }
    }

    /// The grant with a flight announced.
    pub(crate) fn announce(&self, attempt: String) -> Self {
        Self {
            intent: Some(attempt),
            ..self.clone()
        }
    }

    /// The grant after the announced flight brought this answer.
    pub(crate) fn receive(&self, answer: TokenResponse, sent_at: u64) -> Self {
        // An answer without a refresh token leaves the old one in use
        // (RFC 6749, section 6).
        let rotated = answer.refresh_token.is_some() && answer.refresh_token != self.refresh_token;
        Self {
            access_token: answer.access_token,
            refresh_token: answer.refresh_token.or_else(|| self.refresh_token.clone()),
            token_type: answer.token_type,
            scopes: answer.scopes.unwrap_or_else(|| self.scopes.clone()),
            sent_at,
            expires_in: answer.expires_in,
            extras: answer.extras,
            generation: self.generation + u64::from(rotated),
            serial: self.serial + 1,
            expired: false,
            doubtful: false,
            intent: None,
            ..self.clone()
        }
    }

    /// The grant after the announced flight brought nothing. `doubt` says that
    /// the refresh token may be spent all the same.
    pub(crate) fn return_empty(&self, doubt: bool) -> Self {
        Self {
            intent: None,
            doubtful: self.doubtful || doubt,
            ..self.clone()
        }
    }

    /// Whether the refresh token may be presented. When its response was lost
    /// is not recorded, so a grace period counts as over.
    pub(crate) fn may_present(&self, reuse: Reuse) -> bool {
        !self.doubtful || reuse.may_present_again(Duration::MAX)
    }

    /// The token's life in milliseconds.
    pub(crate) fn life(&self) -> Option<u64> {
        self.expires_in.map(|seconds| seconds.saturating_mul(1000))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn answer(serial: u64, refresh_token: Option<&str>) -> TokenResponse {
        TokenResponse {
            access_token: format!("at-{serial}"),
            token_type: "Bearer".into(),
            expires_in: Some(3600),
            scopes: None,
            refresh_token: refresh_token.map(str::to_owned),
            id_token: None,
            extras: Claims::new(),
        }
    }

    pub(crate) fn grant() -> Grant {
        let identity = Identity {
            subject: "1".into(),
            name: "Ada".into(),
        };
        let asked = ["openid".to_owned()];
        Grant::new("g".into(), answer(1, Some("rt-1")), &asked, identity, 1000)
    }

    #[test]
    fn the_refresh_token_survives_an_answer_without_one() {
        let kept = grant().announce("a".into()).receive(answer(2, None), 5);
        assert_eq!(kept.refresh_token.as_deref(), Some("rt-1"));
        assert_eq!((kept.generation, kept.serial), (1, 2));
        let same = kept.receive(answer(3, Some("rt-1")), 5);
        assert_eq!((same.generation, same.serial), (1, 3));
        let rotated = same.receive(answer(4, Some("rt-2")), 5);
        assert_eq!((rotated.generation, rotated.serial), (2, 4));
        assert_eq!(rotated.intent, None);
    }

    #[test]
    fn a_doubt_stays_until_a_token_comes() {
        let doubtful = grant().announce("a".into()).return_empty(true);
        assert!(doubtful.return_empty(false).doubtful);
        assert!(!doubtful.receive(answer(2, None), 5).doubtful);
    }
}
