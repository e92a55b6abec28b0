//! How one provider differs from another where the standards leave it open, as
//! data.

use crate::{refresh_policy::Reuse, token_error::TokenErrorRules};

/// The behaviour of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderProfile {
    /// How the client authenticates at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// What happens to a refresh token after its use.
    pub reuse: Reuse,
    /// Which error codes of the token endpoint mean what.
    pub token_errors: TokenErrorRules,
    /// What separates scopes in a request (RFC 6749, section 3.3: a space).
    pub scope_separator: char,
    /// Further parameters of the authorization request.
    pub authorize_params: &'static [(&'static str, &'static str)],
    /// How the client asks whether an access token is valid.
    pub validation: TokenValidation,
    /// How the client revokes a token.
    pub revocation: RevocationStyle,
    /// Whether the tokens of a session that was replaced or has expired are
    /// revoked. False where the revocation of one token also ends the newer
    /// grants of the same user.
    pub revoke_on_replacement: bool,
}

/// Client authentication (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// The HTTP Basic scheme, `client_secret_basic`.
    Basic,
    /// In the body of the request, `client_secret_post`.
    Body,
}

/// How a client asks whether an access token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenValidation {
    /// Token introspection (RFC 7662).
    Introspection,
    /// With the token as a query parameter, at this address unless the
    /// provider's metadata name another.
    Tokeninfo(&'static str),
}

/// How a client revokes a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStyle {
    /// With a POST request (RFC 7009, section 2.1).
    Post,
    /// With the token in the query of a GET request.
    Get,
}

impl ProviderProfile {
    /// The ids of all profiles.
    pub const IDS: &'static [&'static str] = &["generic", "google"];

    /// The careful assumptions about a provider that is not known otherwise.
    pub const GENERIC: Self = Self {
        client_authentication: ClientAuthentication::Basic,
        reuse: Reuse::Strict,
        token_errors: TokenErrorRules::LENIENT,
        scope_separator: ' ',
        authorize_params: &[],
        validation: TokenValidation::Introspection,
        revocation: RevocationStyle::Post,
        revoke_on_replacement: true,
    };

    /// Google.
    pub const GOOGLE: Self = Self {
        client_authentication: ClientAuthentication::Body,
        // Its refresh tokens neither rotate nor expire by use.
        reuse: Reuse::Reusable,
        token_errors: TokenErrorRules::STANDARD,
        // It gives a refresh token with the first consent only, so the client
        // asks for consent each time.
        authorize_params: &[("access_type", "offline"), ("prompt", "consent")],
        validation: TokenValidation::Tokeninfo("https://oauth2.googleapis.com/tokeninfo"),
        // It revokes all tokens that the user has granted to the client.
        revoke_on_replacement: false,
        ..Self::GENERIC
    };

    /// Returns the profile with this id.
    pub fn by_id(id: &str) -> Option<Self> {
        match id {
            "generic" => Some(Self::GENERIC),
            "google" => Some(Self::GOOGLE),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_profile_exists_and_no_other_does() {
        for id in ProviderProfile::IDS {
            assert!(ProviderProfile::by_id(id).is_some(), "{id}");
        }
        assert_eq!(ProviderProfile::by_id("unknown"), None);
    }
}
