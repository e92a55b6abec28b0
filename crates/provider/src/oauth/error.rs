//! Errors of the endpoints that clients call (RFC 6749 section 5.2).

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

use super::parameters::{FormError, Parameters, read_form};
use crate::dpop::{nonce, verify::DpopError};

/// The fixed codes of RFC 6749 section 5.2, RFC 7009 section 2.2.1 and
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
}

/// A refusal that a client reads: code, words for its developer, status.
#[derive(Clone, Debug, Error)]
#[error("{}: {description}", code.as_str())]
pub(crate) struct OAuthError {
    pub(crate) code: ErrorCode,
    pub(crate) description: String,
    status: StatusCode,
    /// The nonce to use from now on (RFC 9449 section 8).
    nonce: Option<String>,
}

impl OAuthError {
    /// A refusal with the status that belongs to its code: 401 for a failed
    /// client authentication, 5xx for what is the provider's fault, else 400.
    pub(crate) fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        let status = match code {
            ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            code,
            description: description.into(),
            status,
            nonce: None,
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

impl From<FormError> for OAuthError {
    fn from(cause: FormError) -> Self {
        Self {
            code: ErrorCode::InvalidRequest,
            description: cause.to_string(),
            status: cause.status(),
            nonce: None,
        }
    }
}

impl From<DpopError> for OAuthError {
    fn from(cause: DpopError) -> Self {
        let code = match cause {
            DpopError::InvalidProof(_) => ErrorCode::InvalidDpopProof,
            DpopError::UseNonce(_) => ErrorCode::UseDpopNonce,
            DpopError::ReplayCacheFull => ErrorCode::TemporarilyUnavailable,
        };
        let refusal = Self::new(code, cause.description());
        match cause {
            DpopError::UseNonce(nonce) => Self {
                nonce: Some(nonce),
                ..refusal
            },
            _ => refusal,
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
        if let Some(nonce) = &self.nonce {
            nonce::insert_header(headers, nonce);
        }
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
