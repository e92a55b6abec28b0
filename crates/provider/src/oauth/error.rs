//! Errors of the endpoints that clients call (RFC 6749 section 5.2).

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

use super::parameters::{NotAForm, Parameters, read_form};

/// The fixed codes of RFC 6749 section 5.2 and RFC 7009 section 2.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
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
            Self::ServerError => "server_error",
        }
    }
}

/// A refusal that a client reads: code, words for its developer, status.
#[derive(Clone, Debug, Error)]
#[error("{}: {description}", code.as_str())]
pub(crate) struct OAuthError {
    pub(crate) code: ErrorCode,
    pub(crate) description: String,
    status: StatusCode,
}

impl OAuthError {
    /// A refusal with the status that belongs to its code: 401 for a failed
    /// client authentication, 500 for the provider's own failure, else 400.
    pub(crate) fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        let status = match code {
            ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            code,
            description: description.into(),
            status,
        }
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        let description = format!("The parameter {parameter} is missing.");
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// Something failed that is not the client's doing.
    pub(crate) fn server_error() -> Self {
        Self::new(ErrorCode::ServerError, "The provider failed.")
    }
}

impl From<NotAForm> for OAuthError {
    fn from(cause: NotAForm) -> Self {
        Self {
            code: ErrorCode::InvalidRequest,
            description: cause.to_string(),
            status: cause.status(),
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
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 wants a challenge beside every 401.
            let challenge = HeaderValue::from_static("Basic realm=\"Meridian ID\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The form of a request to an endpoint that clients call. Parameters that
/// are there twice are refused.
pub(crate) struct OAuthForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for OAuthForm {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let form = read_form(request, state).await?;
        if form.repeated().is_some() {
            let description = "A parameter is there more than once.";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, description));
        }
        Ok(Self(form))
    }
}
