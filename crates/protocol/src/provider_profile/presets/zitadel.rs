//! Zitadel.

use crate::{
    provider_profile::profile::{ProviderProfile, strings},
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        scopes: strings(["openid", "profile", "email", "offline_access"]),
        // Refresh tokens rotate.
        token_errors: TokenErrorRules::standard(),
        ..ProviderProfile::generic()
    }
}
