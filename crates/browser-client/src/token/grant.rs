//! A grant: one refresh token, the newest access token, and what is known about
//! them.

use confidant_protocol::{Reuse, TokenResponse};
use confidant_wire::Claims;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A grant, as it is stored.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// The grant's unique identifier.
    pub(crate) id: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) token_type: String,
    pub(crate) scopes: Vec<String>,
    /// When the token was requested, by this browser's clock, in milliseconds.
    pub(crate) sent_at: u64,
    /// The token's lifetime in seconds.
    pub(crate) expires_in: Option<u64>,
    pub(crate) extras: Claims,
    /// Counts refresh tokens, from 1.
    pub(crate) generation: u64,
    /// Counts access tokens, from 1.
    pub(crate) serial: u64,
    /// Whether the user forced the token to expire.
    #[serde(default)]
    pub(crate) expired: bool,
    /// Whether the refresh token may be spent, because a response was lost.
    #[serde(default)]
    pub(crate) may_be_spent: bool,
    /// The refresh that was announced and has no result yet.
    #[serde(default)]
    pub(crate) pending_refresh: Option<String>,
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) since: u64,
}

/// The user who signed in; empty without an ID token.
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) subject: String,
    pub(crate) name: String,
}

impl Grant {
    /// Creates the grant of an authorization code. `sent_at` is when its tokens
    /// were requested.
    pub(crate) fn new(
        id: String,
        response: TokenResponse,
        requested_scopes: &[String],
        identity: Identity,
        sent_at: u64,
    ) -> Self {
        Self {
            id,
            access_token: response.access_token,
            refresh_token: response.refresh_token,
            token_type: response.token_type,
            scopes: response.scopes.unwrap_or_else(|| requested_scopes.to_vec()),
            sent_at,
            expires_in: response.expires_in,
            extras: response.extras,
            generation: 1,
            serial: 1,
            expired: false,
            may_be_spent: false,
            pending_refresh: None,
            subject: identity.subject,
            name: identity.name,
            since: sent_at,
        }
    }

    /// Returns the grant with a refresh announced.
    pub(crate) fn with_pending_refresh(&self, attempt: String) -> Self {
        Self {
            pending_refresh: Some(attempt),
            ..self.clone()
        }
    }

    /// Returns the grant after the announced refresh brought this response.
    pub(crate) fn with_response(&self, response: TokenResponse, sent_at: u64) -> Self {
        // A response without a refresh token leaves the old one in use
        // (RFC 6749, section 6).
        let rotated =
            response.refresh_token.is_some() && response.refresh_token != self.refresh_token;
        Self {
            access_token: response.access_token,
            refresh_token: response
                .refresh_token
                .or_else(|| self.refresh_token.clone()),
            token_type: response.token_type,
            scopes: response.scopes.unwrap_or_else(|| self.scopes.clone()),
            sent_at,
            expires_in: response.expires_in,
            extras: response.extras,
            generation: self.generation + u64::from(rotated),
            serial: self.serial + 1,
            expired: false,
            may_be_spent: false,
            pending_refresh: None,
            ..self.clone()
        }
    }

    /// Returns the grant after the announced refresh brought no token.
    /// `may_be_spent` says that the refresh token may be spent all the same.
    pub(crate) fn without_response(&self, may_be_spent: bool) -> Self {
        Self {
            pending_refresh: None,
            may_be_spent: self.may_be_spent || may_be_spent,
            ..self.clone()
        }
    }

    /// Whether the refresh token may be presented. The record does not contain
    /// when a response was lost, so a grace period counts as over.
    pub(crate) fn may_present(&self, reuse: Reuse) -> bool {
        !self.may_be_spent || reuse.may_present_again(Duration::MAX)
    }

    /// Returns the token's lifetime in milliseconds.
    pub(crate) fn lifetime(&self) -> Option<u64> {
        self.expires_in.map(|seconds| seconds.saturating_mul(1000))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn response(serial: u64, refresh_token: Option<&str>) -> TokenResponse {
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
        let scopes = ["openid".to_owned()];
        Grant::new(
            "g".into(),
            response(1, Some("rt-1")),
            &scopes,
            identity,
            1000,
        )
    }

    #[test]
    fn the_refresh_token_survives_a_response_without_one() {
        let kept = grant()
            .with_pending_refresh("a".into())
            .with_response(response(2, None), 5);
        assert_eq!(kept.refresh_token.as_deref(), Some("rt-1"));
        assert_eq!((kept.generation, kept.serial), (1, 2));
        let same = kept.with_response(response(3, Some("rt-1")), 5);
        assert_eq!((same.generation, same.serial), (1, 3));
        let rotated = same.with_response(response(4, Some("rt-2")), 5);
        assert_eq!((rotated.generation, rotated.serial), (2, 4));
        assert_eq!(rotated.pending_refresh, None);
    }

    #[test]
    fn a_refresh_token_may_be_spent_until_a_new_one_comes() {
        let lost = grant()
            .with_pending_refresh("a".into())
            .without_response(true);
        assert!(lost.without_response(false).may_be_spent);
        assert!(!lost.with_response(response(2, None), 5).may_be_spent);
    }
}
