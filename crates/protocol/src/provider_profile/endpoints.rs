//! The addresses of a provider that has the same ones for every client.

/// A provider's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileEndpoints {
    /// They differ between tenants or installations.
    Configured,
    /// They are discovered from this issuer (OpenID Connect Discovery 1.0).
    Issuer(&'static str),
    /// They are these; the provider has no discovery.
    Fixed {
        /// The issuer identifier that authorization responses name (RFC 9207).
        issuer: Option<&'static str>,
        /// The authorization endpoint.
        authorization: &'static str,
        /// The token endpoint.
        token: &'static str,
        /// The endpoint that says who the user is.
        userinfo: &'static str,
        /// The revocation endpoint. `{client_id}` stands for the client
        /// identifier.
        revocation: Option<&'static str>,
    },
}
