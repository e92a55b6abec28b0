//! How the ID tokens of one provider are checked.

use confidant_protocol::id_token::DEFAULT_LEEWAY;
use std::time::Duration;

/// How the ID tokens of one provider are checked (OpenID Connect Core 1.0,
/// section 3.1.3.7), where providers differ. The default is the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdTokenSettings {
    /// Audiences that may stand beside the client in a token that names no
    /// authorized party.
    pub trusted_audiences: Vec<String>,
    /// The tenants whose users may sign in, for a provider whose metadata name
    /// the issuer `https://…/{tenantid}/…`. Without any, no user may.
    pub tenants: Vec<String>,
    /// How far the clocks of provider and server may differ.
    pub leeway: Duration,
    /// Whether a token without the nonce is refused. Some providers never repeat
    /// it; PKCE protects the code then.
    pub nonce_required: bool,
    /// What verifies the signature.
    pub signature: IdTokenSignature,
}

/// What verifies the signature of an ID token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdTokenSignature {
    /// A public key of the provider's key set, with any algorithm of RFC 7518 or
    /// RFC 8037 that has one.
    #[default]
    PublicKey,
    /// The client secret, with HS256 and no other algorithm.
    Hs256,
}

impl Default for IdTokenSettings {
    fn default() -> Self {
        Self {
            trusted_audiences: Vec::new(),
            tenants: Vec::new(),
            leeway: DEFAULT_LEEWAY,
            nonce_required: true,
            signature: IdTokenSignature::PublicKey,
        }
    }
}
