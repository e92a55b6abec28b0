//! Form bodies (`application/x-www-form-urlencoded`).

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use thiserror::Error;

use super::{
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
};

/// The largest request body that any endpoint accepts, in bytes.
pub(crate) const MAX_BODY_SIZE: usize = 64 * 1024;

/// A request body that cannot be read as a form.
#[derive(Debug, Error)]
pub(crate) enum FormError {
    #[error("The body must be application/x-www-form-urlencoded.")]
    MediaType,
    #[error("The body is too large or incomplete.")]
    Body(StatusCode),
}

impl FormError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(status) => *status,
        }
    }
}

impl From<BytesRejection> for FormError {
    fn from(rejection: BytesRejection) -> Self {
        Self::Body(rejection.status())
    }
}

impl From<FormError> for OAuthError {
    fn from(error: FormError) -> Self {
        Self::new(ErrorCode::InvalidRequest, error.to_string()).with_status(error.status())
    }
}

/// Reads the form in a request body. The router's body limit applies.
pub(crate) async fn read_form<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Parameters, FormError> {
    if !is_form(request.headers()) {
        return Err(FormError::MediaType);
    }
    let body = Bytes::from_request(request, state).await?;
    Ok(Parameters::parse(&body))
}

/// Returns whether the media type is that of a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|value| {
        value
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// The form of a request from a client. Extraction fails if a parameter is
/// repeated (RFC 6749 section 3.2).
pub(crate) struct OAuthForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for OAuthForm {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let form = read_form(request, state).await?;
        if form.has_repeated() {
            let description = "A parameter is repeated.";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, description));
        }
        Ok(Self(form))
    }
}
