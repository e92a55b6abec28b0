//! Microsoft Entra ID, the endpoints of version 2.

use crate::{
    provider_profile::{
        calls::TokenValidation,
        client_authentication::ClientAuthentication,
        profile::{ProviderProfile, strings},
    },
    reuse::Reuse,
    token_error::{ErrorClass, TokenErrorRules},
};

pub(super) fn profile() -> ProviderProfile {
    ProviderProfile {
        // The answer never repeats `offline_access`.
        scopes: strings(["openid", "profile", "email", "offline_access"]),
        client_authentication: Some(ClientAuthentication::Body),
        // A refresh brings a new refresh token, and the old one stays valid.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::standard()
            .also(ErrorClass::Dead, &["consent_required", "login_required"]),
        // It has neither introspection nor revocation.
        validation: TokenValidation::Userinfo,
        ..ProviderProfile::generic()
    }
}
