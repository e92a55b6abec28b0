//! The authorization request (RFC 6749, section 4.1.1).

use super::{pending::PendingSignIn, pkce};
use crate::settings::Settings;

/// Returns the URL of the authorization request. `thumbprint` is that of the key
/// that the provider binds the code to (RFC 9449, section 10).
pub(crate) fn authorization_url(
    endpoint: &str,
    settings: &Settings,
    pending: &PendingSignIn,
    thumbprint: Option<&str>,
) -> String {
    let profile = &settings.profile;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &settings.client_id)
        .append_pair("redirect_uri", &settings.redirect_uri)
        .append_pair(
            &profile.scope_parameter,
            &profile.join_scopes(&settings.scopes),
        )
        .append_pair("state", &pending.state)
        .append_pair("nonce", &pending.nonce)
        .append_pair("code_challenge", &pkce::challenge(&pending.verifier))
        .append_pair("code_challenge_method", "S256");
    for (name, value) in &profile.authorize_params {
        // A silent request has a `prompt` of its own.
        if !(pending.silent && name == "prompt") {
            query.append_pair(name, value);
        }
    }
    if pending.silent {
        query.append_pair("prompt", "none");
    }
    if let Some(thumbprint) = thumbprint {
        query.append_pair("dpop_jkt", thumbprint);
    }
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::settings;

    fn pending(silent: bool) -> PendingSignIn {
        PendingSignIn {
            state: "the-state".into(),
            nonce: "the-nonce".into(),
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            return_to: "/".parse().unwrap(),
            silent,
        }
    }

    #[test]
    fn the_request_is_exactly_this() {
        assert_eq!(
            authorization_url(
                "http://op.test/authorize",
                &settings(),
                &pending(false),
                None
            ),
            "http://op.test/authorize?response_type=code&client_id=spa\
             &redirect_uri=http%3A%2F%2Fapp.test%2Fcallback\
             &scope=openid+offline_access&state=the-state&nonce=the-nonce\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
             &code_challenge_method=S256"
        );
    }

    #[test]
    fn the_profile_adds_parameters_and_names_and_separates_the_scopes() {
        let mut settings = settings();
        let params = [("audience", "api"), ("prompt", "consent")];
        settings.profile.authorize_params = params
            .map(|(name, value)| (name.into(), value.into()))
            .into();
        settings.profile.scope_parameter = "user_scope".into();
        settings.profile.scope_separator = ',';
        let url = |silent| authorization_url("http://op.test/a", &settings, &pending(silent), None);
        assert!(url(false).contains("&user_scope=openid%2Coffline_access&"));
        assert!(url(false).ends_with("&audience=api&prompt=consent"));
        assert!(url(true).ends_with("&audience=api&prompt=none"));
    }

    #[test]
    fn a_silent_request_has_prompt_none_and_a_bound_one_names_its_key() {
        let url = authorization_url(
            "http://op.test/a?b=c",
            &settings(),
            &pending(true),
            Some("k"),
        );
        assert!(url.starts_with("http://op.test/a?b=c&response_type=code&"));
        assert!(url.ends_with("&prompt=none&dpop_jkt=k"));
    }
}
