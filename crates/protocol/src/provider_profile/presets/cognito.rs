//! Amazon Cognito.

use crate::{
    provider_profile::{calls::TokenValidation, profile::ProviderProfile},
    reuse::Reuse,
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // Unless rotation is on, the answer to a refresh contains no refresh
        // token and the old one stays valid.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::RateLimited, &["TooManyRequestsException"]),
        // It has no introspection.
        validation: TokenValidation::Userinfo,
        ..ProviderProfile::generic()
    }
}
