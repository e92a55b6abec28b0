//! Why a request is not forwarded, or brought no answer.

use super::headers::wants_websocket;
use confidant_wire::{Code, Problem};
use http::HeaderMap;

/// What stands in the way, beside the session and its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    /// No API with this id is configured.
    #[error("There is no API with this id.")]
    NoSuchApi,
    /// The path is not open, or not to this method, or not a plain one.
    #[error("This API has no such path that is open to this method.")]
    NotOpen,
    /// A WebSocket was asked for.
    #[error("WebSockets are not forwarded.")]
    WebSocket,
    /// The session is one of another provider than the API's.
    #[error("This API takes tokens of another provider than the one you signed in with.")]
    OtherProvider,
    /// The request's body is larger than the API's limit.
    #[error("The request is larger than allowed.")]
    TooLarge,
    /// The request's body did not come whole.
    #[error("The request broke off before its end.")]
    BrokeOff,
    /// The API cannot be reached, or broke off.
    #[error("The API cannot be reached, or broke off before it answered.")]
    Unreachable,
    /// The API did not begin to answer in time.
    #[error("The API took too long to answer.")]
    Silent,
    /// The token cannot stand in a header.
    #[error("The provider gave a token that cannot be sent.")]
    BadToken,
}

impl ForwardError {
    /// Returns what a user may be told.
    pub(crate) fn problem(self) -> Problem {
        Problem::new(self.code(), self.to_string())
    }

    fn code(self) -> Code {
        match self {
            Self::NoSuchApi => Code::UnknownApi,
            Self::NotOpen => Code::NotFound,
            Self::WebSocket => Code::UpgradeRefused,
            Self::OtherProvider => Code::WrongProvider,
            Self::TooLarge => Code::BodyTooLarge,
            Self::BrokeOff => Code::BadRequest,
            Self::Unreachable => Code::ApiUnavailable,
            Self::Silent => Code::ApiTimedOut,
            Self::BadToken => Code::ProviderMisbehaved,
        }
    }
}

/// Refuses a request for a WebSocket: a connection that outlives its token
/// would be forwarded with nobody looking at the session again.
///
/// # Errors
/// `upgrade_refused`.
pub(crate) fn refuse_websocket(headers: &HeaderMap) -> Result<(), ForwardError> {
    if wants_websocket(headers) {
        return Err(ForwardError::WebSocket);
    }
    Ok(())
}
