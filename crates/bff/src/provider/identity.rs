//! The identity of the user: from the verified ID token, or from userinfo if the
//! provider issues none.

use super::{client::ProviderClient, metadata::Metadata};
use crate::grant::Tokens;
use confidant_wire::{Claims, UnixMillis};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, ClientId, ClientSecret, IdToken, IssuerUrl, Nonce,
    core::{
        CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    },
};
use serde::{Deserialize, Serialize};
use std::{str::FromStr, time::Duration};

/// The user who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The provider's identifier of the user, which never changes.
    pub(crate) subject: String,
    /// The name to display.
    pub(crate) name: String,
}

/// Why an ID token is not valid.
#[derive(Debug, thiserror::Error)]
#[error("the ID token is not valid: {0}")]
pub struct BadIdToken(String);

/// Names, in the spellings that providers use.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Names {
    name: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
}

impl AdditionalClaims for Names {}

type Token =
    IdToken<Names, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// The accepted signature algorithms: those with a private key.
const SIGNATURES: [CoreJwsSigningAlgorithm; 7] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How far the provider's clock may be ahead.
const SKEW: Duration = Duration::from_secs(60);

impl ProviderClient {
    /// Verifies the ID token (OpenID Connect Core 1.0, section 3.1.3.7) with
    /// the nonce of the authorization request. Returns `None` if the provider
    /// issued no ID token.
    ///
    /// # Errors
    /// If the ID token is not valid.
    pub(crate) fn verify_id_token(
        &self,
        metadata: &Metadata,
        tokens: &Tokens,
        nonce: &str,
        now: UnixMillis,
    ) -> Result<Option<Identity>, BadIdToken> {
        let (Some(text), Some(issuer)) = (&tokens.id_token, &metadata.endpoints.issuer) else {
            return Ok(None);
        };
        let invalid = |error: String| BadIdToken(error);
        let token = Token::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let verifier = CoreIdTokenVerifier::new_confidential_client(
            ClientId::new(self.settings.client_id.clone()),
            ClientSecret::new(self.settings.client_secret.reveal().to_owned()),
            IssuerUrl::new(issuer.clone()).map_err(|error| invalid(error.to_string()))?,
            metadata.keys.clone(),
        )
        .set_allowed_algs(SIGNATURES)
        .set_time_fn(move || date_time(now));
        let claims = token
            .claims(&verifier, &Nonce::new(nonce.to_owned()))
            .map_err(|error: ClaimsVerificationError| invalid(error.to_string()))?;
        if claims.issue_time() > date_time(now) + SKEW {
            return Err(invalid("issued in the future".into()));
        }
        let subject = claims.subject().to_string();
        let names = claims.additional_claims();
        let name = claims
            .name()
            .and_then(|name| name.get(None))
            .map(|name| name.to_string())
            .or_else(|| names.name.clone())
            .or_else(|| claims.preferred_username().map(|name| name.to_string()))
            .or_else(|| names.preferred_username.clone())
            .or_else(|| claims.email().map(|email| email.to_string()))
            .or_else(|| names.email.clone())
            .unwrap_or_else(|| subject.clone());
        Ok(Some(Identity { subject, name }))
    }
}

/// Returns the user that a userinfo response describes, for providers without
/// ID tokens.
pub(crate) fn from_userinfo(claims: &Claims) -> Option<Identity> {
    let text = |name: &str| match claims.get(name)? {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let subject = text("sub").or_else(|| text("id"))?;
    let name = ["name", "preferred_username", "login", "email"]
        .into_iter()
        .find_map(text)
        .unwrap_or_else(|| subject.clone());
    Some(Identity { subject, name })
}

fn date_time(now: UnixMillis) -> chrono::DateTime<chrono::Utc> {
    i64::try_from(now)
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis)
        .unwrap_or_default()
}
