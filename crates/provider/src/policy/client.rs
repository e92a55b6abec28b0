//! How a provider treats one client, as data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::refresh::{RefreshLifetime, RefreshPolicy};

/// How one client is treated: when it gets a refresh token, and what becomes
/// of it at each refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How offline access is asked for.
    pub offline: OfflineAccess,
    /// What happens at a refresh.
    pub refresh: RefreshPolicy,
    /// Whether DPoP proofs need a nonce of the provider's.
    pub dpop_nonce: DpopNonce,
    /// What becomes of the tokens when the person signs out at the provider.
    pub at_sign_out: AtSignOut,
    /// How long access tokens live; `None`: as [`Config`](crate::Config) has it.
    pub access_token_lifetime: Option<Duration>,
}

/// What gives a client a refresh token at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineAccess {
    /// The scope `offline_access`, once the person has consented to it
    /// (OpenID Connect Core section 11).
    Scope,
    /// The parameter `access_type=offline`, and only when the consent page
    /// was shown this time. So a second one takes `prompt=consent`.
    AccessType,
    /// Every code brings one.
    Always,
    /// No code brings one.
    Never,
}

/// The nonce in a DPoP proof (RFC 9449 sections 8 and 9). One that is there
/// has to be the provider's either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DpopNonce {
    /// It may be left out.
    Optional,
    /// A proof without it is refused with `use_dpop_nonce`.
    Required,
}

/// The tokens of a person who signs out at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtSignOut {
    /// They live on, as offline access has it.
    Live,
    /// All that came of that session ends (RFC 10017 section 6.3.2.3).
    Revoked,
}

impl Policy {
    /// `offline_access` and strict rotation.
    pub fn rotate_strict(lifetime: RefreshLifetime) -> Self {
        Self {
            offline: OfflineAccess::Scope,
            refresh: RefreshPolicy::rotate_strict(lifetime),
            dpop_nonce: DpopNonce::Optional,
            at_sign_out: AtSignOut::Live,
            access_token_lifetime: None,
        }
    }

    /// As RFC 9700 and RFC 10017 want public clients treated: strict
    /// rotation or a bound key, an end that nothing puts off, and none of it
    /// outlives the session at the provider.
    pub fn public_client(lifetime: Duration) -> Self {
        Self {
            dpop_nonce: DpopNonce::Required,
            at_sign_out: AtSignOut::Revoked,
            ..Self::rotate_strict(RefreshLifetime::FixedFromFirst(lifetime))
        }
    }

    /// As FAPI 2.0 section 5.3.2.1 wants confidential clients treated: no
    /// rotation, since a lost answer would lock the client out, and a stolen
    /// refresh token is worth nothing without the client's secret.
    pub fn fapi2(lifetime: RefreshLifetime) -> Self {
        Self {
            refresh: RefreshPolicy::same_token(lifetime),
            ..Self::rotate_strict(lifetime)
        }
    }

    /// As Google does it: `access_type=offline`, and a refresh token that
    /// never changes and is not repeated.
    pub fn google() -> Self {
        Self {
            offline: OfflineAccess::AccessType,
            refresh: RefreshPolicy::omitted(RefreshLifetime::Unlimited),
            dpop_nonce: DpopNonce::Optional,
            at_sign_out: AtSignOut::Live,
            access_token_lifetime: None,
        }
    }
}
