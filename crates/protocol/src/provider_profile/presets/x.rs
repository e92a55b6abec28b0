//! X, formerly Twitter: OAuth 2.0.

use crate::{
    provider_profile::{
        calls::{TokenValidation, Userinfo},
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, strings},
    },
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Fixed {
            issuer: None,
            authorization: "https://x.com/i/oauth2/authorize",
            token: "https://api.x.com/2/oauth2/token",
            userinfo: "https://api.x.com/2/users/me",
            revocation: Some("https://api.x.com/2/oauth2/revoke"),
        },
        scopes: strings(["users.read", "tweet.read", "offline.access"]),
        public_clients: false,
        // Confidential clients can use nothing else.
        client_authentication: Some(ClientAuthentication::Basic),
        // Refresh tokens work once. A dead one is `invalid_request`.
        token_errors: TokenErrorRules {
            vague_is_dead: true,
            ..TokenErrorRules::standard()
        },
        userinfo: Userinfo {
            post: false,
            subject: Some("data.id".to_owned()),
            name: Some("data.username".to_owned()),
        },
        validation: TokenValidation::Userinfo,
        // Whether a revocation ends other grants is not documented.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
