//! How one provider differs from another, as data.

use crate::refresh::Reuse;

/// How a provider behaves where the standards leave it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// How the client proves who it is at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// What becomes of a refresh token that was used.
    pub reuse: Reuse,
    /// Further parameters of the authorization request.
    pub authorize_params: &'static [(&'static str, &'static str)],
    /// How one asks whether an access token is good.
    pub validate: Validate,
}

/// Client authentication (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// The HTTP Basic scheme.
    Basic,
    /// In the body of the request.
    Body,
}

/// How one asks whether an access token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validate {
    /// RFC 7662.
    Introspection,
    /// With the token as a query parameter, at this address unless the
    /// provider's metadata name another.
    Tokeninfo(&'static str),
}

impl Profile {
    /// The ids that there are.
    pub const IDS: &'static [&'static str] = &["generic", "google"];

    /// The profile with this id.
    pub fn by_id(id: &str) -> Option<Self> {
        match id {
            // The careful assumptions.
            "generic" => Some(Self {
                client_authentication: ClientAuthentication::Basic,
                reuse: Reuse::Strict,
                authorize_params: &[],
                validate: Validate::Introspection,
            }),
            "google" => Some(Self {
                client_authentication: ClientAuthentication::Body,
                // It neither rotates nor expires by use.
                reuse: Reuse::Reusable,
                // A refresh token comes with the first consent only, so
                // consent is asked for each time.
                authorize_params: &[("access_type", "offline"), ("prompt", "consent")],
                validate: Validate::Tokeninfo("https://oauth2.googleapis.com/tokeninfo"),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_profile_exists_and_no_other_does() {
        for id in Profile::IDS {
            assert!(Profile::by_id(id).is_some(), "{id}");
        }
        assert_eq!(Profile::by_id("nobody"), None);
    }
}
