//! Google.

use crate::{
    provider_profile::{
        calls::TokenValidation,
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, params, strings},
    },
    reuse::Reuse,
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Issuer("https://accounts.google.com"),
        scopes: strings(["openid", "profile", "email"]),
        // Its web clients have a secret.
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Body),
        // Its refresh tokens neither rotate nor expire by use.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard(),
        // It gives a refresh token with the first consent only, so the client
        // asks for consent each time.
        authorize_params: params([("access_type", "offline"), ("prompt", "consent")]),
        validation: TokenValidation::Tokeninfo("https://oauth2.googleapis.com/tokeninfo".to_owned()),
        // A revocation ends every grant of the user to this project.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
