//! The authorization request (RFC 6749, section 4.1.1) with PKCE (RFC 7636).

use crate::provider::{Metadata, Provider};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use url::Url;

/// The one-time values of a sign-in.
#[derive(Clone)]
pub struct OneTime {
    /// Ties the answer to the request and, by a cookie, to the browser.
    pub state: String,
    /// Ties the ID token to the request.
    pub nonce: String,
    /// PKCE's secret.
    pub verifier: String,
}

/// Where the browser goes to sign in.
pub fn authorization_url(provider: &Provider, metadata: &Metadata, once: &OneTime) -> Url {
    let protocol = provider.protocol(metadata);
    let verifier = PkceCodeVerifier::new(once.verifier.clone());
    let mut request = protocol
        .authorize_url(|| CsrfToken::new(once.state.clone()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_scopes(provider.settings.scopes.iter().cloned().map(Scope::new));
    if provider
        .settings
        .scopes
        .iter()
        .any(|scope| scope == "openid")
    {
        request = request.add_extra_param("nonce", once.nonce.clone());
    }
    let configured = &provider.settings.authorize_params;
    for (name, value) in provider.profile.authorize_params {
        if !configured.contains_key(*name) {
            request = request.add_extra_param(*name, *value);
        }
    }
    for (name, value) in configured {
        request = request.add_extra_param(name.clone(), value.clone());
    }
    request.url().0
}
