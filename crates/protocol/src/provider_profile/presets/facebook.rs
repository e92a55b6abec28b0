//! Facebook.

use crate::{
    provider_profile::{
        calls::{RevocationStyle, TokenValidation},
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, RefreshGrant, strings},
    },
    reuse::Reuse,
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // Addresses without a version are those of the application's version.
        endpoints: ProfileEndpoints::Fixed {
            issuer: None,
            authorization: "https://www.facebook.com/dialog/oauth",
            token: "https://graph.facebook.com/oauth/access_token",
            userinfo: "https://graph.facebook.com/me?fields=id,name",
            revocation: Some("https://graph.facebook.com/me/permissions"),
        },
        scopes: strings(["public_profile"]),
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Body),
        scope_separator: ',',
        // There are no refresh tokens: a valid access token is exchanged for one
        // that lives longer, and stays valid.
        refresh_grant: RefreshGrant::FacebookExchange,
        reuse: Reuse::Reusable,
        // An error is an object with a number.
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::Dead, &["190"])
            .also(ErrorClass::Busy, &["1", "2"])
            .also(ErrorClass::RateLimited, &["4", "17", "341"]),
        validation: TokenValidation::Userinfo,
        // It withdraws the user's permissions from the application.
        revocation: RevocationStyle::BearerDelete,
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
