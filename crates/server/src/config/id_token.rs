//! The keys `id_token.…` of a provider: how its ID tokens are checked.

use super::{diagnostics::Diagnostics, duration, schema::MaybeSpanned};
use confidant_bff::settings::{IdTokenSettings, IdTokenSignature};
use serde::Deserialize;
use std::time::Duration;

/// The longest leeway: a token that expired longer ago is no proof of anything.
const MAX_LEEWAY: Duration = Duration::from_secs(600);

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdToken {
    #[serde(default)]
    trusted_audiences: Vec<String>,
    #[serde(default)]
    tenants: Vec<String>,
    leeway: MaybeSpanned<String>,
    nonce_required: Option<bool>,
    signature: Option<Signature>,
}

/// What verifies the signature.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Signature {
    /// A key of the provider's key set.
    #[serde(rename = "public_key")]
    PublicKey,
    /// The client secret.
    #[serde(rename = "HS256")]
    Hs256,
}

/// Returns the settings, or `None` if a value is invalid.
pub(super) fn validate(
    keys: IdToken,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<IdTokenSettings> {
    let mut settings = IdTokenSettings::default();
    let leeway = diagnostics.parse_or(&keys.leeway, settings.leeway, leeway);
    settings.trusted_audiences = keys.trusted_audiences;
    settings.tenants = keys.tenants;
    settings.leeway = leeway?;
    settings.nonce_required = keys.nonce_required.unwrap_or(true);
    settings.signature = match keys.signature {
        None | Some(Signature::PublicKey) => IdTokenSignature::PublicKey,
        Some(Signature::Hs256) => IdTokenSignature::Hs256,
    };
    Some(settings)
}

fn leeway(text: &str) -> Result<Duration, String> {
    match duration::parse(text)? {
        leeway if leeway <= MAX_LEEWAY => Ok(leeway),
        _ => Err(format!("{text:?} is too long: expected 10m at most")),
    }
}
