//! The tokens of a grant: one access token for each requirement.

use confidant_wire::{Cause, Claims, TokenView, UnixMillis};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The resource and scope that a token must be valid for. The default is what
/// the user consented to at sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenRequirement {
    /// The resource (RFC 8707), if the provider distinguishes resources.
    pub resource: Option<String>,
    /// Fewer scopes than were granted (RFC 6749, section 6).
    pub scope: Option<Vec<String>>,
}

/// An access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The token itself.
    pub secret: String,
    /// The token type, as the provider spelled it.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When the token request was sent.
    pub obtained_at: UnixMillis,
    /// When it expires, counted from [`obtained_at`](Self::obtained_at); `None`
    /// if the provider stated no lifetime.
    pub expires_at: Option<UnixMillis>,
}

/// A stored access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedToken {
    /// The requirement that it was requested for.
    // The name in rows that are stored already.
    #[serde(rename = "want")]
    pub requirement: TokenRequirement,
    /// The serial of the token response that contained it.
    pub serial: u64,
    /// Whether it counts as expired, whatever its lifetime.
    pub expired: bool,
    /// The token.
    pub token: AccessToken,
}

/// The secrets of a grant, which are stored encrypted.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The newest refresh token, if the provider issued one.
    pub refresh_token: Option<String>,
    /// One access token for each requirement.
    pub access: Vec<CachedToken>,
    /// The scopes of the grant itself.
    pub scopes: Vec<String>,
    /// The newest ID token, if the provider issued one.
    pub id_token: Option<String>,
    /// The issuer or the token endpoint, and the client, that issued them: they
    /// are presented to no other. Empty if an older version stored them.
    #[serde(default)]
    pub issued_by: String,
    /// The members of the last token response that no standard defines.
    pub extras: Claims,
    /// What the newest token response replaced.
    #[serde(default)]
    pub last_change: Option<LastChange>,
}

/// What the last refresh or silent re-authentication replaced. It is stored with
/// the grant, so that every server can show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// Why the tokens changed.
    pub cause: Cause,
    /// What may be shown of the replaced token.
    pub before: TokenView,
}

impl LastChange {
    /// Creates the record of a change. Leaves out the extras of the old response,
    /// which may be large and are not shown.
    pub fn new(cause: Cause, before: TokenView) -> Self {
        let extras = Claims::default();
        Self {
            cause,
            before: TokenView { extras, ..before },
        }
    }
}

impl Tokens {
    /// Returns the extras that contain no token and no other secret, at any
    /// depth.
    pub fn shown_extras(&self) -> Claims {
        let access = self
            .access
            .iter()
            .map(|cached_token| cached_token.token.secret.as_str());
        let others = self.refresh_token.iter().chain(&self.id_token);
        let secrets: Vec<_> = access.chain(others.map(String::as_str)).collect();
        confidant_wire::shown_extras(&self.extras, &secrets)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn extras_that_contain_a_secret_are_not_shown() {
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
