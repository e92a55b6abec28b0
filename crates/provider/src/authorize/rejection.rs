//! Rejected authorization requests.

/// A rejected authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// The provider shows an error page. Redirecting to an unverified URI would
    /// make it an open redirector.
    Page(PageRejection),
    /// The provider redirects to the client (RFC 6749 section 4.1.2.1).
    Client(ClientRejection),
}

/// The reason why the provider cannot redirect to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageRejection {
    NoClient,
    UnknownClient,
    NoRedirectUri,
    UnknownRedirectUri,
}

/// An error response to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientRejection {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) error: AuthorizationError,
    pub(crate) description: &'static str,
}

/// The error codes of RFC 6749 section 4.1.2.1 and OpenID Connect Core
/// section 3.1.2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthorizationError {
    InvalidRequest,
    UnsupportedResponseType,
    InvalidScope,
    AccessDenied,
    LoginRequired,
    ConsentRequired,
    RequestNotSupported,
    RequestUriNotSupported,
}

impl AuthorizationError {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
        }
    }
}
