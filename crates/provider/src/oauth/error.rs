//! Error responses of the endpoints that clients call (RFC 6749 section 5.2).

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

/// The error codes of RFC 6749 section 5.2, RFC 7009 section 2.2.1 and
/// RFC 9449 section 12.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    InvalidDpopProof,
    UseDpopNonce,
    TemporarilyUnavailable,
    ServerError,
}

impl ErrorCode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// Returns 401 for a failed client authentication, 5xx for a failure of
    /// the provider, and 400 for every other error.
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// An error response to a client.
#[derive(Clone, Debug, Error)]
#[error("{}: {description}", code.as_str())]
pub(crate) struct OAuthError {
    code: ErrorCode,
    /// A sentence for the client's developer.
    description: String,
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
}

impl OAuthError {
    pub(crate) fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
            status: code.status(),
            header: None,
        }
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        let description = format!("The parameter {name} is missing.");
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// Returns the error for a failure that the client did not cause.
    pub(crate) fn server_error() -> Self {
        Self::new(ErrorCode::ServerError, "The provider failed.")
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Adds a header to the response.
    pub(crate) fn with_header(self, header: (HeaderName, HeaderValue)) -> Self {
        Self {
            header: Some(header),
            ..self
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({
            "error": self.code.as_str(),
            "error_description": self.description,
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.header);
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 requires a challenge with every 401.
            let challenge = HeaderValue::from_static("Basic realm=\"Meridian ID\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
