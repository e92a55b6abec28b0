//! Fitbit.

use crate::{
    provider_profile::{
        calls::{TokenValidation, Userinfo},
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, strings},
    },
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Fixed {
            issuer: None,
            authorization: "https://www.fitbit.com/oauth2/authorize",
            token: "https://api.fitbit.com/oauth2/token",
            userinfo: "https://api.fitbit.com/1/user/-/profile.json",
            revocation: Some("https://api.fitbit.com/oauth2/revoke"),
        },
        scopes: strings(["profile"]),
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Basic),
        // Refresh tokens work once. Errors are a list, and their texts repeat
        // the token, so only the error type is read.
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::Dead, &["invalid_token", "expired_token"]),
        userinfo: Userinfo {
            post: false,
            subject: Some("user.encodedId".to_owned()),
            name: Some("user.displayName".to_owned()),
        },
        validation: TokenValidation::Userinfo,
        // Whether a revocation ends other grants is not documented.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
