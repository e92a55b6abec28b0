//! Auth0.

use crate::{
    provider_profile::profile::{ProviderProfile, strings},
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        scopes: strings(["openid", "profile", "email", "offline_access"]),
        // A dead token is `invalid_grant` with status 403. Rotation has no
        // overlap by default, so the rule stays strict.
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::RateLimited, &["too_many_requests"]),
        // By default a revocation deletes the user's grant to the application.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
