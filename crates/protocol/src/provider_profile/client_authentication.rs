//! How the client authenticates at the token endpoint.

/// Client authentication (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// The HTTP Basic scheme, `client_secret_basic`.
    Basic,
    /// In the body of the request, `client_secret_post`.
    Body,
    /// The client id alone, for a client without a secret.
    None,
}

impl ClientAuthentication {
    /// Returns the method for a provider whose metadata list these
    /// (`token_endpoint_auth_methods_supported`). Basic, unless the list has only
    /// the other one: without a list Basic is the default (OpenID Connect
    /// Discovery 1.0, section 3). The methods are never tried one after the
    /// other: a refused request may have spent a one-time code or refresh token.
    pub fn from_metadata(supported: &[impl AsRef<str>]) -> Self {
        let has = |method| supported.iter().any(|known| known.as_ref() == method);
        if has("client_secret_post") && !has("client_secret_basic") {
            Self::Body
        } else {
            Self::Basic
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClientAuthentication::{Basic, Body};

    #[test]
    fn the_metadata_decide_and_basic_is_preferred() {
        for (supported, expected) in [
            (&[][..], Basic),
            (&["client_secret_basic"], Basic),
            (&["client_secret_post"], Body),
            (&["client_secret_post", "client_secret_basic"], Basic),
            (&["private_key_jwt", "client_secret_post", "none"], Body),
            (&["private_key_jwt", "none"], Basic),
        ] {
            let found = ClientAuthentication::from_metadata(supported);
            assert_eq!(found, expected, "{supported:?}");
        }
    }
}
