//! Access tokens, keyed by what they are good for.

use confidant_wire::{Claims, UnixMillis};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a caller wants a token for. The default is what the person consented
/// to at sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenRequirement {
    /// The resource (RFC 8707), where the provider tells them apart.
    pub resource: Option<String>,
    /// Fewer scopes than were granted (RFC 6749, section 6).
    pub scope: Option<Vec<String>>,
}

/// An access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The token itself.
    pub secret: String,
    /// Its type, as the provider spelled it.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When it was asked for.
    pub obtained_at: UnixMillis,
    /// When it runs out, reckoned from when it was asked for.
    pub expires_at: Option<UnixMillis>,
}

/// An access token in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedToken {
    /// What it is good for.
    pub want: TokenRequirement,
    /// Which of the grant's answers brought it.
    pub serial: u64,
    /// True once somebody asked to forget that it is fresh.
    pub expired: bool,
    /// The token.
    pub token: AccessToken,
}

/// Everything secret about a grant: what the vault seals.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The newest refresh token, where there is one.
    pub refresh_token: Option<String>,
    /// One access token for each use.
    pub access: Vec<CachedToken>,
    /// The scopes of the grant itself.
    pub scopes: Vec<String>,
    /// The newest ID token, where there is one.
    pub id_token: Option<String>,
    /// What the last answer carried beside the standard fields.
    pub extras: Claims,
}

impl Tokens {
    /// The extras that may be shown: not one that holds a token or another
    /// secret, however deep.
    pub fn shown_extras(&self) -> Claims {
        let access = self
            .access
            .iter()
            .map(|cached_token| cached_token.token.secret.as_str());
        let others = self.refresh_token.iter().chain(&self.id_token);
        let known: Vec<_> = access.chain(others.map(String::as_str)).collect();
        confidant_wire::shown_extras(&self.extras, &known)
    }
}

/// A good answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Clone, PartialEq)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// Its type.
    pub token_type: String,
    /// Its life in seconds, where the provider said.
    pub expires_in: Option<u64>,
    /// The scopes, where they were said.
    pub scopes: Option<Vec<String>>,
    /// A refresh token, where one came.
    pub refresh_token: Option<String>,
    /// An ID token, where one came.
    pub id_token: Option<String>,
    /// Everything else.
    pub extras: Claims,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("scopes", &self.scopes)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_extra_that_holds_a_secret_is_not_shown() {
        let extras = json!({
            "refresh_token_expires_in": 28800,
            "instance_url": "https://one.example",
            "authed_user": {"access_token": "nested"},
            "other_token": "x",
            "message": "you sent rt-1",
        });
        let tokens = Tokens {
            refresh_token: Some("rt-1".into()),
            extras: extras.as_object().cloned().unwrap_or_default(),
            ..Tokens::default()
        };
        let shown: Vec<_> = tokens
            .shown_extras()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(shown, ["instance_url", "refresh_token_expires_in"]);
    }
}
