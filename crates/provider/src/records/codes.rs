//! Authorization codes.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    digest::Digest,
    dpop::key::Thumbprint,
    oauth::{pkce::Challenge, scope::Scope},
    randomness::{Randomness, random_token},
};

/// The largest number of codes waiting to be redeemed. A new code evicts the
/// oldest.
const MAX_OUTSTANDING: usize = 1000;

/// What an authorization code grants, and what it is bound to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizationCode {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Challenge,
    pub(crate) nonce: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) subject: String,
    pub(crate) auth_time: UnixTime,
    /// The number of the session in which the user allowed access.
    #[serde(default)]
    pub(crate) session: u64,
    /// The key that the token request must prove (RFC 9449 section 10).
    #[serde(default)]
    pub(crate) key: Option<Thumbprint>,
    /// Whether the code gives a refresh token.
    pub(crate) offline: bool,
    pub(crate) expires_at: UnixTime,
    /// The family that the code was redeemed for. A redeemed code stays as
    /// long as that family, so that the provider recognizes a replay.
    pub(crate) redeemed_for: Option<u64>,
}

/// Authorization codes by their digests.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Codes(HashMap<Digest, AuthorizationCode>);

impl Codes {
    /// Stores `code` and returns the string that stands for it.
    pub(crate) fn issue(&mut self, code: AuthorizationCode, randomness: &dyn Randomness) -> String {
        let outstanding = self
            .0
            .iter()
            .filter(|(_, code)| code.redeemed_for.is_none());
        if outstanding.clone().count() >= MAX_OUTSTANDING {
            let oldest = outstanding.min_by_key(|(_, code)| code.expires_at);
            let oldest = oldest.map(|(digest, _)| *digest);
            if let Some(digest) = oldest {
                self.0.remove(&digest);
            }
        }
        let value = random_token(randomness, "mcode_");
        self.0.insert(Digest::of(&value), code);
        value
    }

    pub(crate) fn get(&self, digest: &Digest) -> Option<&AuthorizationCode> {
        self.0.get(digest)
    }

    pub(super) fn mark_redeemed(&mut self, digest: &Digest, family: u64) {
        if let Some(code) = self.0.get_mut(digest) {
            code.redeemed_for = Some(family);
        }
    }

    pub(super) fn remove_redeemed_for(&mut self, family: u64) {
        self.0.retain(|_, code| code.redeemed_for != Some(family));
    }

    /// Removes codes that expired longer than `retention` ago, unredeemed.
    pub(super) fn remove_expired(&mut self, retention: Duration, now: UnixTime) {
        self.0
            .retain(|_, code| code.redeemed_for.is_some() || now < code.expires_at.plus(retention));
    }
}
