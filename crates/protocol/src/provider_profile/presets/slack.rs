//! Slack: user tokens of OAuth version 2.

use crate::{
    provider_profile::{
        calls::{RevocationStyle, TokenValidation, Userinfo},
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
            authorization: "https://slack.com/oauth/v2/authorize",
            token: "https://slack.com/api/oauth.v2.access",
            userinfo: "https://slack.com/api/auth.test",
            revocation: Some("https://slack.com/api/auth.revoke"),
        },
        scopes: strings(["users:read"]),
        public_clients: false,
        client_authentication: Some(ClientAuthentication::Basic),
        // `scope` would ask for the tokens of a bot.
        scope_parameter: "user_scope".to_owned(),
        scope_separator: ',',
        nested_token: Some("authed_user".to_owned()),
        // Errors come with status 200.
        token_errors: TokenErrorRules::standard()
            .also(
                ErrorClass::Dead,
                &[
                    "invalid_refresh_token",
                    "invalid_code",
                    "code_already_used",
                    "code_expired",
                    "token_expired",
                    "token_revoked",
                    "account_inactive",
                ],
            )
            .also(
                ErrorClass::Misconfigured,
                &["invalid_client_id", "bad_client_secret", "bad_redirect_uri"],
            )
            .also(ErrorClass::Busy, &["service_unavailable"])
            .also(ErrorClass::RateLimited, &["ratelimited"])
            // It may have done a part of the work.
            .also(ErrorClass::Ambiguous, &["fatal_error", "internal_error"]),
        userinfo: Userinfo {
            post: false,
            subject: Some("user_id".to_owned()),
            name: Some("user".to_owned()),
        },
        validation: TokenValidation::Userinfo,
        // A user has one token for each application, which the new sign-in
        // shares.
        revocation: RevocationStyle::BearerPost,
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
