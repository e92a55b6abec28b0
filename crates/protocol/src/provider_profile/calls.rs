//! What a client asks of a provider apart from tokens.

/// How a client asks whether an access token is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenValidation {
    /// Token introspection (RFC 7662).
    Introspection,
    /// With the token as a query parameter, at this address unless the
    /// provider's metadata name another.
    Tokeninfo(String),
    /// By whether userinfo accepts the token, for a provider that has nothing
    /// better.
    Userinfo,
}

/// How a client revokes the tokens of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStyle {
    /// With the token in a form and the client's authentication (RFC 7009,
    /// section 2.1).
    Standard,
    /// With a POST request that the access token itself authorizes (Dropbox,
    /// Slack).
    BearerPost,
    /// With a DELETE request that the access token itself authorizes
    /// (Facebook).
    BearerDelete,
    /// With a DELETE request that contains the access token as JSON and the
    /// client's authentication (GitHub).
    JsonDelete,
}

/// How a client learns who the user is where the provider issues no ID token.
///
/// A path names a member of the response; dots lead into nested objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Userinfo {
    /// Whether the request is a POST request without a body (Dropbox).
    pub post: bool,
    /// The path of the user's identifier, if it is not `sub` or `id`.
    pub subject: Option<String>,
    /// The path of the user's name, if it is not one of OpenID Connect's.
    pub name: Option<String>,
}

impl Userinfo {
    /// Returns the userinfo request of OpenID Connect Core 1.0, section 5.3.
    pub fn standard() -> Self {
        Self {
            post: false,
            subject: None,
            name: None,
        }
    }
}
