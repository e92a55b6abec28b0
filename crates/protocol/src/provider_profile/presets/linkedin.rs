//! LinkedIn.

use crate::{
    provider_profile::{
        calls::TokenValidation,
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, strings},
    },
    reuse::Reuse,
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Issuer("https://www.linkedin.com/oauth"),
        scopes: strings(["openid", "profile", "email"]),
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Body),
        // Web applications cannot use it.
        pkce: false,
        // A refresh returns the same refresh token, whose lifetime goes on from
        // the sign-in.
        reuse: Reuse::Reusable,
        // A dead token is `invalid_request`.
        token_errors: TokenErrorRules {
            vague_is_dead: true,
            ..TokenErrorRules::standard()
        },
        validation: TokenValidation::Userinfo,
        ..ProviderProfile::generic()
    }
}
