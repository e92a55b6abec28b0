//! The identity of the user: from the verified ID token, or from userinfo if the
//! provider issues none.

use super::{
    client::ProviderClient,
    jose::{Jws, SignatureError, left_half_of_hash},
    metadata::{Metadata, MetadataError},
};
use crate::settings::IdTokenSignature;
use confidant_protocol::id_token::{self, Expected, InvalidIdToken, Nonce, names, tenants};
use confidant_wire::{Claims, UnixMillis};

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
pub struct BadIdToken(Reason);

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error("there is none, although the scope openid was requested")]
    Missing,
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(transparent)]
    Claims(#[from] InvalidIdToken),
}

/// Why the claims of a signed token are not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignedTokenError {
    /// The provider's keys cannot be fetched.
    #[error(transparent)]
    Keys(#[from] MetadataError),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// What the ID token of a sign-in is checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn<'a> {
    /// The nonce, if the authorization request contained it.
    pub(crate) nonce: Option<&'a str>,
    /// The `max_age` of the authorization request.
    pub(crate) max_age: Option<u64>,
    /// The access token that came with the ID token.
    pub(crate) access_token: &'a str,
    /// The current time.
    pub(crate) now: UnixMillis,
}

impl BadIdToken {
    /// The provider issued none, although one was requested.
    pub(crate) fn missing() -> Self {
        Self(Reason::Missing)
    }
}

impl From<SignatureError> for BadIdToken {
    fn from(error: SignatureError) -> Self {
        Self(error.into())
    }
}

impl ProviderClient {
    /// Whether the signatures of ID tokens can be verified, and their issuer is
    /// known.
    pub(crate) fn can_verify_id_tokens(&self, metadata: &Metadata) -> bool {
        let endpoints = &metadata.endpoints;
        let is_hs256 = self.settings.id_token.signature == IdTokenSignature::Hs256;
        endpoints.issuer.is_some() && (is_hs256 || endpoints.jwks_uri.is_some())
    }

    /// Returns the accepted issuers: one, or one for each accepted tenant.
    pub(crate) fn issuers(&self, metadata: &Metadata) -> Vec<String> {
        match &metadata.endpoints.issuer {
            Some(issuer) if tenants::is_template(issuer) => {
                tenants::issuers(issuer, &self.settings.id_token.tenants)
            }
            issuer => issuer.iter().cloned().collect(),
        }
    }

    /// Returns the user that a verified ID token describes (OpenID Connect Core
    /// 1.0, section 3.1.3.7). `algorithm` is that of its signature.
    ///
    /// # Errors
    /// If its claims are not those of this sign-in.
    pub(crate) fn check_id_token(
        &self,
        metadata: &Metadata,
        claims: &Claims,
        algorithm: &str,
        sign_in: &SignIn<'_>,
    ) -> Result<Identity, BadIdToken> {
        let settings = &self.settings.id_token;
        let hash = left_half_of_hash(algorithm, sign_in.access_token);
        let expected = Expected {
            issuers: &self.issuers(metadata),
            client_id: &self.settings.client_id,
            trusted_audiences: &settings.trusted_audiences,
            nonce: match sign_in.nonce {
                None => Nonce::NotSent,
                Some(nonce) if settings.nonce_required => Nonce::Required(nonce),
                Some(nonce) => Nonce::Optional(nonce),
            },
            access_token_hash: hash.as_deref(),
            max_age: sign_in.max_age,
            now: Some(sign_in.now / 1000),
            leeway: settings.leeway,
        };
        id_token::check(claims, &expected).map_err(|error| BadIdToken(error.into()))?;
        let subject = names::subject(claims).unwrap_or_default().to_owned();
        let name = names::display_name(claims).unwrap_or(&subject).to_owned();
        Ok(Identity { subject, name })
    }

    /// Returns the claims of a signed token, and its algorithm, after its
    /// signature was verified. When no known key made it, the provider's keys
    /// are fetched again, once.
    ///
    /// # Errors
    /// If the signature does not hold, or the keys cannot be fetched.
    pub(crate) async fn verify_signature(
        &self,
        metadata: &Metadata,
        token: &str,
    ) -> Result<(Claims, String), SignedTokenError> {
        let jws = Jws::parse(token)?;
        let algorithm = jws.algorithm.clone();
        if self.settings.id_token.signature == IdTokenSignature::Hs256 {
            let secret = self.settings.client_secret.reveal();
            return Ok((jws.verify_hs256(secret)?, algorithm));
        }
        let keys = self.keys(metadata).await?;
        let claims = match jws.verify(&keys) {
            Err(SignatureError::UnknownKey { .. } | SignatureError::Mismatch { .. }) => {
                let keys = self.newer_keys(metadata, &keys).await?;
                Jws::parse(token)?.verify(&keys)?
            }
            verified => verified?,
        };
        Ok((claims, algorithm))
    }
}

/// Checks the ID token of a refresh, if there is one, against the one before
/// (OpenID Connect Core 1.0, section 12.2). It came from the token endpoint, so
/// its signature need not be verified (section 3.1.3.7, item 6).
///
/// # Errors
/// If it is about another user, or for another client.
pub(super) fn check_refreshed(
    new: Option<&str>,
    before: Option<&str>,
    client_id: &str,
) -> Result<(), BadIdToken> {
    let (Some(new), Some(before)) = (new, before) else {
        return Ok(());
    };
    let claims = |token| Jws::parse(token).map(Jws::into_unverified_claims);
    let checked = id_token::check_refreshed(&claims(new)?, &claims(before)?, client_id);
    checked.map_err(|error| BadIdToken(error.into()))
}

/// Returns the user that a userinfo response describes, for providers without
/// ID tokens.
pub(crate) fn from_userinfo(claims: &Claims) -> Option<Identity> {
    let id = |name: &str| match claims.get(name)? {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let subject = id("sub").or_else(|| id("id"))?;
    let name = names::display_name(claims).unwrap_or(&subject).to_owned();
    Some(Identity { subject, name })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::jose::testing::unsigned;
    use serde_json::json;

    fn userinfo(claims: serde_json::Value) -> Option<(String, String)> {
        let identity = from_userinfo(claims.as_object()?)?;
        Some((identity.subject, identity.name))
    }

    #[test]
    fn userinfo_names_the_user_by_sub_or_by_id() {
        for (claims, expected) in [
            (json!({ "sub": "1", "name": "Ann" }), Some(("1", "Ann"))),
            (
                json!({ "id": 7, "login": "ann", "name": "" }),
                Some(("7", "ann")),
            ),
            (json!({ "sub": "1", "name": 7 }), Some(("1", "1"))),
            (json!({ "name": "Ann" }), None),
        ] {
            let found = userinfo(claims.clone());
            let expected = expected.map(|(id, name)| (id.to_owned(), name.to_owned()));
            assert_eq!(found, expected, "{claims}");
        }
    }

    #[test]
    fn s11_a_refresh_brings_no_other_user() {
        let token = |sub: &str| {
            let claims = json!({ "iss": "https://op.example", "aud": "c", "sub": sub });
            unsigned("RS256", &claims)
        };
        let (ann, mallory) = (token("ann"), token("mallory"));
        let check = |new, before| check_refreshed(new, before, "c").is_ok();
        assert!(check(Some(&ann), Some(&ann)));
        assert!(check(None, Some(&ann)) && check(Some(&ann), None));
        assert!(!check(Some(&mallory), Some(&ann)));
        assert!(!check(Some("garbage"), Some(&ann)));
        assert!(check_refreshed(Some(&ann), Some(&ann), "other").is_err());
    }
}
