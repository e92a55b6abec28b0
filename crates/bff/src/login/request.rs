//! The authorization request (RFC 6749, section 4.1.1) with PKCE (RFC 7636).

use crate::provider::{Metadata, ProviderClient};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use std::collections::BTreeMap;
use url::Url;

/// The one-time values of a sign-in.
#[derive(Clone)]
pub(crate) struct OneTime {
    /// Ties the answer to the request and, by a cookie, to the browser.
    pub state: String,
    /// Ties the ID token to the request.
    pub nonce: String,
    /// PKCE's secret.
    pub verifier: String,
}

/// Whether the provider may show the person a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompting {
    /// As its profile and the deployment say.
    Usual,
    /// Not at all: it answers at once, with a code or an error
    /// (OpenID Connect Core 1.0, section 3.1.2.1).
    None,
}

/// Where the browser goes to sign in.
pub(crate) fn authorization_url(
    provider: &ProviderClient,
    metadata: &Metadata,
    once: &OneTime,
    prompting: Prompting,
) -> Url {
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
    for (name, value) in parameters(provider, prompting) {
        request = request.add_extra_param(name, value);
    }
    request.url().0
}

/// The parameters beside the standard ones: the deployment's win over the
/// profile's, and a silent request's `prompt` over both.
fn parameters(provider: &ProviderClient, prompting: Prompting) -> BTreeMap<String, String> {
    let profile = provider.profile.authorize_params.iter();
    let mut all: BTreeMap<_, _> = profile
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    all.extend(provider.settings.authorize_params.clone());
    if prompting == Prompting::None {
        all.insert("prompt".to_owned(), "none".to_owned());
    }
    all
}
