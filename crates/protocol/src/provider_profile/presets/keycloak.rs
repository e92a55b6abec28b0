//! Keycloak.

use crate::{provider_profile::profile::ProviderProfile, token_error::TokenErrorRules};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // The answer always contains a refresh token. Whether the old one stays
        // valid is a setting of the realm, so the rule stays strict.
        token_errors: TokenErrorRules::standard(),
        // Two sign-ins in one browser share a session, which a revocation ends.
        revoke_on_replacement: false,
        ..ProviderProfile::generic()
    }
}
