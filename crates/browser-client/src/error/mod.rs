//! Why an operation failed: a fixed code, a message, and how long to wait.

pub(crate) mod catalog;

use confidant_wire::{Code, Problem};
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal => $wire:ident),+ $(,)?) => {
        /// The kind of an [`Error`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[$doc])* $name),+ }

        impl ErrorKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the fixed code, for programs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// Returns the nearest code of the server's endpoints.
            pub fn wire(self) -> Code {
                match self { $(Self::$name => Code::$wire),+ }
            }
        }
    };
}

kinds! {
    /// `return_to` is not a path of this application.
    BadReturnTo = "bad_return_to" => BadReturnTo,
    /// `state` is missing or does not belong to this tab.
    BadState = "bad_state" => BadState,
    /// `state` was used before: the back button, or a link followed twice. The
    /// session, if there is one, stays.
    AlreadyFinished = "already_finished" => BadState,
    /// `iss` names another provider (RFC 9207).
    IssuerMismatch = "issuer_mismatch" => IssuerMismatch,
    /// The user or the provider declined.
    AccessDenied = "access_denied" => AccessDenied,
    /// A silent authorization request (`prompt=none`) needs the user.
    LoginRequired = "login_required" => AuthorizationFailed,
    /// The provider answered the authorization request with another error.
    AuthorizationFailed = "authorization_failed" => AuthorizationFailed,
    /// The provider refused the authorization code.
    CodeRefused = "code_refused" => CodeRefused,
    /// No user is signed in.
    NotSignedIn = "not_signed_in" => NotSignedIn,
    /// The provider no longer honours the grant.
    GrantDead = "grant_dead" => GrantDead,
    /// The refresh token must not be presented again: start a silent
    /// authorization request.
    Reauthorize = "reauthorize" => Reauthorize,
    /// The browser restarted the service worker, which lost its tokens: start a
    /// silent authorization request.
    WorkerRestarted = "worker_restarted" => Reauthorize,
    /// The service worker cannot be registered or does not reply.
    WorkerUnavailable = "worker_unavailable" => Internal,
    /// The provider issued no refresh token.
    NoRefreshToken = "no_refresh_token" => NoRefreshToken,
    /// The provider has no endpoint for the operation.
    NotOffered = "not_offered" => NotOffered,
    /// The address is not among the APIs that may receive the token.
    UnknownApi = "unknown_api" => UnknownApi,
    /// The provider refuses this client: the operator has to act.
    ClientMisconfigured = "client_misconfigured" => ClientMisconfigured,
    /// The provider's response makes no sense.
    ProviderMisbehaved = "provider_misbehaved" => ProviderMisbehaved,
    /// The ID token is not for this client or not about this sign-in.
    BadIdToken = "bad_id_token" => ProviderMisbehaved,
    /// The provider said that it is busy.
    ProviderUnavailable = "provider_unavailable" => ProviderUnavailable,
    /// The page could not read a response: the provider is unreachable, or
    /// sends no CORS headers.
    Unreachable = "unreachable" => ProviderUnavailable,
    /// No response came within this client's limit.
    TimedOut = "timed_out" => TimedOut,
    /// The API is unreachable, or sends no CORS headers.
    ApiUnavailable = "api_unavailable" => ApiUnavailable,
    /// The browser does not let this page store anything.
    StorageBlocked = "storage_blocked" => StoreUnavailable,
    /// The storage is full.
    StorageFull = "storage_full" => StoreUnavailable,
    /// The stored record comes from other code or is damaged: start over.
    StorageForeign = "storage_foreign" => GrantDead,
    /// The browser lacks something, such as WebCrypto outside secure contexts.
    BrowserLacks = "browser_lacks" => Internal,
}

/// A failure. It contains no secret and no text from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of failure.
    pub kind: ErrorKind,
    /// A message for the user.
    pub message: String,
    /// Seconds until another attempt makes sense, if the provider said so.
    pub retry_after: Option<u64>,
}

impl Error {
    /// Creates an error of this kind with this message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// Returns the fixed code, for programs.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self {
            code: error.kind.wire(),
            message: error.message,
            retry_after: error.retry_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        let codes: HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn an_error_becomes_the_problem_that_pages_show() {
        let error = Error::new(ErrorKind::WorkerRestarted, "Once more.");
        assert_eq!(error.to_string(), "worker_restarted: Once more.");
        assert_eq!(Problem::from(error).code, Code::Reauthorize);
    }
}
