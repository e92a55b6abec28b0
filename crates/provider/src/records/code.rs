//! Authorization codes.

use serde::{Deserialize, Serialize};

use super::{Records, family::RevocationCause};
use crate::{
    clock::UnixTime, digest::Digest, dpop::key::Thumbprint, oauth::scope::Scope,
    randomness::Randomness, token::pkce::Challenge,
};

/// The most codes that may be outstanding. The oldest make room.
const MAX_CODES: usize = 1000;

/// What an authorization code stands for, and to what it is bound.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizationCode {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Challenge,
    pub(crate) nonce: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) subject: String,
    pub(crate) auth_time: UnixTime,
    /// The session at the provider that it came of.
    #[serde(default)]
    pub(crate) session: u64,
    /// The key whose proof the exchange needs (RFC 9449 section 10).
    #[serde(default)]
    pub(crate) key: Option<Thumbprint>,
    /// Whether a refresh token comes with it.
    pub(crate) offline: bool,
    pub(crate) expires_at: UnixTime,
    /// The family that it was redeemed for. A redeemed code is kept as long
    /// as that family, to know a replay by.
    pub(crate) redeemed_for: Option<u64>,
}

impl Records {
    /// Keeps `code` and returns the string that stands for it.
    pub(crate) fn issue_code(
        &mut self,
        code: AuthorizationCode,
        randomness: &dyn Randomness,
    ) -> String {
        let outstanding = |code: &AuthorizationCode| code.redeemed_for.is_none();
        if self.codes.values().filter(|code| outstanding(code)).count() >= MAX_CODES {
            let oldest = self
                .codes
                .iter()
                .filter(|(_, code)| outstanding(code))
                .min_by_key(|(_, code)| code.expires_at)
                .map(|(digest, _)| *digest);
            oldest.map(|digest| self.codes.remove(&digest));
        }
        let value = crate::randomness::random_token(randomness, "mcode_");
        self.codes.insert(Digest::of(&value), code);
        value
    }

    /// Ends everything that a replayed code gave (RFC 6749 section 4.1.2).
    pub(crate) fn revoke_redeemed(&mut self, code: &AuthorizationCode, now: UnixTime) {
        let family = code.redeemed_for.and_then(|n| self.families.get_mut(&n));
        if let Some(family) = family {
            family.revoke(RevocationCause::CodeReplayed, now);
        }
    }
}
