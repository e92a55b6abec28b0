//! Sign in with Apple.

use crate::{
    provider_profile::{
        client_authentication::ClientAuthentication, endpoints::ProfileEndpoints,
        profile::ProviderProfile,
    },
    reuse::Reuse,
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Issuer("https://appleid.apple.com"),
        public_clients: false,
        // The secret is a JWT that the operator signs; it goes into the body.
        client_authentication: Some(ClientAuthentication::Body),
        // One refresh token for as long as the user allows the application; the
        // answer to a refresh contains none.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard(),
        // A revocation ends every grant of the user to this client.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
