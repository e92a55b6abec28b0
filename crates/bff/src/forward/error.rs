//! Why a request was not forwarded, or got no response.

use super::headers::wants_websocket;
use confidant_wire::{Code, Problem};
use http::HeaderMap;

/// Why a request was not forwarded, apart from the session and its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    /// No API with this id is configured.
    #[error("There is no API with this id.")]
    NoSuchApi,
    /// No route allows this method and path, or the path is ambiguous.
    #[error("This API has no such path that is open to this method.")]
    NotOpen,
    /// The request asks for a WebSocket.
    #[error("WebSockets are not forwarded.")]
    WebSocket,
    /// The session belongs to another provider than the API.
    #[error("This API takes tokens of another provider than the one you signed in with.")]
    OtherProvider,
    /// The request's body is larger than the API's limit.
    #[error("The request is larger than allowed.")]
    TooLarge,
    /// A request whose method has no body has one.
    #[error("A request with this method cannot have a body.")]
    UnexpectedBody,
    /// The request body did not arrive in full.
    #[error("The request broke off before its end.")]
    BrokeOff,
    /// The API cannot be reached, or closed the connection.
    #[error("The API cannot be reached, or broke off before it answered.")]
    Unreachable,
    /// The API did not begin to answer in time.
    #[error("The API took too long to answer.")]
    Silent,
    /// The token cannot be sent in a header.
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
            Self::BrokeOff | Self::UnexpectedBody => Code::BadRequest,
            Self::Unreachable => Code::ApiUnavailable,
            Self::Silent => Code::ApiTimedOut,
            Self::BadToken => Code::ProviderMisbehaved,
        }
    }
}

/// Refuses a request for a WebSocket: the connection would outlive its token,
/// and nothing would check the session again.
///
/// # Errors
/// [`ForwardError::WebSocket`].
pub(crate) fn refuse_websocket(headers: &HeaderMap) -> Result<(), ForwardError> {
    if wants_websocket(headers) {
        return Err(ForwardError::WebSocket);
    }
    Ok(())
}
