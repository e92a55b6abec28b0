//! Okta.

use crate::{
    provider_profile::profile::{ProviderProfile, strings},
    reuse::Reuse,
    token_error::TokenErrorRules,
};
use std::time::Duration;

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        scopes: strings(["openid", "profile", "email", "offline_access"]),
        // The default for rotating refresh tokens; static ones allow more.
        reuse: Reuse::Grace(Duration::from_secs(30)),
        token_errors: TokenErrorRules::standard(),
        ..ProviderProfile::generic()
    }
}
