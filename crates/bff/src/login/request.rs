//! The authorization request (RFC 6749, section 4.1.1) with PKCE (RFC 7636).

use crate::provider::{Metadata, ProviderClient};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier};
use std::collections::BTreeMap;
use url::Url;

/// The one-time values of a sign-in.
#[derive(Clone)]
pub(crate) struct OneTime {
    /// Binds the response to the request and, by a cookie, to the browser.
    pub state: String,
    /// Binds the ID token to the request.
    pub nonce: String,
    /// The PKCE code verifier.
    pub verifier: String,
}

/// Whether the provider may show a page to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompting {
    /// As the profile and the settings say.
    Usual,
    /// It may not: it answers at once, with a code or an error
    /// (OpenID Connect Core 1.0, section 3.1.2.1).
    None,
}

/// Returns the authorization request to which the browser is sent.
pub(crate) fn authorization_url(
    provider: &ProviderClient,
    metadata: &Metadata,
    once: &OneTime,
    prompting: Prompting,
) -> Url {
    let protocol = provider.protocol(metadata);
    let verifier = PkceCodeVerifier::new(once.verifier.clone());
    let mut request = protocol.authorize_url(|| CsrfToken::new(once.state.clone()));
    let profile = &provider.profile;
    if profile.pkce {
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        request = request.set_pkce_challenge(challenge);
    }
    let scopes = profile.join_scopes(&provider.settings.scopes);
    if !scopes.is_empty() {
        request = request.add_extra_param(profile.scope_parameter.as_str(), scopes);
    }
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

/// Returns the additional parameters. The `prompt` of a silent request overrides
/// that of the profile and the settings.
fn parameters(provider: &ProviderClient, prompting: Prompting) -> BTreeMap<String, String> {
    let mut all = provider.profile.authorize_params.clone();
    if prompting == Prompting::None {
        all.insert("prompt".to_owned(), "none".to_owned());
    }
    all
}
