//! Token families: all tokens that one authorization has given.

use serde::{Deserialize, Serialize};

use crate::{clock::UnixTime, digest::Digest, dpop::key::Thumbprint, oauth::scope::Scope};

/// One authorization and every token issued for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(crate) number: u64,
    pub(crate) client: String,
    pub(crate) subject: String,
    /// The scope that the user allowed. Access tokens may have less.
    pub(crate) scope: Scope,
    /// When the user entered the password.
    pub(crate) auth_time: UnixTime,
    /// The number of the session at the provider in which the user allowed
    /// access; 0 if it is unknown.
    #[serde(default)]
    pub(crate) session: u64,
    pub(crate) started_at: UnixTime,
    pub(crate) last_used_at: UnixTime,
    pub(crate) revoked: Option<Revocation>,
    /// From the oldest to the newest. Spent tokens stay, so that the provider
    /// recognizes a replay.
    pub(crate) refresh_tokens: Vec<RefreshToken>,
    /// From the oldest to the newest.
    pub(crate) access_tokens: Vec<AccessToken>,
}

/// When and why a family was revoked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Revocation {
    pub(crate) at: UnixTime,
    pub(crate) cause: RevocationCause,
}

/// Why a family was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RevocationCause {
    /// A client presented a refresh token that had been rotated.
    RefreshTokenReused,
    /// A client presented the family's authorization code again.
    CodeReplayed,
    /// The client called the revocation endpoint (RFC 7009).
    ByClient,
    /// The provider withdrew the user's grant.
    ByProvider,
    /// The user signed out at the provider.
    SignedOut,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) digest: Digest,
    /// The position in the family, starting at 1.
    pub(crate) generation: u64,
    pub(crate) issued_at: UnixTime,
    /// When the token first got a successor.
    pub(crate) rotated_at: Option<UnixTime>,
    /// The number of refreshes granted for the token.
    #[serde(default)]
    pub(crate) uses: u32,
    /// The generation of the token that this one replaced; `None` for the
    /// first.
    #[serde(default)]
    pub(crate) parent: Option<u64>,
    /// The key that the token is bound to.
    #[serde(default)]
    pub(crate) key: Option<Thumbprint>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) digest: Digest,
    pub(crate) scope: Scope,
    pub(crate) issued_at: UnixTime,
    pub(crate) expires_at: UnixTime,
    pub(crate) revoked: bool,
    /// The key that the token is bound to.
    #[serde(default)]
    pub(crate) key: Option<Thumbprint>,
}

impl AccessToken {
    /// Returns the `token_type` (RFC 6750, RFC 9449 section 5).
    pub(crate) fn token_type(&self) -> &'static str {
        match self.key {
            Some(_) => "DPoP",
            None => "Bearer",
        }
    }
}

impl RevocationCause {
    /// Returns a fixed code for responses and the decision log.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::CodeReplayed => "code_replayed",
            Self::ByClient => "by_client",
            Self::ByProvider => "by_provider",
            Self::SignedOut => "signed_out",
        }
    }
}

impl Family {
    pub(crate) fn refresh_token(&self, digest: &Digest) -> Option<&RefreshToken> {
        let mut tokens = self.refresh_tokens.iter();
        tokens.find(|token| token.digest == *digest)
    }

    pub(crate) fn access_token(&self, digest: &Digest) -> Option<&AccessToken> {
        let mut tokens = self.access_tokens.iter();
        tokens.find(|token| token.digest == *digest)
    }

    /// Returns whether a client has used a direct successor of `token`.
    pub(crate) fn successor_was_used(&self, token: &RefreshToken) -> bool {
        self.refresh_tokens
            .iter()
            .any(|other| other.parent == Some(token.generation) && other.uses > 0)
    }

    /// Returns the digests of all tokens.
    pub(crate) fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        let refresh = self.refresh_tokens.iter().map(|token| token.digest);
        refresh.chain(self.access_tokens.iter().map(|token| token.digest))
    }

    /// Revokes every token. If the family is revoked already, it keeps the
    /// first cause.
    pub(crate) fn revoke(&mut self, cause: RevocationCause, at: UnixTime) {
        self.revoked.get_or_insert(Revocation { at, cause });
    }

    /// Returns whether `token` of this family is valid at `now`.
    pub(crate) fn is_active(&self, token: &AccessToken, now: UnixTime) -> bool {
        self.revoked.is_none() && !token.revoked && now < token.expires_at
    }
}
