//! The status of a token of which the caller knows the fingerprint only.

use serde::Serialize;

use super::error::ControlError;
use crate::{
    clock::UnixTime,
    family::{AccessToken, Family, RefreshToken},
    policy::RefreshPolicy,
    provider::Provider,
    refresh::{
        expiry::refresh_token_expiry,
        rotation_status::{RotationStatus, rotation_status},
    },
};

/// The status of a token at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenStatus {
    /// Whether the provider has a record of the token. Records of ended tokens
    /// stay for a while.
    pub known: bool,
    /// Whether the token can still be used.
    pub active: bool,
    /// A fixed code: `active`, `grace`, `expired`, `revoked`, `spent`,
    /// `unknown`, or the cause of the family's revocation.
    pub reason: &'static str,
    /// The client that the token was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The position of a refresh token in its family, starting at 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
}

/// Returns the status of the token that `kind` and `fingerprint` identify.
pub(super) fn token_status(
    provider: &Provider,
    kind: &str,
    fingerprint: &str,
) -> Result<TokenStatus, ControlError> {
    let is_hex = fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fingerprint.len() != 6 || !is_hex {
        return Err(ControlError::InvalidFingerprint);
    }
    let fingerprint = fingerprint.to_ascii_lowercase();
    let mut matching = match kind {
        "at" => access_tokens(provider, &fingerprint),
        "rt" => refresh_tokens(provider, &fingerprint),
        _ => return Err(ControlError::InvalidFingerprint),
    };
    let active = matching.iter().position(|status| status.active);
    let chosen = match active {
        Some(index) => Some(matching.swap_remove(index)),
        None => matching.pop(),
    };
    Ok(chosen.unwrap_or(TokenStatus {
        reason: "unknown",
        ..TokenStatus::default()
    }))
}

fn access_tokens(provider: &Provider, fingerprint: &str) -> Vec<TokenStatus> {
    provider.read(|state, now| {
        let families = state.records.families.iter();
        families
            .flat_map(|family| family.access_tokens.iter().map(move |t| (family, t)))
            .filter(|(_, token)| token.digest.fingerprint() == fingerprint)
            .map(|(family, token)| access_token_status(family, token, now))
            .collect()
    })
}

fn refresh_tokens(provider: &Provider, fingerprint: &str) -> Vec<TokenStatus> {
    provider.read(|state, now| {
        let families = state.records.families.iter();
        families
            .flat_map(|family| family.refresh_tokens.iter().map(move |t| (family, t)))
            .filter(|(_, token)| token.digest.fingerprint() == fingerprint)
            .map(|(family, token)| {
                let client = provider.config().client(&family.client);
                let policy = client.map(|client| provider.policy(client).refresh);
                refresh_token_status(family, token, policy.as_ref(), now)
            })
            .collect()
    })
}

fn access_token_status(family: &Family, token: &AccessToken, now: UnixTime) -> TokenStatus {
    let reason = match family.revoked {
        Some(revoked) => revoked.cause.code(),
        None if token.revoked => "revoked",
        None if now >= token.expires_at => "expired",
        None => "active",
    };
    TokenStatus {
        known: true,
        active: reason == "active",
        reason,
        client: Some(family.client.clone()),
        generation: None,
    }
}

/// `policy` is that of the family's client; `None` if the client is no longer
/// registered.
fn refresh_token_status(
    family: &Family,
    token: &RefreshToken,
    policy: Option<&RefreshPolicy>,
    now: UnixTime,
) -> TokenStatus {
    let reason = match (family.revoked, policy) {
        (Some(revoked), _) => revoked.cause.code(),
        (None, None) => "revoked",
        (None, Some(policy)) => {
            let status = rotation_status(family, token, policy.old_refresh_token, now);
            let expiry = refresh_token_expiry(family, token, policy.lifetime);
            match status {
                RotationStatus::Spent => "spent",
                _ if expiry.is_some_and(|expiry| now >= expiry) => "expired",
                RotationStatus::InGracePeriod => "grace",
                RotationStatus::Usable => "active",
            }
        }
    };
    TokenStatus {
        known: true,
        active: matches!(reason, "active" | "grace"),
        reason,
        client: Some(family.client.clone()),
        generation: Some(token.generation),
    }
}
