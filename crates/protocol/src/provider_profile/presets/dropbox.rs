//! Dropbox.

use crate::{
    provider_profile::{
        calls::{RevocationStyle, TokenValidation, Userinfo},
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, params, strings},
    },
    reuse::Reuse,
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Fixed {
            issuer: None,
            authorization: "https://www.dropbox.com/oauth2/authorize",
            token: "https://api.dropboxapi.com/oauth2/token",
            userinfo: "https://api.dropboxapi.com/2/users/get_current_account",
            revocation: Some("https://api.dropboxapi.com/2/auth/token/revoke"),
        },
        scopes: strings(["account_info.read"]),
        public_clients: false,
        // It refuses a request that contains the credentials twice.
        client_authentication: Some(ClientAuthentication::Basic),
        authorize_params: params([("token_access_type", "offline")]),
        // Its refresh tokens neither rotate nor expire.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard(),
        userinfo: Userinfo {
            post: true,
            subject: Some("account_id".to_owned()),
            name: Some("name.display_name".to_owned()),
        },
        validation: TokenValidation::Userinfo,
        revocation: RevocationStyle::BearerPost,
        ..ProviderProfile::generic()
    }
}
