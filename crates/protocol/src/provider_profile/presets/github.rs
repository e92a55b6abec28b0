//! GitHub: GitHub Apps and OAuth apps.

use crate::{
    provider_profile::{
        calls::{RevocationStyle, TokenValidation, Userinfo},
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::ProviderProfile,
    },
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        endpoints: ProfileEndpoints::Fixed {
            // Authorization responses name it.
            issuer: Some("https://github.com/login/oauth"),
            authorization: "https://github.com/login/oauth/authorize",
            token: "https://github.com/login/oauth/access_token",
            userinfo: "https://api.github.com/user",
            revocation: Some("https://api.github.com/applications/{client_id}/grant"),
        },
        // A GitHub App has permissions instead of scopes.
        scopes: Vec::new(),
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Body),
        // A refresh ends the old refresh token and the old access token. Errors
        // come with status 200.
        token_errors: TokenErrorRules::standard()
            .also(
                ErrorClass::Dead,
                &["bad_refresh_token", "bad_verification_code"],
            )
            .also(
                ErrorClass::Misconfigured,
                &["incorrect_client_credentials", "redirect_uri_mismatch"],
            ),
        userinfo: Userinfo {
            name: Some("login".to_owned()),
            ..Userinfo::standard()
        },
        validation: TokenValidation::Userinfo,
        // It withdraws the user's authorization, and all tokens with it.
        revocation: RevocationStyle::JsonDelete,
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
