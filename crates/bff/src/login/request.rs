//! The authorization request (RFC 6749, section 4.1.1) with PKCE (RFC 7636).

use super::{Renewal, SignInParameters};
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

/// What an authorization request is for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// The user asked for it. The provider shows the pages that the profile, the
    /// settings and these parameters ask for.
    SignIn(SignInParameters),
    /// A silent re-authentication renews this session. The provider shows no
    /// page: it answers at once, with a code or an error (OpenID Connect Core
    /// 1.0, section 3.1.2.1).
    Renewal(Renewal),
}

impl Purpose {
    /// Returns the session that is renewed.
    pub(super) fn renews(self) -> Option<Renewal> {
        match self {
            Self::SignIn(_) => None,
            Self::Renewal(renewal) => Some(renewal),
        }
    }
}

/// Returns the authorization request to which the browser is sent.
pub(crate) fn authorization_url(
    provider: &ProviderClient,
    metadata: &Metadata,
    once: &OneTime,
    purpose: &Purpose,
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
    if provider.settings.is_openid() {
        request = request.add_extra_param("nonce", once.nonce.clone());
    }
    for (name, value) in parameters(provider, purpose) {
        request = request.add_extra_param(name, value);
    }
    request.url().0
}

/// Returns the additional parameters. Those of this request override those of
/// the profile and the settings.
fn parameters(provider: &ProviderClient, purpose: &Purpose) -> BTreeMap<String, String> {
    let mut all = provider.profile.authorize_params.clone();
    match purpose {
        Purpose::SignIn(parameters) => parameters.add_to(&mut all),
        Purpose::Renewal(_) => {
            all.insert("prompt".to_owned(), "none".to_owned());
        }
    }
    all
}
