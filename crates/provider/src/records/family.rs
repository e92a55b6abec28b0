//! Token families: all the tokens that one authorization has given.

use serde::{Deserialize, Serialize};

use crate::{clock::UnixTime, digest::Digest, dpop::key::Thumbprint, oauth::scope::Scope};

/// One authorization and every token that came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(crate) number: u64,
    pub(crate) client: String,
    pub(crate) subject: String,
    /// What the person allowed. Access tokens may have less.
    pub(crate) scope: Scope,
    /// When the person entered the password.
    pub(crate) auth_time: UnixTime,
    /// The session at the provider that it came of; 0 if none is known.
    #[serde(default)]
    pub(crate) session: u64,
    pub(crate) started_at: UnixTime,
    pub(crate) last_used_at: UnixTime,
    pub(crate) revoked: Option<Revocation>,
    /// The oldest first. The spent ones are kept, to know a replay by.
    pub(crate) refresh_tokens: Vec<RefreshToken>,
    /// The oldest first.
    pub(crate) access_tokens: Vec<AccessToken>,
}

/// When and why a family ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Revocation {
    pub(crate) at: UnixTime,
    pub(crate) cause: RevocationCause,
}

/// Why a family ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RevocationCause {
    /// A refresh token was presented after it had been rotated away.
    RefreshTokenReused,
    /// The code that started the family was presented again.
    CodeReplayed,
    /// The client asked for it (RFC 7009).
    ByClient,
    /// The provider ended what a person had allowed.
    ByProvider,
    /// The person signed out at the provider.
    SignedOut,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) digest: Digest,
    /// 1 for the first of the family.
    pub(crate) generation: u64,
    pub(crate) issued_at: UnixTime,
    /// When a successor was first given out.
    pub(crate) rotated_at: Option<UnixTime>,
    /// How many refreshes it was good for so far.
    #[serde(default)]
    pub(crate) uses: u32,
    /// The generation of the token that it was given for; none for the first.
    #[serde(default)]
    pub(crate) parent: Option<u64>,
    /// The key that it is bound to.
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
    /// The key that it is bound to.
    #[serde(default)]
    pub(crate) key: Option<Thumbprint>,
}

impl AccessToken {
    /// What it is presented as (RFC 6750, RFC 9449 section 5).
    pub(crate) fn token_type(&self) -> &'static str {
        match self.key {
            Some(_) => "DPoP",
            None => "Bearer",
        }
    }
}

impl RevocationCause {
    /// The cause as a fixed code.
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
        self.refresh_tokens
            .iter()
            .find(|token| token.digest == *digest)
    }

    pub(crate) fn access_token(&self, digest: &Digest) -> Option<&AccessToken> {
        self.access_tokens
            .iter()
            .find(|token| token.digest == *digest)
    }

    /// Whether any token that was given for `token` has been used itself.
    pub(crate) fn successor_was_used(&self, token: &RefreshToken) -> bool {
        self.refresh_tokens
            .iter()
            .any(|other| other.parent == Some(token.generation) && other.uses > 0)
    }

    /// The digests of all of its tokens.
    pub(crate) fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        let refresh = self.refresh_tokens.iter().map(|token| token.digest);
        refresh.chain(self.access_tokens.iter().map(|token| token.digest))
    }

    /// Ends every token of the family. The first cause stays on record.
    pub(crate) fn revoke(&mut self, cause: RevocationCause, at: UnixTime) {
        self.revoked.get_or_insert(Revocation { at, cause });
    }

    /// Whether `token` of this family opens anything at `now`.
    pub(crate) fn is_live(&self, token: &AccessToken, now: UnixTime) -> bool {
        self.revoked.is_none() && !token.revoked && now < token.expires_at
    }
}
