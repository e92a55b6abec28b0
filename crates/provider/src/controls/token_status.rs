//! What a token is still worth, for whoever knows its fingerprint only.

use serde::Serialize;

use super::operations::ControlError;
use crate::{
    clock::UnixTime,
    policy::RefreshPolicy,
    provider::Provider,
    records::family::{AccessToken, Family, RefreshToken},
    refresh::{
        expiry::refresh_token_expiry,
        rotation_status::{RotationStatus, rotation_status},
    },
};

/// What a token is worth at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenStatus {
    /// Whether it is remembered at all; what is dead is for a while.
    pub known: bool,
    /// Whether it still opens anything.
    pub active: bool,
    /// Why, as a fixed code: `active`, `grace`, `expired`, `revoked`, `spent`,
    /// `unknown`, or what ended the family.
    pub reason: &'static str,
    /// The client that it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Which refresh token of its family it is, 1 for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
}

impl Provider {
    /// What the token of `kind` (`at` or `rt`) with this `fingerprint` is
    /// worth: the first three bytes of its SHA-256 in hex. Of several that
    /// begin alike, the one that is worth something, or else the newest.
    ///
    /// # Errors
    /// When the kind or the fingerprint is none.
    pub fn token_status(&self, kind: &str, fingerprint: &str) -> Result<TokenStatus, ControlError> {
        let hex = |byte: u8| byte.is_ascii_hexdigit();
        if fingerprint.len() != 6 || !fingerprint.bytes().all(hex) {
            return Err(ControlError::BadFingerprint);
        }
        let fingerprint = fingerprint.to_ascii_lowercase();
        let found: Vec<TokenStatus> = self.read(|state, now| {
            let families = state.records.families.values();
            match kind {
                "at" => Ok(families
                    .flat_map(|family| family.access_tokens.iter().map(move |t| (family, t)))
                    .filter(|(_, token)| token.digest.fingerprint() == fingerprint)
                    .map(|(family, token)| access(family, token, now))
                    .collect()),
                "rt" => Ok(families
                    .flat_map(|family| family.refresh_tokens.iter().map(move |t| (family, t)))
                    .filter(|(_, token)| token.digest.fingerprint() == fingerprint)
                    .map(|(family, token)| {
                        let client = self.config().client(&family.client);
                        let policy = client.map(|client| self.policy(client).refresh);
                        refresh(family, token, policy.as_ref(), now)
                    })
                    .collect()),
                _ => Err(ControlError::BadFingerprint),
            }
        })?;
        let active = found.iter().find(|status| status.active);
        let status = active.or(found.last()).cloned();
        Ok(status.unwrap_or(TokenStatus {
            reason: "unknown",
            ..TokenStatus::default()
        }))
    }
}

fn access(family: &Family, token: &AccessToken, now: UnixTime) -> TokenStatus {
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

/// `policy` is that of the family's client; none if it is registered no longer.
fn refresh(
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
            let end = refresh_token_expiry(family, token, policy.lifetime);
            match status {
                RotationStatus::Spent => "spent",
                _ if end.is_some_and(|end| now >= end) => "expired",
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
