//! The public half of the signing key.

use crate::digest::{base64url, sha256};

/// A point on P-256, its coordinates in base64url (RFC 7518, section 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
}

impl PublicKey {
    /// Returns the key as a JWK. Its members are the required ones, in order and
    /// without spaces, so the thumbprint is computed from the same text.
    pub(crate) fn jwk(&self) -> String {
        let Self { x, y } = self;
        format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
    }

    /// Returns the JWK thumbprint (RFC 7638), which tokens and codes are bound
    /// to.
    pub fn thumbprint(&self) -> String {
        base64url(sha256(&self.jwk()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The key of the examples in RFC 9449.
    pub(crate) fn example() -> PublicKey {
        PublicKey {
            x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs".into(),
            y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA".into(),
        }
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_9449_section_6_1() {
        let expected = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        assert_eq!(example().thumbprint(), expected);
    }
}
