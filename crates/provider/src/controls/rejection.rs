//! Error responses of the control API.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

use super::error::ControlError;

/// The reason why the control API rejects a request.
#[derive(Debug, Error)]
pub(super) enum ControlRejection {
    #[error("the control API is for programs on the provider's machine")]
    NotLocal,
    #[error("the control API is not for pages in a browser")]
    FromPage,
    #[error("the header X-Demo: 1 is missing")]
    NoHeader,
    #[error("the body is invalid: {0}")]
    Body(#[from] serde_json::Error),
    #[error(transparent)]
    Control(#[from] ControlError),
}

impl ControlRejection {
    /// Returns a fixed code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotLocal => "not_local",
            Self::FromPage => "from_page",
            Self::NoHeader => "no_header",
            Self::Body(_) => "bad_body",
            Self::Control(error) => error.code(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotLocal | Self::FromPage | Self::NoHeader => StatusCode::FORBIDDEN,
            Self::Control(ControlError::UnknownClient(_) | ControlError::UnknownUser(_)) => {
                StatusCode::NOT_FOUND
            }
            Self::Body(_) | Self::Control(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for ControlRejection {
    fn into_response(self) -> Response {
        let body = json!({"code": self.code(), "message": self.to_string()});
        (self.status(), Json(body)).into_response()
    }
}
