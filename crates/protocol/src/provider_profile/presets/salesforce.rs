//! Salesforce.

use crate::{
    provider_profile::{
        client_authentication::ClientAuthentication,
        endpoints::ProfileEndpoints,
        profile::{ProviderProfile, strings},
    },
    reuse::Reuse,
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // A sandbox and My Domain have issuers of their own.
        endpoints: ProfileEndpoints::Issuer("https://login.salesforce.com"),
        scopes: strings(["openid", "api", "refresh_token"]),
        client_authentication: Some(ClientAuthentication::Body),
        // Unless rotation is on, the answer to a refresh contains no refresh
        // token. It never contains `expires_in`: the session settings of the
        // organisation decide, and an API's 401 shows the end.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::Dead, &["inactive_user", "inactive_org"])
            .also(ErrorClass::Misconfigured, &["invalid_client_id"])
            .also(ErrorClass::RateLimited, &["rate_limit_exceeded"])
            .also(ErrorClass::Ambiguous, &["unknown_error"]),
        ..ProviderProfile::generic()
    }
}
