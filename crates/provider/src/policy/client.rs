//! The policy of a client.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::refresh::{RefreshLifetime, RefreshPolicy};

/// How the provider treats a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How the client obtains a refresh token.
    pub offline: OfflineAccess,
    /// What happens in a refresh.
    pub refresh: RefreshPolicy,
    /// Whether DPoP proofs need a nonce from the provider.
    pub dpop_nonce: DpopNonce,
    /// What happens to tokens when the user signs out at the provider.
    pub at_sign_out: AtSignOut,
    /// The lifetime of access tokens; `None` for the default in
    /// [`Config`](crate::Config).
    pub access_token_lifetime: Option<Duration>,
}

/// How a client obtains a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineAccess {
    /// By the scope `offline_access`, with the user's consent (OpenID Connect
    /// Core section 11).
    Scope,
    /// By the parameter `access_type=offline`, if the user saw the consent page
    /// for this request. To get another one, the client sends `prompt=consent`.
    AccessType,
    /// Every code gives a refresh token.
    Always,
    /// No code gives a refresh token.
    Never,
}

/// Whether a DPoP proof needs a nonce (RFC 9449 sections 8 and 9). A proof with
/// a wrong nonce is always invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DpopNonce {
    /// The proof may omit the nonce.
    Optional,
    /// The provider refuses a proof without a nonce with `use_dpop_nonce`.
    Required,
}

/// What happens to a user's tokens when the user signs out at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtSignOut {
    /// They stay valid, as offline access implies.
    Live,
    /// The provider revokes all tokens issued during that session (RFC 10017
    /// section 6.3.2.3).
    Revoked,
}

impl Policy {
    /// Returns a policy with `offline_access` and strict rotation.
    pub fn rotate_strict(lifetime: RefreshLifetime) -> Self {
        Self {
            offline: OfflineAccess::Scope,
            refresh: RefreshPolicy::rotate_strict(lifetime),
            dpop_nonce: DpopNonce::Optional,
            at_sign_out: AtSignOut::Live,
            access_token_lifetime: None,
        }
    }

    /// Returns a policy for public clients according to RFC 9700 and RFC 10017:
    /// refresh tokens are rotated or bound to a key, their lifetime is fixed,
    /// and they do not outlast the session at the provider.
    pub fn public_client(lifetime: Duration) -> Self {
        Self {
            dpop_nonce: DpopNonce::Required,
            at_sign_out: AtSignOut::Revoked,
            ..Self::rotate_strict(RefreshLifetime::FixedFromFirst(lifetime))
        }
    }

    /// Returns a policy for confidential clients according to FAPI 2.0 section
    /// 5.3.2.1: no rotation, because a lost response would lock the client out,
    /// and a stolen refresh token is useless without the client's secret.
    pub fn fapi2(lifetime: RefreshLifetime) -> Self {
        Self {
            refresh: RefreshPolicy::same_token(lifetime),
            ..Self::rotate_strict(lifetime)
        }
    }

    /// Returns a policy as at Google: `access_type=offline`, and a refresh token
    /// that never changes and is not part of refresh responses.
    pub fn google() -> Self {
        Self {
            offline: OfflineAccess::AccessType,
            refresh: RefreshPolicy::omitted(RefreshLifetime::Unlimited),
            ..Self::rotate_strict(RefreshLifetime::Unlimited)
        }
    }
}
