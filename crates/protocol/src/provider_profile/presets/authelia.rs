//! Authelia.

use crate::{
    provider_profile::profile::{ProviderProfile, strings},
    token_error::TokenErrorRules,
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        scopes: strings(["openid", "profile", "email", "offline_access"]),
        // Each client is registered with one method of authentication, and the
        // metadata list those of all clients: a key sets what is not Basic.
        client_authentication: None,
        token_errors: TokenErrorRules::standard(),
        ..ProviderProfile::generic()
    }
}
