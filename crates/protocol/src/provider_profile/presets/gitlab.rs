//! GitLab.

use crate::{
    provider_profile::{
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, strings},
    },
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // A self-managed installation has an issuer of its own.
        endpoints: ProfileEndpoints::Issuer("https://gitlab.com"),
        scopes: strings(["openid", "profile", "email"]),
        client_authentication: Some(ClientAuthentication::Body),
        // A refresh ends the old pair, and repeats the redirect URI.
        redirect_uri_at_refresh: true,
        token_errors: TokenErrorRules::standard(),
        ..ProviderProfile::generic()
    }
}
